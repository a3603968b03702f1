package org.smsjmx.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.management.remote.JMXServiceURL;

/**
 * What the example application runs in: a process of its own with a directory of its own, and with
 * the JDK's JMX agent, on loopback.
 */
final class ShopProcess implements AutoCloseable {

  private static final int PATIENCE_SECONDS = 20;

  private final Path base;
  private final int jmxPort;
  private Process process;

  /** Not started. */
  ShopProcess() throws IOException {
    base = Files.createTempDirectory("sms-bench-shop");
    jmxPort = freePort();
  }

  /** Returns the directory, which goes with the process. */
  Path base() {
    return base;
  }

  /** Returns the options by which Java starts the agent. */
  List<String> agent() {
    return Stream.concat(
            Stream.of("-Djava.rmi.server.hostname=127.0.0.1"),
            Stream.of(
                    "port=" + jmxPort,
                    "rmi.port=" + jmxPort,
                    "host=127.0.0.1",
                    "authenticate=false",
                    "ssl=false")
                .map("-Dcom.sun.management.jmxremote."::concat))
        .toList();
  }

  /** Returns the address of the agent. */
  JMXServiceURL jmx() throws IOException {
    return new JMXServiceURL(
        "service:jmx:rmi:///jndi/rmi://127.0.0.1:%d/jmxrmi".formatted(jmxPort));
  }

  /**
   * Starts it.
   *
   * @param ready what the line has in it that says that it is ready
   * @param port how it tells the port of its pages
   * @return that port
   */
  int start(ProcessBuilder builder, String ready, Pattern port) throws IOException {
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    process = builder.directory(base.toFile()).redirectErrorStream(true).start();
    BufferedReader lines = process.inputReader();
    StringBuilder said = new StringBuilder();
    for (String line = lines.readLine();
        line == null || !line.contains(ready);
        line = lines.readLine()) {
      if (line == null) {
        throw new IOException("the application did not start\n" + said);
      }
      said.append(line).append('\n');
    }
    Matcher told = port.matcher(said);
    if (!told.find()) {
      throw new IOException("the application tells no port\n" + said);
    }
    Thread reader = new Thread(() -> readOn(lines), "what the application says");
    reader.setDaemon(true);
    reader.start();
    return Integer.parseInt(told.group(1));
  }

  /** Or else it would wait. */
  private static void readOn(BufferedReader lines) {
    try {
      while (lines.readLine() != null) {
        // another line
      }
    } catch (IOException e) {
      // it has ended
    }
  }

  /** Returns the newest of several files, or directories, whose names begin alike. */
  static Path newest(Path directory, String prefix) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> String.valueOf(file.getFileName()).startsWith(prefix))
          .max(Path::compareTo)
          .orElseThrow(() -> new IOException("no " + prefix + " in " + directory));
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    if (process != null) {
      process.destroy();
      try {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
          process.destroyForcibly().waitFor();
        }
      } catch (InterruptedException e) {
        process.destroyForcibly();
      }
    }
    try {
      ServerProcess.delete(base);
    } catch (UncheckedIOException e) {
      System.err.println("stays behind: " + base);
    }
  }
}
