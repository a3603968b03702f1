package org.smsjmx.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.smsjmx.registry.DirectoryMapping;
import org.smsjmx.registry.LdapRegistry;
import org.smsjmx.session.Credential;
import org.smsjmx.session.RefreshRules;
import org.smsjmx.session.SessionFacts;
import org.smsjmx.session.SessionTable;
import org.smsjmx.session.SessionTimeouts;
import org.smsjmx.session.UserInRealm;
import org.smsjmx.session.UserNames;
import org.smsjmx.session.UserPattern;
import org.smsjmx.session.memory.InMemorySessionTable;

/** The keys registry and refresh-rules of sms.yaml. */
final class RegistryConfigTest {

  private static final Path SHIPPED = Path.of("jmx-config", "sms.yaml");
  private static final String REALMS =
      "realms: { ibm.com: { replica-sets: { www.ibm.com: [default-webseald-cruz] } } }\n";

  @TempDir private Path directory;

  private Path file() {
    return directory.resolve("sms.yaml");
  }

  private SmsConfig read(String more) throws IOException, ConfigException {
    return SmsConfig.read(Files.writeString(file(), REALMS + more));
  }

  private LdapRegistry.Settings ldap(String settings) throws IOException, ConfigException {
    SmsConfig.Registry registry = read("registry: { ldap: { %s } }".formatted(settings)).registry();
    assertThat(registry.ldif()).isNull();
    return registry.ldap();
  }

  // what may stand there

  @Test
  void withoutAWordTheRegistryIsTheFileBesideTheConfiguration() throws Exception {
    for (String nothing : List.of("", "registry:\n", "registry: {}\n", "registry: { ldap: }\n")) {
      assertThat(read(nothing).registry())
          .isEqualTo(
              new SmsConfig.Registry(
                  directory.resolve("users.ldif"), null, DirectoryMapping.DEFAULT));
    }
  }

  @Test
  void theShippedFileSaysTheDefaults() throws Exception {
    SmsConfig shipped = SmsConfig.read(SHIPPED);

    assertThat(shipped.registry().ldif())
        .isEqualTo(SHIPPED.toAbsolutePath().resolveSibling("users.ldif"));
    assertThat(shipped.registry().mapping()).isEqualTo(DirectoryMapping.DEFAULT);
    assertThat(preserved(shipped.rules())).isEqualTo(preserved(RefreshRules.DEFAULT));
  }

  @Test
  void theDirectoryThatTheShippedFileShowsHasTheDefaults() throws Exception {
    String shown =
        Files.readString(SHIPPED)
            .lines()
            .filter(line -> line.matches("  # ( .*|ldap:)"))
            .map(line -> line.replaceFirst("# ", ""))
            .collect(Collectors.joining("\n"));

    assertThat(read("registry:\n" + shown).registry().ldap())
        .isEqualTo(ldap("url: 'ldaps://ldap.example.com:636', base-dn: 'dc=ibm,dc=com'"));
  }

  @Test
  void aDirectoryNeedsUrlAndBaseDnOnly() throws Exception {
    assertThat(ldap("url: 'ldap://localhost', base-dn: 'dc=ibm,dc=com'"))
        .isEqualTo(
            new LdapRegistry.Settings(
                "ldap://localhost",
                "dc=ibm,dc=com",
                "(&(objectClass=inetOrgPerson)(uid={user}))",
                "(&(objectClass=groupOfNames)(member={dn}))",
                null,
                null,
                null,
                false,
                null,
                8,
                Duration.ofSeconds(5),
                false));
  }

  @Test
  void everythingOfADirectoryCanBeSaid() throws Exception {
    assertThat(
            ldap(
                """
                url: 'ldap://[::1]:10389', base-dn: 'o=ibm', user-filter: '(mail={user})',
                group-filter: '(uniqueMember={dn})', member-of: memberOf, bind-dn: 'cn=reader',
                password-file: secrets/password, start-tls: true, trust-store: /etc/ca.pem,
                connections: 1000, timeout: PT0.001S, referrals: ignore
                """))
        .isEqualTo(
            new LdapRegistry.Settings(
                "ldap://[::1]:10389",
                "o=ibm",
                "(mail={user})",
                "(uniqueMember={dn})",
                "memberOf",
                "cn=reader",
                directory.resolve("secrets/password"),
                true,
                Path.of("/etc/ca.pem"),
                1_000,
                Duration.ofMillis(1),
                true));
  }

