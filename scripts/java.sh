# Read by the other scripts here, with $home, the installation: finds Java and the classes, and
# builds first where nothing is built.

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
