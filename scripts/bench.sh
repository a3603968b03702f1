# Read by sms-bench and sms-load, with $main, the class to run, and the build's $profiles that it needs:
# builds, and runs it.

home=$(CDPATH='' cd "$(dirname "$0")/.." && pwd -P)
case ${1:-} in
  -h | --help)
    echo "$usage"
    exit 0
    ;;
esac
for option in "$@"; do
  case $option in
    --quick | --readme) ;;
    *)
      echo "${0##*/}: unknown option $option" >&2
      echo "$usage" >&2
      exit 2
      ;;
  esac
done
if [ ! -f "$home/pom.xml" ]; then
  echo "${0##*/}: needs the source tree" >&2
  exit 1
fi
cd "$home"
mvn -q -B "-P$profiles" -DskipTests package >&2
. "$home/scripts/java.sh"
exec "$java" -Dfile.encoding=UTF-8 -cp "src/bench/target/classes:$jar:target/bench-lib/*" "$main" "$@"
