package org.smsjmx.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smsjmx.config.EndpointConfig.Address;
import org.smsjmx.management.Permission;

/** The file of an application. */
final class EndpointConfigTest {

  @TempDir private Path directory;

  private EndpointConfig read(String content) throws IOException, ConfigException {
    return EndpointConfig.read(Files.writeString(directory.resolve("ports.yaml"), content));
  }

  @Test
  void withoutAFileOrAPortNothingIsOpened() throws Exception {
    for (EndpointConfig config : new EndpointConfig[] {EndpointConfig.read(null), read("")}) {
      assertThat(config.http()).isEqualTo(new Address("127.0.0.1", null));
      assertThat(config.jmx()).isEqualTo(new Address("127.0.0.1", null));
      assertThat(config.accounts()).isEqualTo(Map.of("sec_master", Permission.ADMINISTER));
      assertThat(config.openWithoutTls()).isFalse();
    }
  }

  @Test
  void portsAreThoseOfTheFileUnlessOthersAreGiven() throws Exception {
    EndpointConfig config = read("http: { port: 1 }\njmx: { port: 2, host: '::1' }\n");
    assertThat(config.http()).isEqualTo(new Address("127.0.0.1", 1));
    assertThat(config.jmx()).isEqualTo(new Address("::1", 2));
    assertThat(config.withPorts(null, 3).http()).isEqualTo(config.http());
    assertThat(config.withPorts(null, 3).jmx()).isEqualTo(new Address("::1", 3));
  }

  @Test
  void anEndpointThatIsNotOpenedIsOpenToNobody() throws Exception {
    EndpointConfig config = read("insecure: true\nhttp: { host: 0.0.0.0 }\n");
    assertThat(config.openWithoutTls()).isFalse();
    assertThat(config.withPorts(0, null).openWithoutTls()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "realms: { a: { replica-sets: { a: [a-b] } } }",
        "other-servers: [a-b]",
        "sessions: { lifetime: PT1H }",
        "registry: { ldif: users.ldif }",
        "user-names: exact",
        "refresh-rules: []",
        "simulation: { users: 1 }"
      })
  void whatTheApplicationHasItselfIsRefusedWithLineAndKey(String section) {
    assertThatThrownBy(() -> read("audit: { sync: true }\n" + section + "\n"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(
            "ports.yaml:2: "
                + section.replaceFirst(":.*", "")
                + ": is not for the ports of an application");
  }
}