  @Test
  void attributesCanBeMappedOrNone() throws Exception {
    assertThat(read("registry: { attributes: { tagvalue_mail: mail } }").registry().mapping())
        .isEqualTo(new DirectoryMapping(Map.of("tagvalue_mail", "mail")));
    assertThat(read("registry: { attributes: {} }").registry().mapping())
        .isEqualTo(new DirectoryMapping(Map.of()));
  }

  @Test
  void userNamesAreComparedAsDirectoriesDoOrExactly() throws Exception {
    assertThat(read("").registry().mapping().userNames()).isEqualTo(UserNames.DIRECTORY);
    assertThat(read("user-names: directory").registry().mapping().userNames())
        .isEqualTo(UserNames.DIRECTORY);
    assertThat(read("user-names: exact").registry().mapping().userNames())
        .isEqualTo(UserNames.EXACT);
  }

  @Test
  void whoIsAUserCanBeSaid() throws Exception {
    assertThat(
            read("""
                registry: { name-attribute: sAMAccountName, nested-groups: true,
                  refuse-disabled: true, attributes: { cn: displayName } }
                """)
                .registry()
                .mapping())
        .isEqualTo(new DirectoryMapping(Map.of("cn", "displayName"), "sAMAccountName", true, true));
    assertThat(read("registry: { nested-groups: true }").registry().mapping())
        .isEqualTo(new DirectoryMapping(DirectoryMapping.DEFAULT.attributes(), null, true, false));
    assertThat(ldap("url: 'ldap://h', base-dn: 'dc=x', referrals: refuse").ignoreReferrals())
        .isFalse();
  }

