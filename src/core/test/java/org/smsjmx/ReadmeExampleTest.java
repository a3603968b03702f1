package org.smsjmx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import javax.management.MBeanServer;
import javax.management.MBeanServerDelegate;
import javax.management.MBeanServerNotification;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.smsjmx.management.Management;

/** The programs of README and pages, with what an application gets that depends on sms-jmx-core. */
final class ReadmeExampleTest {

  private static final Pattern JAVA = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL);
  private static final Pattern CLASS = Pattern.compile("public final class (\\w+)");

  @TempDir private Path directory;

  @Test
  void theExampleCompilesWithoutWarningsAndRegistersItsServer() throws Exception {
    assertThat(ranOf(Path.of("README.md")))
        .contains("registered sms:type=Server,name=shop-webseald-host1", "alive: true");
  }

  @Test
  void theExampleOfAnOwnServerShowsALoginAndItsEnd() throws Exception {
    assertThat(ranOf(Path.of("src/docs/own-server.md")))
        .satisfiesOnlyOnce(
            line -> assertThat(line).startsWith("registered sms:type=Server,name=mail-"))
        .containsSubsequence(
            "alive: true", "ended: TERMINATED_BY_ADMIN", "terminated: 1", "alive: false");
  }

  /** Returns what the one program of a page prints. */
  private List<String> ranOf(Path page) throws Exception {
    List<String> programs =
        JAVA.matcher(Files.readString(page))
            .results()
            .map(found -> found.group(1))
            .filter(code -> CLASS.matcher(code).find())
            .toList();
    assertThat(programs).hasSize(1);
    String program = programs.get(0);
    String name = CLASS.matcher(program).results().findFirst().orElseThrow().group(1);
    Path source = Files.writeString(directory.resolve(name + ".java"), program);
    assertThat(compile(source)).isEmpty();
    return run(name);
  }

  /** Returns what the compiler says. */
  private String compile(Path source) throws IOException, URISyntaxException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter said = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      List<String> options =
          List.of(
              "-Xlint:all",
              "-Werror",
              "--release",
              "17",
              "-d",
              directory.toString(),
              "-cp",
              core());
      compiler.getTask(said, files, null, options, null, files.getJavaFileObjects(source)).call();
    }
    return said.toString();
  }

  /** Runs the class in a process of its own; returns the lines that it prints. */
  private List<String> run(String name) throws Exception {
    Path tests = placeOf(ReadmeExampleTest.class);
    String classPath =
        String.join(File.pathSeparator, directory.toString(), core(), tests.toString());
    Path out = directory.resolve("out");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classPath,
                Watched.class.getName(),
                name)
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    assertThat(process.waitFor()).as("exit code of: %s", Files.readString(out)).isZero();
    return Files.readAllLines(out);
  }

  private static String core() throws URISyntaxException {
    return placeOf(Management.class) + File.pathSeparator + placeOf(Logger.class);
  }

  private static Path placeOf(Class<?> type) throws URISyntaxException {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  /** Runs the main method of a class, and tells which MBeans it registers. */
  static final class Watched {

    private Watched() {}

    public static void main(String[] args) throws Exception {
      MBeanServer server = ManagementFactory.getPlatformMBeanServer();
      server.addNotificationListener(
          MBeanServerDelegate.DELEGATE_NAME,
          (notification, handback) -> {
            MBeanServerNotification change = (MBeanServerNotification) notification;
            if (server.isRegistered(change.getMBeanName())) {
              System.out.println("registered " + change.getMBeanName());
            }
          },
          null,
          null);
      Class.forName(args[0]).getMethod("main", String[].class).invoke(null, (Object) new String[0]);
    }
  }
}
