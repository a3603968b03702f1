# Read by the other scripts here, with $home, the installation: finds Java and the classes, builds
# first where nothing is built, and starts Java. There is an archive of classes, with which Java starts
# faster: it is for this user, program, installation and Java, told by what ls says of their files.
# Where it cannot be written or used, it is silently left out. Each process that a script starts here
# is one more for who waits.

program=${0##*/}

fail() {
  echo "$program: $1" >&2
  exit 1
}

if [ -n "${JAVA_HOME:-}" ]; then
  java=$JAVA_HOME/bin/java
  if [ ! -f "$java" ] || [ ! -x "$java" ]; then
    fail "JAVA_HOME is $JAVA_HOME, and there is no program bin/java in it"
  fi
else
  java=$(command -v java) || fail "needs Java 17 or later: no java on the PATH, no JAVA_HOME"
fi

# Reads what the runtime's own file says of it.
read_release() {
  version=
  modules=
  [ -r "$java_home/release" ] || return 0
  while IFS='="' read -r key _ value _ || [ -n "$key" ]; do
    case $key in
      JAVA_VERSION) version=$value ;;
      MODULES) modules=$value ;;
    esac
  done <"$java_home/release"
}

java_home=${java%/bin/java}
if [ -h "$java" ] && [ ! -r "$java_home/release" ]; then
  java_home=$(readlink -f "$java") || java_home=$java
  java_home=${java_home%/bin/java}
fi
read_release
if [ -z "$version" ]; then
  # Java knows, but to ask it takes longer than to start it
  told=$(unset JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS _JAVA_OPTIONS &&
    "$java" -XshowSettings:properties -version 2>&1) || fail "$java does not run: $told"
  told_version=
  while read -r key _ value; do
    case $key in
      java.home) java_home=$value ;;
      java.version) told_version=$value ;;
    esac
  done <<END
$told
END
  read_release
  version=$told_version
fi
# Java 8 calls itself 1.8
major=${version#1.}
major=${major%%[!0-9]*}
[ "${major:-0}" -ge 17 ] || fail "needs Java 17 or later: $java is Java $version"

# Shows of Maven's many lines how far it is, and all that is not as it should be. Succeeds if the last
# line does.
show_build() {
  files=0
  kilobytes=0
  shown=0
  while IFS= read -r line; do
    case $line in
      *'Downloaded from '*)
        files=$((files + 1))
        size=${line##*(}
        size=${size%% at *}
        number=${size%% *}
        case $size in
          [0-9]*.[0-9]' MB') kilobytes=$((kilobytes + ${number%.*} * 1000 + ${number#*.} * 100)) ;;
          [0-9]*' MB') kilobytes=$((kilobytes + ${number%.*} * 1000)) ;;
          [0-9]*' kB') kilobytes=$((kilobytes + ${number%.*})) ;;
        esac
        if [ $kilobytes -ge $((shown + 5000)) ]; then
          shown=$kilobytes
          echo "  downloaded: $files files, $((kilobytes / 1000)) MB"
        fi
        ;;
      *'Downloading from '* | '[INFO] ----'* | '[INFO] '[!-B]* | '[INFO]' | '[INFO] ') ;;
      *'[INFO] Scanning'* | '[info]'* | *WARNING* | '') ;;
      '[INFO] '*) echo "  ${line#\[INFO\] }" ;;
      # Maven may leave the colours of the terminal before it
      *"$program: built") return 0 ;;
      *) echo "$line" ;;
    esac
  done
  return 1
}