  @Test
  void theRecipesOfTheDocumentationAreRead() throws Exception {
    Matcher recipes =
        Pattern.compile("```yaml\n(registry:\n.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(Path.of("src", "docs", "registry.md")));
    int count = 0;
    while (recipes.find()) {
      assertThat(read(recipes.group(1)).registry().ldap()).isNotNull();
      count++;
    }
    assertThat(count).isEqualTo(2);
  }

  @Test
  void theDocumentationNamesEachKeyAndItsDefault() throws Exception {
    String documented = Files.readString(Path.of("src", "docs", "registry.md"));
    List<String> keys =
        Files.readString(SHIPPED)
            .lines()
            .filter(line -> line.matches("  #   .*:.*"))
            .map(line -> line.replaceFirst("  #   ", "").replaceFirst("  +#.*", ""))
            .toList();
    for (String key : keys) {
      String name = key.substring(0, key.indexOf(':'));
      String value = key.substring(key.indexOf(':') + 1).strip();
      assertThat(documented).contains("`ldap." + name + "`");
      if (!value.isEmpty() && !name.matches("url|base-dn")) {
        assertThat(documented).contains("`ldap.%s` | `%s`".formatted(name, value));
      }
    }
    assertThat(keys).hasSizeGreaterThan(10);
  }

  /** Returns which of some attributes a refresh preserves. */
  private static List<String> preserved(RefreshRules rules) {
    Map<String, List<String>> old =
        Stream.of("authentication_level", "tagvalue_mail", "tagvalue_phone", "cn")
            .collect(Collectors.toMap(name -> name, name -> List.of("old")));
    UserInRealm user = new UserInRealm("dlucas", "ibm.com");
    SessionTable table =
        new InMemorySessionTable(SessionTimeouts.DEFAULT, rules, InstantSource.system());
    Credential signedIn = new Credential("dlucas", List.of(), old);
    long epoch = table.beginSignIn();
    table.signIn(user, "default-webseald-cruz", signedIn, SessionFacts.NONE, epoch, epoch);
    table.refreshAll(
        user,
        Map.of(user.user(), new Credential("dlucas", List.of(), Map.of())),
        table.beginRefresh(user));
    return table
        .list(new UserPattern("dlucas"), "ibm.com", 1)
        .sessions()
        .get(0)
        .credential()
        .attributes()
        .keySet()
        .stream()
        .sorted()
        .toList();
  }

  @Test
  void rulesAreAskedInTheOrderOfTheFile() throws Exception {
    assertThat(preserved(read("").rules()))
        .containsExactly("authentication_level", "tagvalue_mail", "tagvalue_phone");
    assertThat(preserved(read("refresh-rules:\n").rules()))
        .containsExactly("authentication_level", "tagvalue_mail", "tagvalue_phone");
    assertThat(preserved(read("refresh-rules: []\n").rules())).isEmpty();
    assertThat(
            preserved(
                read("""
                        refresh-rules:
                          - { attribute: TagValue_Mail, on-refresh: refresh }
                          - { attribute: "tagvalue_*", on-refresh: preserve }
                          - { on-refresh: preserve, attribute: c* }
                          - { attribute: "*", on-refresh: refresh }
                          - { attribute: authentication_level, on-refresh: preserve }
                        """)
                    .rules()))
        .containsExactly("cn", "tagvalue_phone");
  }

  // what may not

  static Stream<Arguments> mistakes() {
    return Stream.of(
        ldap("registry.ldap.url", "must be a text", "base-dn: 'dc=x'"),
        ldap("registry.ldap.base-dn", "must be a text", "url: 'ldap://h'"),
        ldap("registry.ldap.url", "must be a text", "url: [a], base-dn: 'dc=x'"),
        ldap("registry.ldap.url", "must be a text", "url: ' ', base-dn: 'dc=x'"),
        ldap("registry.ldap.urll", "is unknown here; known are url, ", "urll: a"),
        ldap("registry.ldap.password", "is unknown here", "password: secret"),
        ldap("registry.ldap.url", "stands twice", "url: a, url: b"),
        ldap("registry.ldap", "http://h", "url: 'http://h', base-dn: 'dc=x'"),
        ldap("registry.ldap", "ldap://h/dc=x", "url: 'ldap://h/dc=x', base-dn: 'dc=x'"),
        ldap("registry.ldap", "base-dn must be", "url: 'ldap://h', base-dn: nonsense"),
        more("registry.ldap", "user-filter must hold {user}", "user-filter: '(uid=dlucas)'"),
        more("registry.ldap", "user-filter: ", "user-filter: '(uid={user}'"),
        more("registry.ldap", "group-filter must hold {dn}", "group-filter: '(member={user})'"),
        more("registry.ldap", "group-filter: ", "group-filter: '(member={dn}))'"),
        more("registry.ldap", "bind-dn and password-file", "bind-dn: 'cn=x'"),
        more("registry.ldap", "bind-dn and password-file", "password-file: x"),
        more("registry.ldap.password-file", "", "bind-dn: 'cn=x', password-file: \"a\\0b\""),
        more("registry.ldap", "trust-store needs", "trust-store: ca.pem"),
        more("registry.ldap.start-tls", "must be one of", "start-tls: yes"),
        more("registry.ldap.start-tls", "must be one of", "start-tls: 1"),
        more("registry.ldap.member-of", "must be a text", "member-of: [memberOf]"),
        more("registry.ldap.connections", "must be a whole number 1..1000: '0'", "connections: 0"),
        more("registry.ldap.connections", "1..1000: '1001'", "connections: 1001"),
        more("registry.ldap.connections", "1..1000: '-1'", "connections: -1"),
        more("registry.ldap.connections", "1..1000: '1.5'", "connections: 1.5"),
        more("registry.ldap.connections", "1..1000: 'many'", "connections: many"),
        more("registry.ldap.connections", "1..1000", "connections: 99999999999999999999"),
        more("registry.ldap.connections", "1..1000", "connections: [8]"),
        more("registry.ldap.referrals", "must be one of ignore, refuse", "referrals: follow"),
        more("registry.ldap.referrals", "must be one of ignore, refuse", "referrals: true"),
        more("registry.ldap.timeout", "must be PT0.001S..PT1H", "timeout: PT0S"),
        more("registry.ldap.timeout", "must be PT0.001S..PT1H", "timeout: PT0.0001S"),
        more("registry.ldap.timeout", "must be PT0.001S..PT1H", "timeout: PT-1S"),
        more("registry.ldap.timeout", "must be PT0.001S..PT1H", "timeout: PT1H0.001S"),
        more("registry.ldap.timeout", "PT1H", "timeout: PT9223372036854775807S"),
        more("registry.ldap.timeout", "PT1H", "timeout: PT-9223372036854775807S"),
        more("registry.ldap.timeout", "must be a duration", "timeout: 5"),
        more("registry.ldap.timeout", "must be a duration", "timeout: 5s"),
        ldap(
            "registry.ldap",
            "start-tls needs an ldap url",
            "url: 'ldaps://h', base-dn: 'dc=x', start-tls: true"),
        arguments("registry.nested-groups", "must be one of", "registry: { nested-groups: deep }"),
        arguments("registry.refuse-disabled", "must be one of", "registry: { refuse-disabled: 1 }"),
        arguments("registry.name-attribute", "a text", "registry: { name-attribute: [uid] }"),
        arguments("registry.name-attribute", "(=*", "registry: { name-attribute: '(=*' }"),
        arguments("registry.name-attribute", "a text", "registry: { name-attribute: ' ' }"),
        arguments("registry.attributes", "letter case", "registry: { attributes: { a: x, A: y } }"),
        arguments("registry.ldap", "must hold keys with values", "registry: { ldap: 'ldap://h' }"),
        arguments("registry.ldap", "must hold keys with values", "registry: { ldap: [] }"),
        arguments("registry", "must hold keys with values", "registry: users.ldif"),
        arguments("registry.lldap", "is unknown here", "registry: { lldap: {} }"),
        arguments(
            "registry.ldap",
            "must not stand beside ldif",
            "registry: { ldif: users.ldif, ldap: { url: 'ldap://h', base-dn: 'dc=x' } }"),
        arguments("registry.ldif", "must be a text", "registry: { ldif: {} }"),
        arguments("registry.attributes", "must hold keys", "registry: { attributes: [cn] }"),
        arguments("registry.attributes.cn", "must be a text", "registry: { attributes: { cn: } }"),
        arguments(
            "registry.attributes.cn", "must be a text", "registry: { attributes: { cn: [a] } }"),
        arguments(
            "registry.attributes", "must not be blank", "registry: { attributes: { ' ': cn } }"),
        arguments(
            "registry.attributes",
            "must differ in more than letter case: mail",
            "registry: { attributes: { mail: mail, MAIL: cn } }"),
        arguments("refresh-rules", "must be a list", "refresh-rules: { a: preserve }"),
        arguments("refresh-rules", "must be a list", "refresh-rules: preserve"),
        arguments("refresh-rules", "must hold keys with values", "refresh-rules: [mail]"),
        rule("refresh-rules.attribute", "must be a text", "on-refresh: preserve"),
        rule("refresh-rules.attribute", "must be a text", "attribute: '', on-refresh: preserve"),
        rule("refresh-rules.attribute", "must be a text", "attribute: [a], on-refresh: preserve"),
        rule("refresh-rules.on-refresh", "must be one of", "attribute: a"),
        rule("refresh-rules.on-refresh", ": 'keep'", "attribute: a, on-refresh: keep"),
        rule("refresh-rules.on-refresh", ": 'PRESERVE'", "attribute: a, on-refresh: PRESERVE"),
        rule("refresh-rules.on-refresh", "must be one of", "attribute: a, on-refresh: [preserve]"),
        rule("refresh-rules.value", "is unknown here", "attribute: a, value: b"),
        arguments("", "", "refresh-rules:\n  - { attribute: *, on-refresh: preserve }"),
        arguments("", "", "registry: { ldap: { url: ldap://h, base-dn: dc=x } "));
  }

  private static Arguments ldap(String key, String rule, String settings) {
    return arguments(key, rule, "registry: { ldap: { %s } }".formatted(settings));
  }

  private static Arguments more(String key, String rule, String settings) {
    return ldap(key, rule, "url: 'ldap://h', base-dn: 'dc=x', " + settings);
  }

  private static Arguments rule(String key, String rule, String settings) {
    return arguments(key, rule, "refresh-rules:\n- { %s }".formatted(settings));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void aMistakeIsNamedWithFileLineAndKey(String key, String rule, String yaml) {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> read(yaml))
        .satisfies(
            e ->
                assertThat(e.getMessage())
                    .matches("(?s)\\Q%s\\E:[23]: .*".formatted(file()))
                    .contains(key.isEmpty() ? "" : ": " + key + ": ")
                    .contains(rule)
                    .hasLineCount(1));
  }
}
