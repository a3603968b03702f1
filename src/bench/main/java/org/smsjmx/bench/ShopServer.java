package org.smsjmx.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import javax.management.remote.JMXServiceURL;

/**
 * The example application in Tomcat 11, in a process of its own: sms-jmx in Tomcat's library,
 * JavaMelody in the application, and the JDK's JMX agent, all on loopback.
 */
final class ShopServer implements AutoCloseable {

  /** The password of everybody. */
  static final String PASSWORD = "demo";

  private static final Path EXAMPLE = Path.of("src", "examples", "webapp");
  private static final Path CONTAINERS = Path.of("target", "containers");
  private static final Path MELODY = Path.of("target", "javamelody");
  private static final Path JARS = Path.of("src", "servlet", "target", "jars");
  private static final int PATIENCE_SECONDS = 20;
  private static final Pattern PORT =
      Pattern.compile("Starting ProtocolHandler \\[\"http-nio-127.0.0.1-auto-\\d+-(\\d+)\"");

  private final Path base;
  private final Path home;
  private final int jmxPort;
  private final Process process;
  private URI page = URI.create("http://127.0.0.1");

  /**
   * Starts it.
   *
   * @param roles of each user
   * @param options of its JVM
   */
  ShopServer(Map<String, String> roles, List<String> options) throws IOException {
    home = newest(CONTAINERS, "apache-tomcat-11.").toAbsolutePath();
    base = Files.createTempDirectory("sms-bench-tomcat");
    copy(EXAMPLE.resolve("tomcat"), base);
    copy(home.resolve("conf/web.xml"), base.resolve("conf/web.xml"));
    copy(home.resolve("conf/logging.properties"), base.resolve("conf/logging.properties"));
    copy(JARS, base.resolve("lib"));
    Path application = base.resolve("apps/shop");
    unpack(EXAMPLE.resolve("target/shop.war"), application);
    copy(MELODY, application.resolve("WEB-INF/lib"));
    Path descriptor = base.resolve("conf/Catalina/localhost/shop.xml");
    Files.writeString(descriptor, Files.readString(descriptor).replace("shop.war", "shop"));
    for (String directory : List.of("logs", "temp", "webapps")) {
      Files.createDirectories(base.resolve(directory));
    }
    roles(roles);
    jmxPort = freePort();
    process = start(options);
    awaitReady();
  }

  private Process start(List<String> options) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder("sh", home.resolve("bin/catalina.sh").toString(), "run");
    List<String> all = new ArrayList<>(options);
    all.add("-Dhttp.port=0");
    all.add("-Djavamelody.update-check-disabled=true");
    all.add("-Djava.rmi.server.hostname=127.0.0.1");
    for (String setting :
        List.of(
            "port=" + jmxPort,
            "rmi.port=" + jmxPort,
            "host=127.0.0.1",
            "authenticate=false",
            "ssl=false")) {
      all.add("-Dcom.sun.management.jmxremote." + setting);
    }
    builder
        .environment()
        .putAll(
            Map.of(
                "CATALINA_HOME", home.toString(),
                "CATALINA_BASE", base.toString(),
                "CATALINA_OPTS", String.join(" ", all),
                "JAVA_HOME", System.getProperty("java.home")));
    return builder.directory(base.toFile()).redirectErrorStream(true).start();
  }

  private void awaitReady() throws IOException {
    BufferedReader lines = process.inputReader();
    StringBuilder said = new StringBuilder();
    for (String line = lines.readLine();
        line == null || !line.contains("Server startup in ");
        line = lines.readLine()) {
      if (line == null) {
        throw new IOException("Tomcat did not start\n" + said);
      }
      said.append(line).append('\n');
    }
    Matcher port = PORT.matcher(said);
    if (!port.find()) {
      throw new IOException("Tomcat tells no port\n" + said);
    }
    page = URI.create("http://127.0.0.1:" + port.group(1) + "/shop");
    Thread reader = new Thread(() -> readOn(lines), "what Tomcat says");
    reader.setDaemon(true);
    reader.start();
  }

  /** Or else Tomcat would wait. */
  private static void readOn(BufferedReader lines) {
    try {
      while (lines.readLine() != null) {
        // another line
      }
    } catch (IOException e) {
      // it has ended
    }
  }

  /** Sets all users and their roles; Tomcat reads them again within a second or two. */
  void roles(Map<String, String> roles) throws IOException {
    Files.writeString(
        base.resolve("conf/tomcat-users.xml"),
        roles.entrySet().stream()
            .map(
                user ->
                    "  <user username=\"%s\" password=\"%s\" roles=\"%s\"/>\n"
                        .formatted(user.getKey(), PASSWORD, user.getValue()))
            .collect(
                Collectors.joining(
                    "",
                    "<tomcat-users xmlns=\"http://tomcat.apache.org/xml\" version=\"1.0\">\n",
                    "</tomcat-users>\n")));
  }

  /** Returns the address of the application. */
  URI page() {
    return page;
  }

  /** Returns the address of the JDK's agent. */
  JMXServiceURL jmx() throws IOException {
    return new JMXServiceURL(
        "service:jmx:rmi:///jndi/rmi://127.0.0.1:%d/jmxrmi".formatted(jmxPort));
  }

  /** Returns which Tomcat and which JavaMelody it is. */
  List<String> versions() throws IOException {
    return List.of(
        String.valueOf(home.getFileName()).replace("apache-tomcat-", "Tomcat "),
        String.valueOf(newest(MELODY, "javamelody-core-").getFileName())
            .replace("javamelody-core-", "JavaMelody ")
            .replace(".jar", ""));
  }

  private static Path newest(Path directory, String prefix) throws IOException {
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

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = file.equals(from) ? to : to.resolve(from.relativize(file).toString());
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
      }
    }
  }

  private static void unpack(Path archive, Path to) throws IOException {
    try (InputStream in = Files.newInputStream(archive);
        ZipInputStream zip = new ZipInputStream(in)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        if (!entry.isDirectory()) {
          Path target = to.resolve(entry.getName());
          Files.createDirectories(target.getParent());
          Files.copy(zip, target);
        }
      }
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
      ServerProcess.delete(base);
    } catch (InterruptedException e) {
      process.destroyForcibly();
    } catch (UncheckedIOException e) {
      System.err.println("stays behind: " + base);
    }
  }
}
