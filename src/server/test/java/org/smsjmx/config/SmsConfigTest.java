package org.smsjmx.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.smsjmx.management.Permission;
import org.smsjmx.remote.Tls;
import org.smsjmx.remote.http.HttpNames;
import org.smsjmx.remote.http.Origin;
import org.smsjmx.session.SessionTimeouts;
import org.smsjmx.topology.Realm;
import org.smsjmx.topology.ServerName;

final class SmsConfigTest {

  private static final Path SHIPPED = Path.of("jmx-config/sms.yaml");
  private static final String SMALLEST = "realms: {r: {replica-sets: {s: [a-b]}}}\n";

  @TempDir private Path directory;

  @Test
  void theShippedFileIsRead() throws ConfigException {
    SmsConfig config = SmsConfig.read(SHIPPED);

    assertThat(config.topology().servers().stream().map(ServerName::value))
        .containsExactly(
            "default-webseald-cruz",
            "default-webseald-example.dallas.ibm.com",
            "webseal2-webseald-example.dallas.ibm.com");
    assertThat(config.topology().otherServers().stream().map(ServerName::value))
        .containsExactly("ivmgrd-master", "webseal3-webseald-example.dallas.ibm.com");
    assertThat(config.topology().realms().stream().map(Realm::name))
        .containsExactly("ibm.com", "partners.example.com");
    assertThat(config.registry().ldif())
        .isAbsolute()
        .isEqualTo(Path.of("jmx-config/users.ldif").toAbsolutePath());
  }

  @Test
  void theShippedFileSaysTheDefaults() throws Exception {
    SmsConfig shipped = SmsConfig.read(SHIPPED);
    SmsConfig smallest = read(SMALLEST);

    assertThat(smallest.timeouts()).isEqualTo(shipped.timeouts());
    assertThat(smallest.endpoints().accounts()).isEqualTo(shipped.endpoints().accounts());
    assertThat(smallest.endpoints().http()).isEqualTo(shipped.endpoints().http());
    assertThat(smallest.endpoints().jmx()).isEqualTo(shipped.endpoints().jmx());
    assertThat(smallest.simulation()).isEqualTo(shipped.simulation());
    for (SmsConfig config : List.of(smallest, shipped)) {
      assertThat(config.endpoints().audit())
          .isEqualTo(
              new EndpointConfig.Audit(
                  false, false, 104_857_600, Duration.ofDays(400), 21_474_836_480L, null));
      assertThat(config.endpoints().groupAccess()).isFalse();
      assertThat(config.endpoints().tls()).isNull();
      assertThat(config.endpoints().openWithoutTls()).isFalse();
      assertThat(config.endpoints().wholeJvm()).isFalse();
    }
    assertThat(smallest.registry().ldif().getFileName())
        .isEqualTo(shipped.registry().ldif().getFileName());
    assertThat(smallest.topology().otherServers()).isEmpty();
    assertThat(smallest.timeouts()).isEqualTo(SessionTimeouts.DEFAULT);
  }

  @Test
  void everyKeyIsRead() throws Exception {
    SmsConfig config =
        read(
            """
            realms: {r: {replica-sets: {s: [a-b]}}}
            other-servers: [c-d]
            sessions: {lifetime: PT0S, inactive-timeout: PT1.5S}
            registry: {ldif: ../people.ldif}
            accounts: {anna: view, 'bob b': terminate}
            audit: {required: true, sync: true, file-size: 64KB, retention: PT1H, total-size: 3GB}
            data: {group-access: true}
            tls: {certificate: a.pem, key: b.pem, client-certificates: c.pem}
            http: {host: 0.0.0.0, port: 0}
            jmx: {host: '::1', port: 65535, whole-jvm: true}
            simulation: {users: 9999999, sessions: 0, sign-ins-per-second: 0, seed: -1}
            """);

    assertThat(config.timeouts())
        .isEqualTo(new SessionTimeouts(Duration.ZERO, Duration.ofMillis(1500)));
    assertThat(config.registry().ldif().normalize())
        .isEqualTo(directory.toAbsolutePath().getParent().resolve("people.ldif"));
    assertThat(config.endpoints().accounts())
        .isEqualTo(Map.of("anna", Permission.VIEW, "bob b", Permission.TERMINATE));
    assertThat(config.endpoints().audit())
        .isEqualTo(
            new EndpointConfig.Audit(
                true, true, 65_536, Duration.ofHours(1), 3_221_225_472L, null));
    assertThat(config.endpoints().groupAccess()).isTrue();
    Path here = directory.toAbsolutePath();
    assertThat(config.endpoints().tls())
        .isEqualTo(
            new Tls.Settings(
                null, null, here.resolve("a.pem"), here.resolve("b.pem"), here.resolve("c.pem")));
    assertThat(config.endpoints().openWithoutTls()).isFalse();
    assertThat(config.endpoints().wholeJvm()).isTrue();
    assertThat(config.endpoints().http()).isEqualTo(new EndpointConfig.Address("0.0.0.0", 0));
    assertThat(config.endpoints().jmx()).isEqualTo(new EndpointConfig.Address("::1", 65535));
    assertThat(config.simulation()).isEqualTo(new SmsConfig.Traffic(9999999, 0, 0, -1));
  }

