package org.smsjmx.remote.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import javax.management.ObjectName;
import org.jolokia.server.core.config.ConfigKey;
import org.jolokia.server.core.config.StaticConfiguration;
import org.jolokia.server.core.restrictor.RestrictorFactory;
import org.jolokia.server.core.service.api.Restrictor;
import org.jolokia.server.core.service.impl.QuietLogHandler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.smsjmx.management.Audit;
import org.smsjmx.remote.LargeAnswers;

/** Policies that count, or are refused. */
final class PolicyFileTest {

  @TempDir private Path directory;

  private Path policy(String... lines) throws IOException {
    return Files.writeString(directory.resolve("jolokia-access.xml"), String.join("\n", lines));
  }

  @Test
  void theShippedPolicyAndAllElementsThatCountAreTaken() throws IOException {
    Path full =
        policy(
            "<restrict><remote><host>127.0.0.1</host><host>10.0.0.0/8</host></remote>",
            "<http><method>post</method></http><commands><command>read</command></commands>",
            "<allow><mbean><name>sms:*</name><attribute mode=\"read\">*</attribute>",
            "<operation>*</operation></mbean></allow><deny><mbean><name>x:*</name>",
            "<operation>y</operation></mbean></deny>",
            "<filter><mbean>secret:*</mbean></filter></restrict>");

    assertThatCode(() -> PolicyFile.require(full, Files.newInputStream(full)))
        .doesNotThrowAnyException();
    assertThatCode(
            () ->
                PolicyFile.require(
                    Path.of("jmx-config/jolokia-access.xml"),
                    Files.newInputStream(Path.of("jmx-config/jolokia-access.xml"))))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "<cors><allow-origin>*</allow-origin></cors>, <cors>",
        "<cors><strict-checking/></cors>, <cors>",
        "<remotes><host>10.0.0.1</host></remotes>, <remotes>",
        "<remote><hosts>10.0.0.1</hosts></remote>, <hosts>",
        "<Remote/>, <Remote>",
        "<host>10.0.0.1</host>, <host>",
        "<commands><commands/></commands>, <commands>",
        "<commands>read</commands>, <commands>",
        "<commands><command>reed</command></commands>, reed",
        "<http><method>put</method></http>, <method>",
        "<remote><host/></remote>, <host>",
        "<remote><host>10.0.0.0/99</host></remote>, 10.0.0.0/99",
        "<deny enabled='false'/>, enabled",
        "<deny><mbean><name>nonsense</name></mbean></deny>, nonsense",
        "<deny><mbean><operation>x</operation></mbean></deny>, <name>",
        "<deny><mbean><name>x:a=b</name></mbean></deny>, <mbean>",
        "<deny><mbean><name>x:a=b</name><attribute mode='raed'>y</attribute></mbean></deny>, mode",
        "<deny><mbean><name>x:a=b</name><operation>y()</operation></mbean></deny>, <operation>",
        "<allow><mbean><name>x:*</name></mbean><mbean><name>x:*</name></mbean></allow>, <mbean>"
      })
  void anElementThatDoesNotCountIsNamedWithItsLine(String element, String named)
      throws IOException {
    Path file = policy("<restrict>", "<!-- one -->", element, "</restrict>");

    assertThatThrownBy(() -> PolicyFile.require(file, Files.newInputStream(file)))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(file + ":3: ")
        .hasMessageContaining(named);
  }

  @Test
  void anotherRootIsRefused() throws IOException {
    Path file = policy("<policy/>");

    assertThatThrownBy(() -> PolicyFile.require(file, Files.newInputStream(file)))
        .hasMessageStartingWith(file + ":1: ")
        .hasMessageContaining("<policy>");
  }

  @Test
  void nothingIsFetchedThatADoctypeNames() throws Exception {
    try (ServerSocket tempting = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Path file =
          policy(
              "<!DOCTYPE restrict SYSTEM \"http://127.0.0.1:%d/x.dtd\">"
                  .formatted(tempting.getLocalPort()),
              "<restrict/>");
      assertThatThrownBy(
              () ->
                  Jolokia.start(file, new Audit(InstantSource.system(), false), new LargeAnswers())
                      .close())
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith(file + ":1: ")
          .hasMessageContaining("DOCTYPE")
          .message()
          .doesNotContain("\n");
      tempting.setSoTimeout(1);
      assertThatThrownBy(tempting::accept).isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void entitiesAreNotReadEither() throws IOException {
    Path file =
        policy(
            "<!DOCTYPE r [<!ENTITY x SYSTEM \"file:///etc/hostname\">]>",
            "<restrict><remote><host>&x;</host></remote></restrict>");

    assertThatThrownBy(() -> PolicyFile.require(file, Files.newInputStream(file)))
        .hasMessageStartingWith(file + ":1: ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "totalOfAll",
        "setVerbose",
        "setVerbose(boolean)",
        "gc()",
        "gc",
        "setVerbose (boolean)"
      })
  void whatIsDeniedIsDeniedHoweverItIsCalledAndWhateverElseMatches(String operation)
      throws Exception {
    String rule = "<mbean><name>%s</name><operation>%s</operation></mbean>";
    Path file =
        policy(
            "<restrict><allow>" + rule.formatted("java.lang:*", "*") + "</allow><deny>",
            rule.formatted("java.lang:*", "*Verbose*"),
            rule.formatted("java.lang:type=Memory", "total*"),
            rule.formatted("java.lang:type=Memory", "gc"),
            "</deny><commands><command>version</command></commands></restrict>");
    ObjectName memory = new ObjectName("java.lang:type=Memory");
    Restrictor policy =
        new RememberingPolicy(
            RestrictorFactory.createRestrictor(
                new StaticConfiguration(ConfigKey.POLICY_LOCATION, file.toUri().toString()),
                new QuietLogHandler()),
            PolicyFile.require(file, Files.newInputStream(file)));

    assertThat(policy.isOperationAllowed(memory, operation)).isFalse();
    assertThat(policy.isOperationAllowed(memory, "other")).isTrue();
    assertThat(policy.isOperationAllowed(memory, "other(int)")).isTrue();
  }

  @Test
  void onlyClientsThatThePolicyNamesComeIn() throws Exception {
    Path file =
        policy(
            "<restrict><remote><host>10.9.8.7</host><host>192.168.0.0/16</host></remote>",
            "<commands><command>version</command></commands></restrict>");
    try (Jolokia jolokia =
        Jolokia.start(file, new Audit(InstantSource.system(), false), new LargeAnswers())) {
      jolokia.requireAllowed(InetAddress.getByName("10.9.8.7"));
      jolokia.requireAllowed(InetAddress.getByName("192.168.3.4"));
      assertThatThrownBy(() -> jolokia.requireAllowed(InetAddress.getByName("10.9.8.8")))
          .isInstanceOf(Refusal.class)
          .hasMessageContaining("CTGSI0303E");
    }
  }
}
