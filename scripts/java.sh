# Read by the other scripts here, with $home, the installation: finds Java and the classes, builds
# first where nothing is built, and names the archive of classes, with which Java starts faster. The
# archive is for this user, program, installation and Java; where it cannot be written or used, it is
# silently left out.

program=${0##*/}

fail() {
  echo "$program: $1" >&2
  exit 1
}

if [ -n "${JAVA_HOME:-}" ] && [ -x "$JAVA_HOME/bin/java" ]; then
  java=$JAVA_HOME/bin/java
else
  java=$(command -v java) || fail "needs Java 17 or later: no java on the PATH, no JAVA_HOME"
fi

if [ -f "$home/pom.xml" ]; then
  jar=$home/target/sms-jmx.jar
  classes="$jar:$home/target/lib/*"
  if [ ! -f "$jar" ]; then
    command -v mvn >/dev/null || fail "nothing is built yet, and Maven (mvn) is not on the PATH"
    echo "$program: nothing is built yet; building, which takes a minute the first time" >&2
    (cd "$home" && mvn -q -B -DskipTests package) >&2 || fail "the build failed"
  fi
else
  jar=$home/lib/sms-jmx.jar
  classes="$home/lib/*"
fi

# Names of users in any script need UTF-8, also where the environment has no such locale.
export LC_ALL=C.UTF-8

cache=${XDG_CACHE_HOME:-${HOME:-/nonexistent}/.cache}/sms-jmx
archive=$(ls -lLn "$jar" "$java" | cksum)
archive=$cache/$program-${archive%% *}.jsa

# Makes the directory of the archive; fails where none can be written.
make_cache() {
  mkdir -p -m 700 "$cache" 2>/dev/null && [ -w "$cache" ] && [ -O "$cache" ]
}

forget_old_archives() {
  find "$cache" -name '*.jsa*' -mtime +30 -exec rm -f {} + 2>/dev/null || true
}