build() {
  command -v mvn >/dev/null ||
    fail "nothing is built yet, and the build needs Maven: no mvn on the PATH"
  [ -x "$java_home/bin/javac" ] ||
    fail "nothing is built yet, and the build needs a JDK: there is no bin/javac in $java_home"
  echo "$program: nothing is built yet; Maven builds it, and downloads more than 80 MB the first time" >&2
  {
    # of several starts one builds
    if command -v flock >/dev/null; then
      flock 9
    fi
    if [ ! -f "$jar" ]; then
      { (cd "$home" && JAVA_HOME=$java_home mvn -B -DskipTests -pl src/server -am package 2>&1 9>&-) &&
        echo "$program: built"; } |
        show_build >&2 || fail "the build failed"
    fi
  } 9<"$home/pom.xml"
}

lib=$home/lib
jar=$lib/sms-jmx.jar
if [ -f "$home/pom.xml" ]; then
  lib=$home/target/lib
  jar=$lib/sms-jmx.jar
  if [ ! -f "$jar" ]; then
    build
  fi
fi
[ -f "$jar" ] || fail "$jar is missing"

# Names of users in any script need UTF-8, also where the environment has no such locale.
export LC_ALL=C.UTF-8

# A home directory that is not there, or not this user's, has no cache.
own_home=true
case ${XDG_CACHE_HOME:-} in
  /*) cache_home=$XDG_CACHE_HOME ;;
  *)
    cache_home=${HOME:-}
    cache_home=${cache_home%/}/.cache
    if [ ! -O "${HOME:-}" ]; then
      own_home=false
    fi
    ;;
esac
cache=$cache_home/sms-jmx
cache_mode=drwx------
# the JDK's own archive, to which ours adds
shared=$java_home/lib/server/classes.jsa
archive=$cache/$program
while read -r inode mode _ _ _ size month day time path; do
  if [ "$path" = "$cache" ]; then
    cache_mode=$mode
  else
    # a colon would be the end of the name to Java
    archive=$archive-$inode-$size-$month$day-${time%:*}${time#*:}-${#path}
  fi
done <<END
$(ls -lLdni "$lib"/sms-jmx*.jar "$java" "$shared" "$cache" 2>/dev/null)
END
archive=$archive.jsa

# Java runs the code that is in the archive. So it, its directory and what that is in belong to this
# user, nobody else may write there, and no link of somebody else leads there.
has_archive() {
  [ -f "$archive" ] && [ -O "$archive" ] && [ ! -h "$archive" ] && has_own_cache
}

has_own_cache() {
  [ -O "$cache" ] && [ ! -h "$cache" ] && [ -O "$cache_home" ] && $own_home &&
    case $cache_mode in
      drwx------*) ;;
      *) false ;;
    esac
}

# Makes the directory of the archive; fails where none can be written.
make_cache() {
  $own_home && [ -d "${cache_home%/*}" ] && mkdir -p -m 700 "$cache" 2>/dev/null &&
    [ -w "$cache" ] && has_own_cache
}

# Removes archives that nobody used for long, and what a process that was killed had not finished.
tidy_cache() {
  find "$cache" -name '*.jsa*' -mtime +30 -exec rm -f {} + 2>/dev/null || true
  for half in "$cache"/*.jsa.*; do
    writer=${half##*.jsa.}
    kill -0 "${writer%%.*}" 2>/dev/null || rm -f "$half"
  done
}

# Becomes Java. A program that has come to its good end makes the archive, if there is none; Java
# refuses to record one beside an agent, and without an archive of its own. Options that this Java
# does not know are passed over, but for the user's own.
run_java() {
  if [ -n "${JAVA_TOOL_OPTIONS:-}${JDK_JAVA_OPTIONS:-}${_JAVA_OPTIONS:-}" ]; then
    exec "$java" "$@"
  fi
  if [ ! -f "$shared" ]; then
    :
  elif has_archive; then
    set -- "-XX:SharedArchiveFile=$archive" '-Xlog:cds*=off' "$@"
  elif make_cache; then
    tidy_cache
    set -- -XX:+RecordDynamicDumpInfo "-Dsms.archive=$archive" '-Xlog:cds*=off' "$@"
  fi
  exec "$java" -XX:+IgnoreUnrecognizedVMOptions "$@"
}
