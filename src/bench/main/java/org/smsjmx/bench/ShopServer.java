package org.smsjmx.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import javax.management.remote.JMXServiceURL;

/**
 * The example application in Tomcat 11: sms-jmx in Tomcat's library, JavaMelody in the application.
 */
final class ShopServer implements Shop {

  private static final Path EXAMPLE = Path.of("src", "examples", "webapp");
  private static final Path CONTAINERS = Path.of("target", "containers");
  private static final Path MELODY = Path.of("target", "javamelody");
  private static final Path JARS = Path.of("src", "servlet", "target", "jars");
  private static final Pattern PORT =
      Pattern.compile("Starting ProtocolHandler \\[\"http-nio-127.0.0.1-auto-\\d+-(\\d+)\"");

  private static final ShopUser.Form FORM =
      new ShopUser.Form("/j_security_check", "j_username", "j_password");

  /** Shows that Tomcat has read the roles. */
  private static final String PROBE = "probe";

  private static final long LOOK_MILLIS = 200;

  private final Path home;
  private final Map<String, String> roles = new TreeMap<>();
  private final ShopProcess process = new ShopProcess();
  private final URI page;

  /**
   * Starts it.
   *
   * @param users all there are
   * @param options of its JVM
   */
  ShopServer(List<String> users, List<String> options) throws IOException {
    home = ShopProcess.newest(CONTAINERS, "apache-tomcat-11.").toAbsolutePath();
    Path base = process.base();
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
    users.forEach(user -> roles.put(user, "user"));
    roles.put(PROBE, "user");
    writeRoles();
    page = URI.create("http://127.0.0.1:" + start(options) + "/shop");
  }

  private int start(List<String> options) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder("sh", home.resolve("bin/catalina.sh").toString(), "run");
    List<String> all = new ArrayList<>(options);
    all.add("-Dhttp.port=0");
    all.add("-Djavamelody.update-check-disabled=true");
    all.addAll(process.agent());
    builder
        .environment()
        .putAll(
            Map.of(
                "CATALINA_HOME", home.toString(),
                "CATALINA_BASE", process.base().toString(),
                "CATALINA_OPTS", String.join(" ", all)));
    return process.start(builder, "Server startup in ", PORT);
  }

  /** Tomcat reads them again within a second or two. */
  private void writeRoles() throws IOException {
    Files.writeString(
        process.base().resolve("conf/tomcat-users.xml"),
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

  @Override
  public ShopUser user(String name) {
    return new ShopUser(page, FORM, name);
  }

  /** The container creates the session with the first page that is asked for after the password. */
  @Override
  public Supplier<ShopUser> beginSignIn(String name) {
    ShopUser late = user(name).prove();
    return () -> late;
  }

  @Override
  public void appoint(String name) throws IOException, InterruptedException {
    roles.put(name, "user,admin");
    roles.put(PROBE, "user,admin");
    writeRoles();
    while (!user(PROBE).signIn().maySee("/admin")) {
      Thread.sleep(LOOK_MILLIS);
    }
  }

  @Override
  public JMXServiceURL jmx() throws IOException {
    return process.jmx();
  }

  @Override
  public List<String> versions() throws IOException {
    return List.of(
        String.valueOf(home.getFileName()).replace("apache-tomcat-", "Tomcat "),
        String.valueOf(ShopProcess.newest(MELODY, "javamelody-core-").getFileName())
            .replace("javamelody-core-", "JavaMelody ")
            .replace(".jar", ""));
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
    process.close();
  }
}
