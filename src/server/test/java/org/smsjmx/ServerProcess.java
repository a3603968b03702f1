package org.smsjmx;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/**
 * The server as a child process, started by its own script from the unpacked distribution archive.
 *
 * <p>The system property {@code distribution} names the archive. {@code server.java.home} may name
 * another JDK for the child; without it the child has that of the tests.
 */
final class ServerProcess implements AutoCloseable {

  static final String ADMINISTRATOR = "sec_master";
  static final String PASSWORD = "a secret: 1";

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Pattern LAST_LINE = Pattern.compile("\n  sessions +\\d+\n");
  private static final Path TEMPORARY = makeTemporary();

  private static Path installation;
  private static ServerProcess shared;

  private final Process process;
  private final Start start;
  private final Map<String, String> facts;

  private ServerProcess(Process process, Start start, Map<String, String> facts) {
    this.process = process;
    this.start = start;
    this.facts = facts;
  }

  /**
   * Returns the server that all test classes share, with the shipped configuration; nobody closes
   * it.
   */
  static synchronized ServerProcess shared() {
    if (shared == null) {
      shared = start().option("--sessions", "200").ready();
    }
    return shared;
  }

  /** Returns a server to be started, with the shipped files, free ports and a data directory. */
  static Start start() {
    return new Start();
  }

