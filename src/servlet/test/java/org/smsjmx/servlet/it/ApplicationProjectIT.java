package org.smsjmx.servlet.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.smsjmx.servlet.fixture.Application;
import org.smsjmx.servlet.fixture.Browser;
import org.smsjmx.servlet.fixture.Tomcat;

/**
 * A project of somebody else, outside this one, that has sms-jmx-servlet as its dependency: a Maven
 * of its own builds it, and Tomcat runs it. What this build has fetched is asked before the
 * repositories of the user's settings, so that it works without a network.
 */
@Tag("containers")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ApplicationProjectIT {

  private static final String VERSION = property("version");

  private static final Pattern PLUGIN =
      Pattern.compile(
          "<artifactId>(maven-\\w+-plugin)</artifactId>\\s*<version>([^<$]+)</version>");

  private static final Pattern RESOLVED =
      Pattern.compile("^ +(\\S+?:\\S+?):jar:\\S+:(\\w+)", Pattern.MULTILINE);

  private Path directory;

  @BeforeAll
  void build(@TempDir Path project) throws IOException, InterruptedException {
    directory = project;
    install(Path.of("pom.xml"), "sms-jmx", "pom");
    install(Path.of("src/core/pom.xml"), "sms-jmx-core", "pom");
    install(Path.of("src/servlet/pom.xml"), "sms-jmx-servlet", "pom");
    for (String artifact : List.of("sms-jmx-core", "sms-jmx-servlet")) {
      Path jars = Path.of(System.getProperty("jars"));
      install(jars.resolve(artifact + "-" + VERSION + ".jar"), artifact, "jar");
    }
    writeProject();

    Path said = directory.resolve("maven.log");
    Process maven =
        new ProcessBuilder(
                Path.of(property("maven"), "bin", "mvn").toString(),
                "-B",
                "-ntp",
                "-Dmaven.repo.local=" + directory.resolve("local"),
                "package",
                property("dependencyPlugin") + ":list",
                "-DoutputFile=" + directory.resolve("resolved"))
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    boolean ended = maven.waitFor(300, TimeUnit.SECONDS);
    maven.destroyForcibly();
    assertThat(ended && maven.exitValue() == 0).as(Files.readString(said)).isTrue();
  }

  @Test
  void archiveHoldsThreeJars() throws IOException {
    try (ZipFile war = new ZipFile(war().toFile())) {
      assertThat(war.stream().map(Object::toString).filter(name -> name.endsWith(".jar")))
          .map(name -> name.replaceFirst("-[0-9.]+\\.jar$", ""))
          .containsExactlyInAnyOrder(
              "WEB-INF/lib/sms-jmx-servlet", "WEB-INF/lib/sms-jmx-core", "WEB-INF/lib/slf4j-api");
    }
  }

  @Test
  void nothingElseIsResolved() throws IOException {
    assertThat(
            RESOLVED
                .matcher(Files.readString(directory.resolve("resolved")))
                .results()
                .map(resolved -> resolved.group(1) + " " + resolved.group(2)))
        .containsExactlyInAnyOrder(
            "org.smsjmx:sms-jmx-servlet compile",
            "org.smsjmx:sms-jmx-core compile",
            "org.slf4j:slf4j-api compile",
            "jakarta.servlet:jakarta.servlet-api provided");
  }

  @Test
  void usersOfTheApplicationAreSignedOut() {
    try (Tomcat tomcat = Tomcat.version11()) {
      tomcat.archive(war()).start();
      Browser browser = tomcat.browser(Application.named("orders"));
      assertThat(browser.signIn("dlucas").text("user")).isEqualTo("dlucas");

      assertThat(tomcat.administrator().server("orders").terminateAllSessions("dlucas"))
          .isEqualTo(1);

      assertThat(browser.get("/me").title()).isEqualTo("Sign in");
    }
  }

  private Path war() {
    return directory.resolve("target/orders.war");
  }

  /** Puts a file where {@code mvn install} puts it. */
  private void install(Path file, String artifact, String type) throws IOException {
    Path place = directory.resolve(Path.of("local/org/smsjmx", artifact, VERSION));
    Files.createDirectories(place);
    Files.copy(
        file,
        place.resolve("%s-%s.%s".formatted(artifact, VERSION, type)),
        StandardCopyOption.REPLACE_EXISTING);
  }

  private void writeProject() throws IOException {
    String fetched = "<id>fetched</id><url>%s</url>".formatted(localRepository());
    write(
        "pom.xml",
        """
        <project>
          <modelVersion>4.0.0</modelVersion>
          <groupId>org.example</groupId>
          <artifactId>orders</artifactId>
          <version>1</version>
          <packaging>war</packaging>
          <properties>
            <maven.compiler.release>17</maven.compiler.release>
            <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
          </properties>
          <repositories>
            <repository>%s</repository>
          </repositories>
          <pluginRepositories>
            <pluginRepository>%s</pluginRepository>
          </pluginRepositories>
          <dependencies>
            <dependency>
              <groupId>jakarta.servlet</groupId>
              <artifactId>jakarta.servlet-api</artifactId>
              <version>6.0.0</version>
              <scope>provided</scope>
            </dependency>
            <dependency>
              <groupId>org.smsjmx</groupId>
              <artifactId>sms-jmx-servlet</artifactId>
              <version>%s</version>
            </dependency>
          </dependencies>
          <build>
            <finalName>orders</finalName>
            <plugins>
        %s
            </plugins>
          </build>
        </project>
        """
            .formatted(fetched, fetched, VERSION, plugins()));
    write(
        "src/main/java/org/example/orders/UserPage.java",
        """
        package org.example.orders;

        import jakarta.servlet.annotation.WebServlet;
        import jakarta.servlet.http.HttpServlet;
        import jakarta.servlet.http.HttpServletRequest;
        import jakarta.servlet.http.HttpServletResponse;
        import java.io.IOException;

        @WebServlet("/me")
        public class UserPage extends HttpServlet {

          @Override
          protected void doGet(HttpServletRequest request, HttpServletResponse response)
              throws IOException {
            response.getWriter().println("<p id=\\"user\\">" + request.getRemoteUser() + "</p>");
          }
        }
        """);
    write(
        "src/main/webapp/login.html",
        """
        <h1 id="title">Sign in</h1>
        <form method="post" action="j_security_check">
          <input name="j_username"><input name="j_password" type="password"><button>Sign in</button>
        </form>
        """);
    write(
        "src/main/webapp/WEB-INF/web.xml",
        """
        <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">
          <security-constraint>
            <web-resource-collection>
              <web-resource-name>orders</web-resource-name>
              <url-pattern>/me</url-pattern>
            </web-resource-collection>
            <auth-constraint><role-name>user</role-name></auth-constraint>
          </security-constraint>
          <login-config>
            <auth-method>FORM</auth-method>
            <form-login-config>
              <form-login-page>/login.html</form-login-page>
              <form-error-page>/login.html</form-error-page>
            </form-login-config>
          </login-config>
          <security-role><role-name>user</role-name></security-role>
        </web-app>
        """);
  }

  /** In the versions that this build uses, since those are here. */
  private static String plugins() throws IOException {
    return Stream.of(
            Files.readString(Path.of("pom.xml")),
            Files.readString(Path.of("src/examples/webapp/pom.xml")))
        .flatMap(pom -> PLUGIN.matcher(pom).results())
        .map(ApplicationProjectIT::plugin)
        .collect(Collectors.joining("\n"));
  }

  private static String plugin(MatchResult named) {
    return "      <plugin><artifactId>%s</artifactId><version>%s</version></plugin>"
        .formatted(named.group(1), named.group(2));
  }

  private static String localRepository() {
    return Path.of(property("localRepository")).toUri().toString();
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
