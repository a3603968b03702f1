package org.smsjmx.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;
import org.smsjmx.management.EndpointProvider.Opened;
import org.smsjmx.management.Endpoints;

final class ApplicationEndpointsTest {

  private static final Logger LOGGER = (Logger) LoggerFactory.getLogger(SharedEndpoints.class);

  @TempDir private Path directory;
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private int port;

  @BeforeEach
  void listen() throws IOException {
    log.start();
    LOGGER.addAppender(log);
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
  }

  @AfterEach
  void stopListening() {
    LOGGER.detachAppender(log);
  }

  private Map<String, String> settings() {
    return Map.of("sms.http.port", "" + port, "sms.data", directory.resolve("data").toString());
  }

  private static Opened open(Map<String, String> settings) {
    return new ApplicationEndpoints().open(settings::get);
  }

  private boolean isOpen() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (ConnectException e) {
      return false;
    }
  }

  private List<String> logged(String level) {
    return log.list.stream()
        .filter(event -> event.getLevel().toString().equals(level))
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }

  @Test
  void applicationsThatShareTheClassesShareAuditAndPorts() throws Exception {
    Opened first = open(settings());
    Opened second = open(settings());
    assertThat(second.audit()).isSameAs(first.audit());

    first.close();
    first.close();
    assertThat(isOpen()).isTrue();
    second.close();
    assertThat(isOpen()).isFalse();
    assertThat(logged("WARN")).isEmpty();
  }

  @Test
  void settingsThatDifferFromThoseInUseAreSaid() {
    try (Opened first = open(settings());
        Opened silent = open(Map.of());
        Opened other = open(Map.of("sms.http.port", "1"))) {
      assertThat(other.audit()).isSameAs(first.audit()).isSameAs(silent.audit());
    }
    assertThat(logged("WARN"))
        .singleElement()
        .asString()
        .contains("{sms.http.port=1} is not used beside", "" + port);
  }

  @Test
  void withoutAPortNothingListensAndNoAccountIsMade() throws Exception {
    Path data = directory.resolve("data");
    try (Opened opened = open(Map.of("sms.data", data.toString()))) {
      assertThat(opened.audit()).isNotNull();
      assertThat(data.resolve("audit.log")).content().contains("\"operation\":\"start\"");
      assertThat(data.resolve("jmxremote.password")).doesNotExist();
    }
    assertThat(logged("ERROR")).isEmpty();
  }

  @Test
  void theProviderIsFoundByTheServiceLoader() throws Exception {
    try (Endpoints endpoints =
        Endpoints.open(settings()::get, ApplicationEndpoints.class.getClassLoader())) {
      assertThat(endpoints.audit()).isNotNull();
      assertThat(isOpen()).isTrue();
    }
    assertThat(isOpen()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          sms.http.port | 70000   | sms.http.port must be 0..65535: 70000
          sms.jmx.port  | nine    | sms.jmx.port must be 0..65535: nine
          sms.http.port | 0       | a port is set, but not sms.data
          sms.config    | nowhere | nowhere
          """)
  void whatIsWrongIsSaidAndTheApplicationGoesOn(String name, String value, String reason) {
    try (Opened opened = open(Map.of(name, value))) {
      assertThat(opened.audit()).isNotNull();
    }
    assertThat(logged("ERROR"))
        .singleElement()
        .asString()
        .startsWith("the application has no ports of its own: ")
        .contains(reason);
  }

  @Test
  void whereThePortIsTakenTheAuditGoesOnInItsFile() throws Exception {
    try (ServerSocket taken = new ServerSocket(port);
        Opened opened = open(settings())) {
      assertThat(taken.isBound()).isTrue();
      assertThat(opened.audit()).isNotNull();
    }
    assertThat(logged("ERROR")).singleElement().asString().contains("HTTP port " + port);
    assertThat(Files.readString(directory.resolve("data/audit.log"))).contains("start");
    assertThat(directory.resolve("data/jmxremote.password")).doesNotExist();
  }
}
