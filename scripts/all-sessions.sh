# Read by sms-terminate and sms-refresh, with $home, the installation: calls an operation for all
# sessions of a user. They set operation, operation_with_reason, operation_everywhere, ended and
# summary.

. "$home/scripts/http.sh"

usage() {
  cat <<END
Usage: $program [OPTIONS] USER REALM
       $program [OPTIONS] --all-realms USER

$summary

  --all-realms          in every realm, by one request
  --server SERVER       server to enter by; default: any of the realm
  --reason TEXT         for the audit, such as the number of a ticket
$http_options
  --help                this text

Exit code: 0 done, also if there was no session; 1 failed; 2 wrong command line.
END
}

wrong() {
  echo "$program: $1; --help tells the options" >&2
  exit 2
}

fail() {
  printf '%s: %s\n' "$program" "$1" >&2
  exit 1
}

# Says how many sessions it were. $1: number, $2: user, $3: realm.
say() {
  noun=sessions
  if [ "$1" = 1 ]; then
    noun=session
  fi
  printf '%s %s of %s %s in realm %s.\n' "$1" "$noun" "$2" "$ended" "$3"
}

# Calls an operation, or fails. $1: MBean, $2: operation, $3: its arguments, as JSON.
run() {
  call "[{\"type\":\"exec\",\"mbean\":\"sms:type=$1\",\"operation\":\"$2\",\"arguments\":[$3]}]" ||
    fail "$failure"
  if [ "$(get /0/status)" != 200 ]; then
    fail "$(get /0/error)"
  fi
}

# Calls the operation in a realm. $1: user, $2: realm.
run_in() {
  entry=$server
  if [ -z "$entry" ]; then
    find_entry "$2"
  fi
  is_plain "$entry" || fail "no server of that name: $entry"
  arguments=$(quoted "$1"),$(quoted "$2")
  called=$operation
  if [ -n "$reason" ]; then
    arguments=$arguments,$(quoted "$reason")
    called=$operation_with_reason
  fi
  run "Server,name=$entry" "$called" "$arguments"
  number=$(get /0/value)
  say "${number:-$(get /0/value/sessions)}" "$1" "$2"
}

# Calls it in all realms. $1: user.
run_everywhere() {
  run Service "$operation_everywhere" "$(quoted "$1"),$(quoted "$reason")"
  printf '%s\n' "$answer" |
    awk -F '\t' 'sub("^/0/value/", "", $1) { print $1, $2 }' | sort |
    while read -r realm number; do
      say "$number" "$1" "$realm"
    done
}

# Any server of the realm will do. Of an unknown realm there is none; then any other says so.
find_entry() {
  realm_servers=
  if is_plain "$1"; then
    realm_servers=",{\"type\":\"read\",\"mbean\":\"sms:type=Realm,name=$1\",\"attribute\":\"Servers\"}"
  fi
  call "[{\"type\":\"read\",\"mbean\":\"sms:type=Service\",\"attribute\":\"ExtendedServers\"}$realm_servers]" ||
    fail "$failure"
  entry=$(get /1/value/0)
  entry=${entry:-$(get /0/value/0)}
}

server=
reason=
all_realms=false
while [ $# -gt 0 ]; do
  case $1 in
    --help) usage; exit 0 ;;
    --all-realms) all_realms=true ;;
    --*=*)
      option=${1%%=*}
      value=${1#*=}
      shift
      set -- "$option" "$value" "$@"
      continue
      ;;
    --) shift; break ;;
    -*)
      [ $# -ge 2 ] || wrong "$1 needs a value, or is no option"
      case $1 in
        --server) server=$2 ;;
        --reason) reason=$2 ;;
        *) http_option "$1" "$2" || wrong "no such option: $1" ;;
      esac
      shift
      ;;
    *) break ;;
  esac
  shift
done

if has_control_characters "$*$server$reason"; then
  wrong 'names must not hold control characters'
fi

if ! $all_realms; then
  [ $# = 2 ] || wrong 'needs a user and a realm'
  run_in "$1" "$2"
  exit
fi
[ $# = 1 ] || wrong 'needs a user'
[ -z "$server" ] || wrong 'all realms are not entered by a server'
run_everywhere "$1"
