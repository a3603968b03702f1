package org.smsjmx.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.smsjmx.fixture.JavaImage;
import org.smsjmx.fixture.ServerProcess;
import org.smsjmx.fixture.Tools;
import org.smsjmx.fixture.Tools.Ran;

/** Scripts in a source tree where nothing is built; a shell script stands for Maven. */
@Tag("packages")
final class FirstBuildIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final String BUILDS =
      """
      printf '\\033[0m\\033[0m[INFO] Scanning for projects...\\n[INFO] \\n'
      echo '[INFO] -----------------< org.smsjmx:sms-jmx-core >-----------------'
      echo '[INFO] Building sms-jmx-core 0.3.0                          [2/3]'
      echo '[INFO] Downloading from central: https://example.com/a.jar'
      for file in 1 2 3 4 5 6 7 8; do
        echo "[INFO] Downloaded from central: https://example.com/$file.pom (900 B at 34 kB/s)"
        echo "Downloaded from central: https://example.com/$file.jar (1.5 MB at 2.0 MB/s)"
      done
      echo '[INFO] Downloaded from central: https://example.com/b.jar (312 kB at 34 kB/s)'
      echo 'WARNING: something that newer versions of Java say'
      echo '[INFO] --- maven-compiler-plugin:3.16.0:compile (default-compile) @ sms-jmx-core ---'
      echo '[INFO] Compiling 100 source files'
      mkdir -p target/lib
      cp "$INSTALLED"/* target/lib
      printf '\\033[0m'
      """;

  private final Path tree = ServerProcess.temporaryDirectory("source tree ");
  private final Path bin = ServerProcess.temporaryDirectory("bin");
  private final Path calls = tree.resolve("calls");

  @BeforeEach
  void makeTheTree() throws IOException {
    Files.createFile(tree.resolve("pom.xml"));
    Path scripts = Files.createDirectory(tree.resolve("scripts"));
    for (String script : List.of("java.sh", "pdadmin", "sms-server")) {
      Files.copy(
          ServerProcess.installation().resolve("scripts").resolve(script), scripts.resolve(script));
    }
  }

  private void maven(String does) throws IOException {
    Path mvn = bin.resolve("mvn");
    Files.writeString(mvn, "#!/bin/sh\necho \"$JAVA_HOME: $*\" >>calls\n" + does);
    Files.setPosixFilePermissions(mvn, PosixFilePermissions.fromString("rwx------"));
  }

  private Ran run(String script, Path javaHome, String path) {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("JAVA_HOME", javaHome.toString());
    environment.put("PATH", path);
    environment.put("INSTALLED", ServerProcess.installation().resolve("lib").toString());
    environment.put("XDG_CACHE_HOME", ServerProcess.temporaryDirectory("cache").toString());
    return Tools.run(
        environment,
        "",
        List.of("/bin/sh", tree.resolve("scripts").resolve(script).toString(), "--version"));
  }

  private Ran run(String script) {
    return run(script, JavaImage.jdk(), bin + ":" + System.getenv("PATH"));
  }

  @Test
  void itTellsWhatIsDownloadedAndHowFarItIs() throws IOException {
    maven(BUILDS);

    Ran first = run("sms-server");

    assertThat(first.exitCode()).isZero();
    assertThat(first.out()).startsWith("sms-jmx ").hasLineCount(1);
    assertThat(first.err().lines())
        .containsExactly(
            "sms-server: nothing is built yet; Maven builds it, and downloads more than 80 MB the"
                + " first time",
            "  Building sms-jmx-core 0.3.0                          [2/3]",
            "  downloaded: 8 files, 6 MB",
            "  downloaded: 16 files, 12 MB",
            "  --- maven-compiler-plugin:3.16.0:compile (default-compile) @ sms-jmx-core ---");
    assertThat(Files.readString(calls))
        .isEqualTo(JavaImage.jdk() + ": -B -DskipTests -pl src/server -am package\n");
    assertThat(run("pdadmin").err()).as("is built").isEmpty();
  }

  @Test
  void aBuildThatFailsShowsWhy() throws IOException {
    maven("echo '[INFO] BUILD FAILURE'\necho '[ERROR] no such repository'\nexit 1\n");

    Ran ran = run("pdadmin");

    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err())
        .contains("  BUILD FAILURE\n[ERROR] no such repository\npdadmin: the build failed\n");
  }

  @Test
  void aBuildThatBuiltNothingIsNoGoodOne() throws IOException {
    maven("true\n");

    assertThat(run("pdadmin").err()).endsWith("/target/lib/sms-jmx.jar is missing\n");
  }

  @Test
  void withoutMavenThatIsSaid() {
    Ran ran = run("sms-server", JavaImage.jdk(), "/nowhere");

    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err())
        .isEqualTo(
            "sms-server: nothing is built yet, and the build needs Maven: no mvn on the PATH\n");
  }

  @Test
  void withoutACompilerThatIsSaid() throws IOException {
    maven(BUILDS);
    Path runtime = ServerProcess.temporaryDirectory("runtime");
    Files.createDirectory(runtime.resolve("bin"));
    Files.createSymbolicLink(runtime.resolve("bin/java"), Path.of("/bin/true"));
    Files.writeString(runtime.resolve("release"), "JAVA_VERSION=\"17.0.15\"\n");

    Ran ran = run("pdadmin", runtime, bin + ":" + System.getenv("PATH"));

    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err())
        .isEqualTo(
            "pdadmin: nothing is built yet, and the build needs a JDK: there is no bin/javac in "
                + runtime
                + "\n");
    assertThat(calls).doesNotExist();
  }

  @Test
  void ofTwoStartsAtOnceOneBuilds() throws IOException {
    Tools.assumeInstalled("flock");
    maven("while [ ! -f go ]; do sleep 0.1; done\n" + BUILDS);
    CompletableFuture<Ran> server = CompletableFuture.supplyAsync(() -> run("sms-server"));
    await().atMost(PATIENCE).until(() -> Files.exists(calls));
    CompletableFuture<Ran> pdadmin = CompletableFuture.supplyAsync(() -> run("pdadmin"));
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                ProcessHandle.current()
                    .descendants()
                    .anyMatch(process -> process.info().command().orElse("").endsWith("/flock")));
    Files.createFile(tree.resolve("go"));

    assertThat(server.join().exitCode()).isZero();
    assertThat(pdadmin.join().exitCode()).isZero();
    assertThat(Files.readAllLines(calls)).hasSize(1);
  }
}
