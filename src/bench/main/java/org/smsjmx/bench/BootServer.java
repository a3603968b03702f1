package org.smsjmx.bench;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.management.remote.JMXServiceURL;
import org.smsjmx.bench.boot.HeldSignIn;
import org.smsjmx.bench.boot.PlainPasswords;

/**
 * The example application with Spring Boot, its users in a database in its own memory. A sign-in
 * can be {@linkplain HeldSignIn held}.
 */
final class BootServer implements Shop {

  /** The jars of Spring Session and of the actuator. */
  static final Path SESSION_JARS = Path.of("target", "boot-sessions");

  private static final Path JARS = Path.of("src", "examples", "boot", "target", "lib");
  private static final Path CLASSES = Path.of("src", "bench", "target", "classes");
  private static final List<Class<?>> PARTS = List.of(HeldSignIn.class, PlainPasswords.class);
  private static final Pattern PORT = Pattern.compile("Tomcat started on port (\\d+)");
  private static final ShopUser.Form FORM = new ShopUser.Form("/login", "username", "password");
  private static final String ADMINISTRATOR = "Mary Jones";
  private static final long LOOK_MILLIS = 50;

  private final ShopProcess process = new ShopProcess();
  private final List<Path> jars;
  private final URI page;
  private final ShopUser administrator;

  /**
   * Starts it, and signs an administrator in.
   *
   * @param users all others there are
   * @param options of its JVM
   * @param more directories with jars that the example does not have
   * @param sources classes that are to be part of it
   * @param properties of the application
   */
  BootServer(
      List<String> users,
      List<String> options,
      List<Path> more,
      List<Class<?>> sources,
      List<String> properties)
      throws IOException {
    jars = Stream.concat(Stream.of(JARS), more.stream()).toList();
    Path data = Files.writeString(process.base().resolve("users.sql"), sql(users));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(process.agent());
    command.add("-cp");
    command.add(
        Stream.concat(jars.stream().map(directory -> directory.resolve("*")), Stream.of(CLASSES))
            .map(Path::toAbsolutePath)
            .map(Path::toString)
            .collect(Collectors.joining(File.pathSeparator)));
    command.add("org.example.shop.Shop");
    command.addAll(
        List.of(
            "--server.address=127.0.0.1",
            "--server.port=0",
            "--spring.sql.init.data-locations=" + data.toUri(),
            "--spring.main.sources="
                + Stream.concat(PARTS.stream(), sources.stream())
                    .map(Class::getName)
                    .collect(Collectors.joining(","))));
    command.addAll(properties);
    page =
        URI.create(
            "http://127.0.0.1:"
                + process.start(new ProcessBuilder(command), "Started Shop in ", PORT));
    administrator = user(ADMINISTRATOR).signIn();
  }

  private static String sql(List<String> users) {
    return Stream.concat(Stream.of(ADMINISTRATOR), users.stream())
            .map(
                user ->
                    """
                    insert into users values ('%1$s', '%2$s', true);
                    insert into authorities values ('%1$s', 'ROLE_USER');
                    """
                        .formatted(user, PASSWORD))
            .collect(Collectors.joining())
        + "insert into authorities values ('%s', 'ROLE_ADMIN');\n".formatted(ADMINISTRATOR);
  }

  /** Returns an administrator, who is signed in. */
  ShopUser administrator() {
    return administrator;
  }

  @Override
  public ShopUser user(String name) {
    return new ShopUser(page, FORM, name);
  }

  /** Spring Security creates the session as the last thing that a sign-in does. */
  @Override
  public Supplier<ShopUser> beginSignIn(String name) throws InterruptedException {
    ShopUser late = user(name);
    administrator.get(HeldSignIn.HOLD);
    CompletableFuture<ShopUser> signIn = CompletableFuture.supplyAsync(late::prove);
    while (!administrator.get(HeldSignIn.HELD).body().equals("1")) {
      Thread.sleep(LOOK_MILLIS);
    }
    return () -> {
      administrator.get(HeldSignIn.GO_ON);
      return signIn.join();
    };
  }

  @Override
  public void appoint(String name) {
    administrator.post("/admin/roles", "user=%s&roles=USER&roles=ADMIN".formatted(name));
  }

  @Override
  public JMXServiceURL jmx() throws IOException {
    return process.jmx();
  }

  @Override
  public List<String> versions() throws IOException {
    List<String> versions = new ArrayList<>();
    for (Path directory : jars) {
      try (Stream<Path> files = Files.list(directory)) {
        files
            .map(file -> String.valueOf(file.getFileName()))
            .filter(name -> name.matches("(spring-boot|spring-(security|session)-core)-\\d.*"))
            .sorted()
            .map(name -> name.replaceAll("spring-(.*?)(-core)?-(\\d.*)\\.jar", "$1 $3"))
            .map(
                name ->
                    "Spring " + name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1))
            .forEach(versions::add);
      }
    }
    return versions;
  }

  @Override
  public void close() {
    process.close();
  }
}
