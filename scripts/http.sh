# Read by sms-terminate, sms-refresh and check_sms: calls the server over HTTP with curl. Passwords,
# names and answers never stand on a command line, which every user of the machine can see.

# Bytes are passed on as they are; the server checks that names are UTF-8.
export LC_ALL=C

program=${0##*/}
url=${SMS_URL:-http://127.0.0.1:8778/jolokia}
account=sec_master
password_file=
cacert=
timeout=10

http_options='  --url URL             where the server answers; default: SMS_URL in the environment,
                        else http://127.0.0.1:8778/jolokia
  --account NAME        account to log in with; default sec_master
  --password-file FILE  first line = password; only its owner may be allowed to read the file.
                        Default: SMS_ADMIN_PASSWORD in the environment
  --cacert FILE         certificates to trust for an https URL, PEM
  --timeout SECONDS     give up after so long; default 10'

# Takes one of these options. $1: name, $2: value. Returns 1 for another option.
http_option() {
  case $1 in
    --url) url=$2 ;;
    --account) account=$2 ;;
    --password-file) password_file=$2 ;;
    --cacert) cacert=$2 ;;
    --timeout) timeout=$2 ;;
    *) return 1 ;;
  esac
}

is_plain() {
  case $1 in
    '' | *[!A-Za-z0-9._-]*) return 1 ;;
  esac
}

has_control_characters() {
  case $1 in
    *[[:cntrl:]]*) return 0 ;;
  esac
  return 1
}

# Writes a text in quotes, as JSON and curl's configuration both have them.
quoted() {
  printf '"'
  printf '%s' "$1" | sed 's/[\\"]/\\&/g'
  printf '"'
}

# Sets password, or failure.
find_password() {
  if [ -z "$password_file" ]; then
    password=${SMS_ADMIN_PASSWORD:-}
    if [ -z "$password" ]; then
      failure='no password: neither --password-file nor SMS_ADMIN_PASSWORD is given'
      return 1
    fi
  elif [ ! -f "$password_file" ] || [ ! -r "$password_file" ]; then
    failure="$password_file: is not a file that can be read"
    return 1
  elif [ -n "$(find -L "$password_file" -prune -perm -0040 -o -prune -perm -0004)" ]; then
    failure="$password_file: others can read it; chmod 600 it"
    return 1
  else
    IFS= read -r password <"$password_file" || [ -n "$password" ] || {
      failure="$password_file: is empty"
      return 1
    }
  fi
  if has_control_characters "$account$password"; then
    failure='account and password must not hold control characters'
    return 1
  fi
}

# Sends JSON requests ($1, an array) and sets answer: a line for each value in it, its path, a tab,
# the value. Returns 1, and sets failure, if there is no such answer; sets reached to false if the
# server could not be reached.
call() {
  reached=true
  find_password || return 1
  case $url in
    http://* | https://*) ;;
    *) failure="$url: must begin with http:// or https://"; return 1 ;;
  esac
  if has_control_characters "$url$cacert" || ! is_plain "$timeout"; then
    failure='URL, file or timeout is not valid'
    return 1
  fi
  if ! body=$(curl_config "$1" | curl -q -K - 2>&1); then
    reached=false
    # the first line says it
    failure="$url: ${body%%
*}"
    return 1
  fi
  status=${body##*
}
  if ! answer=$(printf '%s' "${body%?"$status"}" | flatten); then
    failure="$url: HTTP status $status, and no answer of sms-jmx"
    return 1
  fi
  case $status in
    200) ;;
    *) failure=$(get /error); return 1 ;;
  esac
}

curl_config() {
  printf 'url = '
  quoted "$url"
  printf '\nuser = '
  quoted "$account:$password"
  printf '\ndata-binary = '
  quoted "$(printf '%s' "$1" | tr '\n' ' ')"
  if [ -n "$cacert" ]; then
    printf '\ncacert = '
    quoted "$cacert"
  fi
  # the server is asked directly: a proxy would see the password
  printf '\nmax-time = %s\nnoproxy = "*"\n' "$timeout"
  printf 'header = "Content-Type: application/json"\nwrite-out = "\\n%%{http_code}"\n'
  printf 'silent\nshow-error\nglobooff\n'
}

# Returns the value at a path of the answer, nothing if there is none.
get() {
  printf '%s\n' "$answer" | awk -F '\t' -v path="$1" '$1 == path { print $2; exit }'
}

# Turns JSON into lines: path, tab, value.
flatten() {
  awk '
    function next_char() {
      while (index(" \t\r\n", substr(text, at, 1)) && at <= length(text)) at++
      return substr(text, at, 1)
    }
    function expect(c) {
      if (next_char() != c) { failed = 1; exit 1 }
      at++
    }
    function string(   c, s) {
      expect("\"")
      while ((c = substr(text, at++, 1)) != "\"") {
        if (c == "") { failed = 1; exit 1 }
        if (c == "\\") {
          c = substr(text, at++, 1)
          if (c == "u") { at += 4; c = "?" } else if (index("bfnrt", c)) c = " "
        }
        s = s c
      }
      return s
    }
    function value(path,   c, n, close_with) {
      c = next_char()
      if (c == "{" || c == "[") {
        close_with = c == "{" ? "}" : "]"
        at++
        if (next_char() == close_with) { at++; return }
        for (n = 0; ; n++) {
          if (c == "{") { key = string(); expect(":"); value(path "/" key) } else value(path "/" n)
          if (next_char() == close_with) { at++; return }
          expect(",")
        }
      } else if (c == "\"") {
        print path "\t" string()
      } else if (match(substr(text, at), /^[-+.0-9a-zA-Z]+/)) {
        print path "\t" substr(text, at, RLENGTH)
        at += RLENGTH
      } else { failed = 1; exit 1 }
    }
    { text = text $0 "\n" }
    END {
      if (!failed) { at = 1; value(""); if (next_char() != "") exit 1 }
      exit failed
    }'
}