  /** Returns the unpacked distribution; its path holds a blank. */
  static synchronized Path installation() {
    if (installation == null) {
      Path directory = temporaryDirectory("installed here ");
      String archive = System.getProperty("distribution", "target/sms-jmx-0.2.0.tar.gz");
      run("tar", "-xzf", Path.of(archive).toAbsolutePath().toString(), "-C", directory.toString());
      try (Stream<Path> top = Files.list(directory)) {
        installation = top.findFirst().orElseThrow();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return installation;
  }

  /** Returns a copy of the shipped jmx-config, to be changed. */
  static Path copyOfConfiguration() {
    Path copy = temporaryDirectory("config");
    try (Stream<Path> files = Files.list(installation().resolve("jmx-config"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return copy;
  }

  /** Returns a new directory, which is deleted with all that is in it when the tests end. */
  static Path temporaryDirectory(String prefix) {
    try {
      return Files.createTempDirectory(TEMPORARY, prefix);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path makeTemporary() {
    try {
      Path directory = Files.createTempDirectory("sms-jmx-it");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> cleanUp(directory)));
      return directory;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void cleanUp(Path directory) {
    ProcessHandle.current()
        .children()
        .forEach(
            child -> {
              child.destroyForcibly();
              child.onExit().orTimeout(10, TimeUnit.SECONDS).join();
            });
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void run(String... command) {
    try {
      int code = new ProcessBuilder(command).inheritIO().start().waitFor();
      if (code != 0) {
        throw new IllegalStateException(String.join(" ", command) + ": exit code " + code);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns the root of the HTTP door. */
  URI http() {
    return URI.create(facts.get("HTTP").replaceFirst("/jolokia$", ""));
  }

  /** Returns the address of the JMX door. */
  JMXServiceURL jmx() {
    try {
      return new JMXServiceURL(facts.get("JMX"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns host and port of the JMX door, with a colon between. */
  String jmxAddress() {
    return jmx().getURLPath().replaceFirst(".*rmi://(.*)/.*", "$1");
  }

  /** Returns what the lines after the ready line say, by their first word. */
  Map<String, String> facts() {
    return facts;
  }

  Path data() {
    return start.data;
  }

  /** Returns the process id; the script has become the Java process. */
  long pid() {
    return process.pid();
  }

  String out() {
    return start.out();
  }

  String err() {
    return start.err();
  }

  /** Returns HTTP calls by the administrator. */
  JolokiaClient jolokia() {
    return jolokia(ADMINISTRATOR, PASSWORD);
  }

  JolokiaClient jolokia(String user, String password) {
    return new JolokiaClient(http(), user, password);
  }

  /** Returns a JMX connection of the administrator, to be closed. */
  Rmi rmi() {
    return rmi(ADMINISTRATOR, PASSWORD);
  }

  Rmi rmi(String user, String password) {
    return new Rmi(connect(new String[] {user, password}));
  }

  /**
   * Connects by JMX.
   *
   * @param credentials null for none
   */
  JMXConnector connect(Object credentials) {
    Map<String, Object> environment =
        credentials == null ? Map.of() : Map.of(JMXConnector.CREDENTIALS, credentials);
    try {
      return JMXConnectorFactory.connect(jmx(), environment);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends SIGTERM and waits; returns the exit code. */
  int terminate() {
    process.destroy();
    return start.exitCode(process);
  }

  @Override
  public void close() {
    terminate();
  }

  /** How a start that came to an end ended. */
  record Ended(int exitCode, String out, String err) {}

  /** A server to be started. */
  static final class Start {

    private final Map<String, String> environment = new LinkedHashMap<>();
    private final List<String> options = new ArrayList<>();
    private Path script = installation().resolve("scripts/sms-server");
    private Path directory = TEMPORARY;
    private Path data = temporaryDirectory("data").resolve("made by the server");
    private Path out;
    private Path err;

    private Start() {
      environment.put("SMS_ADMIN_PASSWORD", PASSWORD);
      environment.put(
          "JAVA_HOME", System.getProperty("server.java.home", System.getProperty("java.home")));
      // a caller's environment without UTF-8
      environment.put("LC_ALL", "C");
      environment.put("LANG", "C");
      environment.put("XDG_CACHE_HOME", TEMPORARY.resolve("cache").toString());
      option("--http-port", "0");
      option("--jmx-port", "0");
    }

    /** Sets an environment variable; null = takes it away. */
    Start environment(String name, String value) {
      environment.put(name, value);
      return this;
    }

    Start option(String name, String value) {
      options.removeAll(options.stream().filter(option -> option.startsWith(name + "=")).toList());
      options.add(name + "=" + value);
      return this;
    }

    Start config(Path directory) {
      return option("--config", directory.resolve("sms.yaml").toString());
    }

    Start data(Path directory) {
      this.data = directory;
      return this;
    }

    Start script(Path path) {
      this.script = path;
      return this;
    }

    Start directory(Path path) {
      this.directory = path;
      return this;
    }

    /** Starts it and waits until both doors are open. */
    ServerProcess ready() {
      Process process = launch();
      Map<String, String> facts = new LinkedHashMap<>();
      await()
          .alias("the ready lines")
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(20))
          .until(() -> !process.isAlive() || LAST_LINE.matcher(out()).find());
      if (!process.isAlive()) {
        throw new IllegalStateException(
            "ended with exit code %d%n%s%s".formatted(process.exitValue(), out(), err()));
      }
      out()
          .lines()
          .filter(line -> line.startsWith("  "))
          .forEach(
              line -> {
                String[] words = line.strip().split("\\s+", 2);
                facts.put(words[0], words[1]);
              });
      return new ServerProcess(process, this, facts);
    }

    /** Starts it and waits until it ends by itself. */
    Ended ended() {
      int code = exitCode(launch());
      return new Ended(code, out(), err());
    }

    private Process launch() {
      try {
        Path output = temporaryDirectory("output");
        out = output.resolve("out");
        err = output.resolve("err");
        List<String> command = new ArrayList<>(List.of(script.toString()));
        command.add("--data=" + data);
        command.addAll(options);
        ProcessBuilder builder = new ProcessBuilder(command);
        environment.forEach(
            (name, value) -> {
              if (value == null) {
                builder.environment().remove(name);
              } else {
                builder.environment().put(name, value);
              }
            });
        return builder
            .directory(directory.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private int exitCode(Process process) {
      try {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
          process.destroyForcibly();
          throw new IllegalStateException("does not end\n" + out() + err());
        }
        return process.exitValue();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    private String out() {
      return read(out);
    }

    private String err() {
      return read(err);
    }
  }

  /** Makes an account file that only its owner can read. */
  static Path accountFile(Path data, String... lines) {
    try {
      Files.createDirectories(data);
      Path file = data.resolve("jmxremote.password");
      Files.write(file, List.of(lines));
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