  @Test
  void aHostThatOthersReachNeedsTlsOrTheWordInsecure() throws Exception {
    for (String door : List.of("http", "jmx")) {
      for (String host : List.of("0.0.0.0", "'::'", "192.0.2.1")) {
        String open = SMALLEST + door + ": {host: " + host + "}\n";

        assertThatThrownBy(() -> read(open))
            .isInstanceOf(ConfigException.class)
            .hasMessageContaining(door + ".host: ")
            .hasMessageContaining("insecure: true");
        assertThat(read(open + "insecure: true\n").endpoints().openWithoutTls()).isTrue();
        assertThat(read(open + "tls: {certificate: a, key: b}\n").endpoints().openWithoutTls())
            .isFalse();
      }
      for (String host : List.of("127.0.0.1", "127.1.2.3", "localhost", "'::1'")) {
        assertThat(read(SMALLEST + door + ": {host: " + host + "}\n").endpoints().openWithoutTls())
            .isFalse();
      }
    }
  }

  @Test
  void aHostThatNobodyKnowsIsNamedWithFileLineAndKey() {
    for (String endpoint : List.of("http", "jmx")) {
      assertThatThrownBy(
              () -> read(SMALLEST + endpoint + ":\n  host: nowhere.invalid\ninsecure: true\n"))
          .isInstanceOf(ConfigException.class)
          .hasMessageMatching(".*:\\d+: " + endpoint + "\\.host: .*nowhere\\.invalid");
    }
  }

  @Test
  void furtherNamesAndOriginsOfHttpAreRead() throws Exception {
    HttpNames names =
        read(SMALLEST
                + "http: {hosts: [SMS.example.com, sms_server, '[2001:db8::1]'],"
                + " origins: ['https://Dash.example.com', 'http://127.0.0.1:8080']}\n")
            .endpoints()
            .httpNames();

    assertThat(names.hosts())
        .containsExactlyInAnyOrder("sms.example.com", "sms_server", "[2001:db8::1]");
    assertThat(names.origins())
        .containsExactlyInAnyOrder(
            new Origin("https", "dash.example.com", 443), new Origin("http", "127.0.0.1", 8080));
    assertThat(read(SMALLEST).endpoints().httpNames()).isEqualTo(HttpNames.NONE);
  }

  @Test
  void namesAndOriginsOfHttpThatAreNoneAreNamedWithFileLineAndKey() {
    for (String hosts :
        List.of("sms.example.com:8778", "http://x", "'*'", "a b", "'2001:db8::1'")) {
      assertThatThrownBy(() -> read(SMALLEST + "http:\n  hosts:\n    - " + hosts + "\n"))
          .as(hosts)
          .isInstanceOf(ConfigException.class)
          .hasMessageMatching(".*:\\d+: http\\.hosts: must be the name of a host.*");
    }
    for (String origin :
        List.of("sms.example.com", "'*'", "'null'", "https://x/path", "ftp://x", "https://u@x")) {
      assertThatThrownBy(() -> read(SMALLEST + "http:\n  origins:\n    - " + origin + "\n"))
          .as(origin)
          .isInstanceOf(ConfigException.class)
          .hasMessageMatching(".*:\\d+: http\\.origins: must be an origin.*");
    }
  }

