package org.smsjmx.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.management.remote.JMXServiceURL;

/** A server in a process of its own, which has said that it is ready. */
final class ServerProcess implements AutoCloseable {

  static final String ACCOUNT = "sec_master";
  static final String PASSWORD = "bench";

  private static final int PATIENCE_SECONDS = 10;
  private static final Pattern SECONDS = Pattern.compile("ready in ([0-9.]+) s");

  private final Process process;
  private final Map<String, String> facts;
  private final double readySeconds;

  private ServerProcess(Process process, Map<String, String> facts, double readySeconds) {
    this.process = process;
    this.facts = facts;
    this.readySeconds = readySeconds;
  }

  /**
   * Starts the shipped server by its own script, on free ports.
   *
   * @param installation the unpacked distribution
   * @param data its data directory
   * @param options further options
   */
  static ServerProcess shipped(Path installation, Path data, String... options) throws IOException {
    return shipped(installation, data, Map.of(), options);
  }

  /**
   * Starts the shipped server by its own script, on free ports.
   *
   * @param installation the unpacked distribution
   * @param data its data directory
   * @param environment further variables
   * @param options further options
   */
  static ServerProcess shipped(
      Path installation, Path data, Map<String, String> environment, String... options)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(installation.resolve("scripts/sms-server").toString());
    command.addAll(List.of("--http-port=0", "--jmx-port=0", "--data=" + data));
    command.addAll(List.of(options));
    return start(command, environment);
  }

  /**
   * Unpacks the distribution that was built.
   *
   * @param directory for it
   * @return the installation
   */
  static Path unpack(Path directory) throws IOException, InterruptedException {
    Path unpacked = Files.createDirectory(directory.resolve("installation"));
    Path archive;
    try (Stream<Path> files = Files.list(Path.of("target"))) {
      archive = files.filter(file -> file.toString().endsWith(".tar.gz")).findFirst().orElseThrow();
    }
    new ProcessBuilder("tar", "-xzf", "" + archive, "-C", "" + unpacked).start().waitFor();
    try (Stream<Path> top = Files.list(unpacked)) {
      return top.findFirst().orElseThrow();
    }
  }

  /**
   * Starts the server that is measured against.
   *
   * @param options of its JVM
   */
  static ServerProcess stock(List<String> options) throws IOException {
    List<String> command = java(options);
    command.addAll(List.of("-Dfile.encoding=UTF-8", "-cp", System.getProperty("java.class.path")));
    command.add(StockServer.class.getName());
    return start(command, Map.of());
  }

  /** Returns how long Java takes if it does nothing but tell its version. */
  static double secondsOfNothing(List<String> options) throws IOException, InterruptedException {
    List<String> command = java(options);
    command.add("-version");
    long begun = System.nanoTime();
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    process.waitFor();
    return (System.nanoTime() - begun) / 1e9;
  }

  private static List<String> java(List<String> options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    return command;
  }

  private static ServerProcess start(List<String> command, Map<String, String> environment)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    builder.environment().put("SMS_ADMIN_PASSWORD", PASSWORD);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    long begun = System.nanoTime();
    Process process = builder.start();
    BufferedReader lines = process.inputReader();
    Map<String, String> facts = new LinkedHashMap<>();
    double seconds = Double.NaN;
    while (!facts.containsKey("sessions")) {
      String line = lines.readLine();
      if (line == null) {
        throw new IOException("did not start: " + String.join(" ", command));
      }
      if (Double.isNaN(seconds)) {
        seconds = (System.nanoTime() - begun) / 1e9;
      }
      String[] words = line.strip().split("\\s+", 2);
      facts.put(words[0], words[words.length - 1]);
    }
    return new ServerProcess(process, facts, seconds);
  }

  /** Returns how long it took from the start of the process to its ready line. */
  double readySeconds() {
    return readySeconds;
  }

  /** Returns how long it took from the start of Java to the ready line, as that tells. */
  double readySecondsOfJava() {
    Matcher told = SECONDS.matcher(facts.getOrDefault("sms-jmx", ""));
    if (!told.find()) {
      throw new IllegalStateException("no ready line: " + facts);
    }
    return Double.parseDouble(told.group(1));
  }

  /** Returns the address of Jolokia. */
  URI http() {
    return URI.create(facts.get("HTTP"));
  }

  /** Returns the address of the JMX connector. */
  JMXServiceURL jmx() throws IOException {
    return new JMXServiceURL(facts.get("JMX"));
  }

  /** Returns the processor time that the process has taken so far. */
  long cpuNanos() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos();
  }

  boolean runs() {
    return process.isAlive();
  }

  /** Ends the process as kill -9 does. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
    }
  }

  /** Deletes a directory with all that is in it. */
  static void delete(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
