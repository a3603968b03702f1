package org.smsjmx.spring.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.smsjmx.servlet.fixture.Browser;
import org.smsjmx.spring.fixture.Boot;
import org.smsjmx.spring.fixture.BootApplication;

/**
 * A project of somebody else, outside this one, as Spring Boot's own generator makes it, that has
 * the starter as its only addition: a Maven of its own builds it, and {@code java -jar} runs it.
 * What this build has fetched is asked before the repositories of the user's settings.
 */
final class BootProjectIT {

  private static final String VERSION = property("version");

  @TempDir private Path directory;

  @ParameterizedTest
  @EnumSource
  void usersOfTheApplicationAreSignedOut(Boot boot) throws IOException, InterruptedException {
    install(Path.of("pom.xml"), "sms-jmx", "pom");
    install(Path.of("src/core/pom.xml"), "sms-jmx-core", "pom");
    install(Path.of("src/servlet/pom.xml"), "sms-jmx-servlet", "pom");
    install(Path.of("src/spring/pom.xml"), "sms-jmx-spring-boot-starter", "pom");
    for (Path jar : boot.lib()) {
      String name = jar.getFileName().toString();
      if (name.matches("sms-jmx-(core|servlet|spring-boot-starter)-.*")) {
        install(jar, name.replace("-" + VERSION + ".jar", ""), "jar");
      }
    }
    writeProject(boot);
    build();

    Path archive = directory.resolve("target/orders-1.jar");
    assertThat(ours(archive))
        .containsExactlyInAnyOrder(
            "sms-jmx-core", "sms-jmx-servlet", "sms-jmx-spring-boot-starter");
    try (BootApplication orders = new BootApplication(boot, "orders", archive).start()) {
      Browser browser = orders.browser();
      assertThat(browser.signIn("dlucas").text("user")).isEqualTo("dlucas");

      assertThat(orders.server().realm()).isEqualTo("orders");
      assertThat(orders.server().terminateAllSessions("dlucas")).isEqualTo(1);

      assertThat(browser.status("/me")).isEqualTo(302);
      assertThat(browser.signIn("dlucas").text("user")).isEqualTo("dlucas");
      assertThat(orders.server().refreshAllSessions("dlucas")).isEqualTo(1);
      assertThat(browser.get("/me").text("user")).isEqualTo("dlucas");
    }
  }

  private static List<String> ours(Path archive) throws IOException {
    try (ZipFile jar = new ZipFile(archive.toFile())) {
      return jar.stream()
          .map(Object::toString)
          .filter(name -> name.startsWith("BOOT-INF/lib/sms-"))
          .map(name -> name.replaceFirst(".*/(.*)-[0-9.]+\\.jar$", "$1"))
          .toList();
    }
  }

  private void build() throws IOException, InterruptedException {
    Path said = directory.resolve("maven.log");
    Process maven =
        new ProcessBuilder(
                Path.of(property("maven"), "bin", "mvn").toString(),
                "-B",
                "-ntp",
                "-Dmaven.repo.local=" + directory.resolve("local"),
                "package")
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    boolean ended = maven.waitFor(300, TimeUnit.SECONDS);
    maven.destroyForcibly();
    assertThat(ended && maven.exitValue() == 0).as(Files.readString(said)).isTrue();
  }

  /** Puts a file where {@code mvn install} puts it. */
  private void install(Path file, String artifact, String type) throws IOException {
    Path place = directory.resolve(Path.of("local/org/smsjmx", artifact, VERSION));
    Files.createDirectories(place);
    Files.copy(file, place.resolve("%s-%s.%s".formatted(artifact, VERSION, type)));
  }

  private void writeProject(Boot boot) throws IOException {
    String fetched =
        "<id>fetched</id><url>%s</url>".formatted(Path.of(property("localRepository")).toUri());
    write(
        "pom.xml",
        """
        <project>
          <modelVersion>4.0.0</modelVersion>
          <parent>
            <groupId>org.springframework.boot</groupId>
            <artifactId>spring-boot-starter-parent</artifactId>
            <version>%s</version>
            <relativePath/>
          </parent>
          <groupId>org.example</groupId>
          <artifactId>orders</artifactId>
          <version>1</version>
          <properties>
            <java.version>17</java.version>
          </properties>
          <repositories>
            <repository>%s</repository>
          </repositories>
          <pluginRepositories>
            <pluginRepository>%s</pluginRepository>
          </pluginRepositories>
          <dependencies>
            <dependency>
              <groupId>org.springframework.boot</groupId>
              <artifactId>spring-boot-starter-web</artifactId>
            </dependency>
            <dependency>
              <groupId>org.springframework.boot</groupId>
              <artifactId>spring-boot-starter-security</artifactId>
            </dependency>
            <dependency>
              <groupId>org.smsjmx</groupId>
              <artifactId>sms-jmx-spring-boot-starter</artifactId>
              <version>%s</version>
            </dependency>
          </dependencies>
          <build>
            <plugins>
              <plugin>
                <groupId>org.springframework.boot</groupId>
                <artifactId>spring-boot-maven-plugin</artifactId>
              </plugin>
            </plugins>
          </build>
        </project>
        """
            .formatted(boot.version(), fetched, fetched, VERSION));
    write(
        "src/main/resources/application.properties",
        """
        spring.application.name=orders
        spring.security.user.name=dlucas
        spring.security.user.password=demo
        """);
    write(
        "src/main/java/org/example/orders/Orders.java",
        """
        package org.example.orders;

        import java.security.Principal;
        import org.springframework.boot.SpringApplication;
        import org.springframework.boot.autoconfigure.SpringBootApplication;
        import org.springframework.web.bind.annotation.GetMapping;
        import org.springframework.web.bind.annotation.RestController;

        @SpringBootApplication
        @RestController
        public class Orders {

          public static void main(String[] args) {
            SpringApplication.run(Orders.class, args);
          }

          @GetMapping("/me")
          String me(Principal user) {
            return "<p id=\\"user\\">" + user.getName() + "</p>";
          }
        }
        """);
  }

  private void write(String name, String content) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  /** Returns what the build says of itself. */
  private static String property(String name) {
    String value = System.getProperty("build." + name);
    assertThat(value).as("system property build.%s", name).isNotNull();
    return value;
  }
}