  @Test
  void tlsNeedsOneCertificateWithItsKey() {
    for (String tls :
        List.of(
            "{key-store: a}",
            "{password-file: a}",
            "{certificate: a}",
            "{key: a}",
            "{client-certificates: a}",
            "{key-store: a, key: b}",
            "{key-store: a, password-file: b, certificate: c, key: d}")) {
      assertThatThrownBy(() -> read(SMALLEST + "tls: " + tls + "\n"))
          .as(tls)
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("tls: needs key-store and password-file, or certificate and key");
    }
  }

  @Test
  void theCommandLineHasTheLastWord() throws Exception {
    SmsConfig config = read(SMALLEST).with(1, 2, 3, 4);

    assertThat(config.endpoints().http().port()).isEqualTo(1);
    assertThat(config.endpoints().jmx().port()).isEqualTo(2);
    assertThat(config.simulation().sessions()).isEqualTo(3);
    assertThat(config.simulation().users()).isEqualTo(4);
    assertThat(read(SMALLEST).with(null, null, null, null)).isEqualTo(read(SMALLEST));
    assertThatThrownBy(() -> read(SMALLEST).with(-1, null, null, null))
        .isInstanceOf(ConfigException.class)
        .hasMessage("--http-port must be 0..65535: -1");
  }

  /** What stands in the file, and what the message names: line, key, and part of the rule. */
  static Stream<Arguments> wrongFiles() {
    return Stream.of(
        arguments("", 1, "realms", "at least one realm"),
        arguments("# nothing\n", 1, "realms", "at least one realm"),
        arguments("null", 1, "realms", "at least one realm"),
        arguments("3", 1, "(file)", "keys"),
        arguments("[a, b]", 1, "(file)", "keys"),
        arguments("realms:\n", 1, "realms", "at least one realm"),
        arguments("realms: {}\n", 1, "realms", "at least one realm"),
        arguments("realms: [ibm.com]\n", 1, "realms", "keys"),
        arguments("realms: {r: }\n", 1, "realms.r", "at least one replica set"),
        arguments("realms: {r: {}}\n", 1, "realms.r", "at least one replica set"),
        arguments("realms: {r: {replica-sets: [s]}}\n", 1, "realms.r.replica-sets", "keys"),
        arguments(
            "realms:\n  r:\n    replica-sets:\n      s: []\n",
            4,
            "realms.r.replica-sets.s",
            "at least one server"),
        arguments(
            "realms:\n  r:\n    replica-sets:\n      s: a-b\n",
            4,
            "realms.r.replica-sets.s",
            "list"),
        arguments(
            "realms:\n  r:\n    replica-sets:\n      s:\n      - a-b\n      - c-d\n      - a-b\n",
            null,
            "realms.r.replica-sets.s",
            "twice"),
        arguments(
            "realms:\n  r:\n    replica-sets:\n      s: [a-b,\n       'a b']\n",
            5,
            "realms.r.replica-sets.s",
            "[A-Za-z0-9._-]+"),
        arguments("realms: {r: {replica-sets: {s: [3.5, {a: b}]}}}\n", 1, "replica-sets.s", "text"),
        arguments("realms: {r: {replica-sets: {s: [null]}}}\n", 1, "replica-sets.s", "text"),
        arguments("realms: {'r*': {replica-sets: {s: [a]}}}\n", 1, "r*", "[A-Za-z0-9._-]+"),
        arguments("realms: {r: {replica-sets: {'s,t': [a]}}}\n", 1, "s,t", "[A-Za-z0-9._-]+"),
        arguments("realms: {r: {replica-sets: {s: [a]}, x: 1}}\n", 1, "realms.r.x", "unknown"),
        arguments(
            "realms:\n  r: {replica-sets: {s: [a]}}\n  r: {replica-sets: {t: [a]}}\n",
            3,
            "realms.r",
            "twice"),
        arguments(SMALLEST + SMALLEST, 2, "realms", "twice"),
        arguments(
            "realms: {r: {replica-sets: {s: [a]}}, q: {replica-sets: {s: [a]}}}\n",
            1,
            "realms",
            "replica set s stands twice"),
        arguments(SMALLEST + "other-servers: [a-b]\n", null, "", "among the other servers"),
        arguments(SMALLEST + "other-servers: [c, c]\n", null, "", "twice"),
        arguments(SMALLEST + "other-servers: c\n", 2, "other-servers", "list"),
        arguments(SMALLEST + "nonsense: 1\n", 2, "nonsense", "unknown"),
        arguments(SMALLEST + "\n\nhttp:\n  prot: 80\n", 5, "http.prot", "unknown"),
        arguments(SMALLEST + "Http: {}\n", 2, "Http", "unknown"),
        arguments(SMALLEST + "1: 2\n", 2, "1", "unknown"),
        arguments(SMALLEST + "<<: {a: b}\n", 2, "<<", "unknown"),
        arguments(
            SMALLEST + "audit: {file-size: 1KB}\n", 2, "audit.file-size", "4096 bytes: '1KB'"),
        arguments(SMALLEST + "audit: {total-size: much}\n", 2, "audit.total-size", "20GB"),
        arguments(SMALLEST + "audit: {retention: 400}\n", 2, "audit.retention", "duration"),
        arguments(SMALLEST + "audit: {retention: -P1D}\n", 2, "audit.retention", "negative"),
        arguments(SMALLEST + "audit: {group: no such one}\n", 2, "audit.group", "no group"),
        arguments(SMALLEST + "data: {group-access: 1}\n", 2, "data.group-access", "false, true"),
        arguments(SMALLEST + "http: 80\n", 2, "http", "keys"),
        arguments(SMALLEST + "http: {port: -1}\n", 2, "http.port", "0..65535: '-1'"),
        arguments(SMALLEST + "http: {port: 65536}\n", 2, "http.port", "0..65535: '65536'"),
        arguments(SMALLEST + "http: {port: 99999999999999999999}\n", 2, "http.port", "0..65535"),
        arguments(SMALLEST + "http: {port: '80'}\n", 2, "http.port", "whole number"),
        arguments(SMALLEST + "http: {port: 8.5}\n", 2, "http.port", "whole number"),
        arguments(SMALLEST + "http: {port: 0x50}\n", 2, "http.port", "whole number"),
        arguments(SMALLEST + "http: {port: 1_000}\n", 2, "http.port", "whole number"),
        arguments(SMALLEST + "http: {port: true}\n", 2, "http.port", "whole number"),
        arguments(SMALLEST + "http: {port: [80]}\n", 2, "http.port", "whole number"),
        arguments(SMALLEST + "http: {port: !!int x}\n", 2, "http.port", "whole number"),
        arguments(SMALLEST + "http: {host: [a]}\n", 2, "http.host", "text"),
        arguments(SMALLEST + "http: {host: ''}\n", 2, "http.host", "text"),
        arguments(SMALLEST + "jmx: {port: x}\n", 2, "jmx.port", "whole number"),
        arguments(SMALLEST + "sessions: {lifetime: 3600}\n", 2, "sessions.lifetime", "PT1H30M"),
        arguments(SMALLEST + "sessions: {lifetime: 1 h}\n", 2, "sessions.lifetime", "'1 h'"),
        arguments(SMALLEST + "sessions: {lifetime: PT-5S}\n", 2, "sessions", "lifetime"),
        arguments(SMALLEST + "sessions: {lifetime: PT0.0001S}\n", 2, "sessions", "lifetime"),
        arguments(SMALLEST + "sessions: {lifetime: P99999D}\n", 2, "sessions", "P36500D"),
        arguments(
            SMALLEST + "sessions: {inactive-timeout: P999999999999999999D}\n",
            2,
            "sessions.inactive-timeout",
            "duration"),
        arguments(SMALLEST + "registry: users.ldif\n", 2, "registry", "keys"),
        arguments(SMALLEST + "registry: {ldif: [x]}\n", 2, "registry.ldif", "text"),
        arguments(SMALLEST + "registry: {ldif: \"a\\0b\"}\n", 2, "registry.ldif", "a"),
        arguments(SMALLEST + "accounts: {anna: admin}\n", 2, "accounts.anna", "'admin'"),
        arguments(SMALLEST + "accounts: {anna: VIEW}\n", 2, "accounts.anna", "administer"),
        arguments(SMALLEST + "accounts: {anna: }\n", 2, "accounts.anna", "one of"),
        arguments(SMALLEST + "accounts: [anna]\n", 2, "accounts", "keys"),
        arguments(SMALLEST + "simulation: {users: 0}\n", 2, "simulation.users", "1..9999999"),
        arguments(SMALLEST + "simulation: {sessions: -1}\n", 2, "simulation.sessions", "0.."),
        arguments(
            SMALLEST + "simulation: {seed: 2147483648}\n", 2, "simulation.seed", "2147483647"),
        arguments("realms: {r\n", 2, "", ""),
        arguments("realms:\n\tr: x\n", 2, "", "'\\t(TAB)'"),
        arguments("realms: \"\n", 2, "", ""),
        arguments("a: &x 1\nb: *y\n", 2, "", "alias"),
        arguments("--- 1\n--- 2\n", 2, "", ""),
        arguments(SMALLEST + "\"bad\\nkey\": 1\n", 2, "bad", "unknown"),
        arguments(SMALLEST + "http: {port: \"8\\n0\"}\n", 2, "http.port", "whole number"),
        arguments("realms: {r: {replica-sets: {s: [\"a\\nb\"]}}}\n", 1, "replica-sets.s", "name"));
  }

  @ParameterizedTest
  @MethodSource("wrongFiles")
  void aWrongFileIsRefusedInOneLineWithFileLineKeyAndRule(
      String content, Integer line, String key, String rule) {
    Throwable refused = catchThrowable(() -> read(content));

    assertThat(refused).isInstanceOf(ConfigException.class);
    assertThat(refused.getMessage())
        .startsWith(file() + ":" + (line == null ? "" : line + ":"))
        .contains(key, rule)
        .doesNotContain("\n", "\r")
        .hasSizeLessThan(file().toString().length() + 300);
  }

  /** Files of which no line can be told. */
  static Stream<byte[]> unreadableFiles() {
    return Stream.of(
            "realms: " + "[".repeat(100_000),
            "realms: " + "{a: ".repeat(100_000),
            "- ".repeat(100_000),
            "a: &a [*a]\n",
            SMALLEST + "http: &h {port: *h}\n",
            SMALLEST + "? [a]\n: b\n",
            SMALLEST + "? {a: b}\n: b\n",
            "a: &a {b: &b [*a, *b]}\nc: [*a, *a, *b]\n",
            "a: &a [x,x,x]\nb: &b [*a,*a,*a]\nc: &c [*b,*b,*b]\nd: [*c,*c,*c]\n",
            "realms: \u0000\n",
            "realms: \u0007\n",
            "%YAML 9.9\n---\nrealms: 1\n",
            "realms: !!java.lang.Runtime {}\n",
            "\ufeff\ufeffx: 1\n")
        .map(text -> text.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @MethodSource("unreadableFiles")
  void aHostileFileIsRefusedInOneLine(byte[] content) throws IOException {
    Files.write(file(), content);

    assertRefusedInOneLine();
  }

  @Test
  void aFileThatIsNotUtf8IsRefused() throws IOException {
    Files.write(file(), (SMALLEST + "# ä\n").getBytes(StandardCharsets.ISO_8859_1));

    assertRefusedInOneLine();
    assertThatThrownBy(() -> SmsConfig.read(file())).hasMessageContaining("UTF-8");
  }

  @Test
  void aFileThatIsMissingIsNamed() throws IOException {
    assertRefusedInOneLine();
    assertThatThrownBy(() -> SmsConfig.read(file())).hasMessageContaining("missing");

    Files.createDirectory(file());

    assertRefusedInOneLine();
    assertThatThrownBy(() -> SmsConfig.read(file())).hasMessageContaining("is a directory");
  }

  private void assertRefusedInOneLine() {
    Throwable refused = catchThrowable(() -> SmsConfig.read(file()));

    assertThat(refused).isInstanceOf(ConfigException.class);
    assertThat(refused.getMessage())
        .startsWith(file() + ":")
        .doesNotContain("\n", "\r")
        .hasSizeLessThan(file().toString().length() + 300);
  }

  private Path file() {
    return directory.resolve("sms.yaml");
  }

  private SmsConfig read(String content) throws ConfigException {
    try {
      Files.writeString(file(), content);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return SmsConfig.read(file());
  }
}
