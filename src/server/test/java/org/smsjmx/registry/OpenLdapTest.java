package org.smsjmx.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smsjmx.session.Credential;
import org.smsjmx.session.RefreshReport;
import org.smsjmx.session.SessionTable;
import org.smsjmx.session.SessionTimeouts;
import org.smsjmx.session.Sessions;
import org.smsjmx.session.UserInRealm;
import org.smsjmx.session.UserRegistry;
import org.smsjmx.session.UserRegistry.NoCredentialException;
import org.smsjmx.session.UserRegistry.RegistryUnavailableException;
import org.smsjmx.session.UserRegistry.UnknownUserException;
import org.smsjmx.session.memory.InMemorySessionTable;

/** Against a real OpenLDAP. The timeout is there only to end a test that hangs. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
final class OpenLdapTest {

  private static TestCertificate certificate;
  private static OpenLdap directory;
  private static Path password;

  private final List<LdapRegistry> open = new ArrayList<>();

  @BeforeAll
  static void start(@TempDir Path files, @TempDir Path here) throws Exception {
    assumeTrue(
        Files.isExecutable(OpenLdap.PROGRAM) && Files.isDirectory(OpenLdap.SCHEMAS),
        "skipped: needs OpenLDAP's server (%s and %s): apt-get install slapd"
            .formatted(OpenLdap.PROGRAM, OpenLdap.SCHEMAS));
    password = Files.writeString(files.resolve("password"), OpenLdap.READER_PASSWORD);
    certificate = new TestCertificate(files, "dns:localhost");
    directory = new OpenLdap(here, certificate);
  }

  @AfterAll
  static void stop() throws Exception {
    if (directory != null) {
      directory.close();
    }
  }

  @AfterEach
  void closeAll() {
    open.forEach(LdapRegistry::close);
  }

  private static TestSettings settings() {
    return settings(directory.url());
  }

  private static TestSettings settings(String url) {
    return new TestSettings(url).bind(OpenLdap.READER, password);
  }

  private LdapRegistry registry() throws IOException {
    return registry(settings());
  }

  private LdapRegistry registry(TestSettings settings) throws IOException {
    LdapRegistry registry = settings.registry();
    open.add(registry);
    return registry;
  }

  private static void members(ModificationType change, String group, String user) throws Exception {
    try (LDAPConnection connection = directory.connection()) {
      connection.modify(
          "cn=%s,ou=groups,dc=ibm,dc=com".formatted(group),
          new Modification(change, "member", "uid=%s,ou=people,dc=ibm,dc=com".formatted(user)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"dlucas", "DLUCAS", "mary jones", "JÖRG", "jörg"})
  void findsAUserIgnoringCase(String name) throws Exception {
    assertThat(registry().read(name).principal()).isEqualToIgnoringCase(name);
  }

  @Test
  void findsTheGroupsThatHoldTheUsersDn() throws Exception {
    assertThat(registry().read("dlucas").groups())
        .containsExactlyInAnyOrder("employees", "Sales, EMEA");
    assertThat(registry().read("fiona").groups()).isEmpty();
  }

  @Test
  void takesTheGroupsFromMemberOf() throws Exception {
    LdapRegistry registry = registry(settings().memberOf("memberOf"));

    assertThat(registry.read("dlucas").groups())
        .containsExactlyInAnyOrder("employees", "Sales, EMEA");
    assertThat(registry.read("fiona").groups()).isEmpty();
  }

  @Test
  void mapsAttributesOfAnySchemaAndKeepsAllTheirValues() throws Exception {
    DirectoryMapping mapping =
        new DirectoryMapping(Map.of("tagvalue_clearance", "smsClearance", "mail", "mail"));
    LdapRegistry registry = settings().registry(mapping);
    open.add(registry);

    assertThat(registry.read("dlucas").attributes())
        .isEqualTo(
            Map.of(
                "tagvalue_clearance",
                List.of("archive", "vault"),
                "mail",
                List.of("dana@example.com", "dlucas@ibm.com")));
    assertThat(registry.read("fiona").attributes()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a*)(uid=*", "back\\slash, \"plus\"+ (round)"})
  void aNameWithSpecialCharactersFindsThatUserAndNoOther(String name) throws Exception {
    for (LdapRegistry registry : List.of(registry(), registry(settings().memberOf("memberOf")))) {
      assertThat(registry.read(name).principal()).isEqualTo(name);
      assertThat(registry.read(name).groups()).containsExactly("Sales, EMEA");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nobody",
        "*",
        "f*",
        "*)(uid=*",
        "fiona)(objectClass=*",
        "\\66iona",
        "fiona\0",
        "f\u0131ona",
        "Jorg"
      })
  void aNameThatIsNoUsersNameIsUnknown(String name) throws Exception {
    UserRegistry registry = registry();

    assertThatExceptionOfType(UnknownUserException.class).isThrownBy(() -> registry.read(name));
  }

  /** RFC 4518, 2.3 and 2.6.1: sessions and OpenLDAP have one rule. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "FIONA",
        "fiona ",
        "\ufb01ona",
        "\uff46iona",
        "Mary  Jones",
        "MARY JONES",
        "Jo\u0308rg",
        "J\u00d6RG"
      })
  void aNameInAnotherSpellingFindsThatUser(String spelling) throws Exception {
    UserInRealm found = new UserInRealm(registry().read(spelling).principal(), "ibm.com");

    assertThat(found).isEqualTo(new UserInRealm(spelling.strip(), "ibm.com"));
  }

  @Test
  void eachUidIsAUsersNameAndNoOptionHidesAValue() throws Exception {
    String dn = "uid=fiona,ou=people,dc=ibm,dc=com";
    List<Modification> more =
        List.of(
            new Modification(ModificationType.ADD, "uid", "fiona.old"),
            new Modification(ModificationType.ADD, "cn;lang-de", "Fiona Groß"));
    try (LDAPConnection connection = directory.connection()) {
      connection.modify(dn, more);
      try {
        Credential fiona = registry().read("FIONA.old");

        assertThat(fiona).isEqualTo(registry().read("fiona"));
        assertThat(fiona.principal()).isEqualTo("fiona");
        assertThat(fiona.attributes()).containsEntry("cn", List.of("Fiona", "Fiona Groß"));
      } finally {
        connection.modify(dn, new Modification(ModificationType.DELETE, "uid", "fiona.old"));
        connection.modify(dn, new Modification(ModificationType.DELETE, "cn;lang-de"));
      }
    }
  }

  @Test
  void nestedGroupsAreWalkedSinceThereIsNoRuleInChain() throws Exception {
    DirectoryMapping nested = new DirectoryMapping(Map.of(), null, true, false);
    String outer = "cn=outer,ou=groups,dc=ibm,dc=com";
    try (LDAPConnection connection = directory.connection()) {
      connection.add(
          "dn: " + outer,
          "objectClass: groupOfNames",
          "cn: outer",
          "member: cn=employees,ou=groups,dc=ibm,dc=com");
      try {
        for (TestSettings settings : List.of(settings(), settings().memberOf("memberOf"))) {
          LdapRegistry registry = settings.registry(nested);
          open.add(registry);
          assertThat(registry.read("dlucas").groups())
              .containsExactly("Sales, EMEA", "employees", "outer");
        }
      } finally {
        connection.delete(outer);
      }
    }
  }

  /** OpenLDAP gives 500 entries at once, and no more in all pages together (slapd.conf, limits). */
  @Test
  void groupsAreReadInPagesAndALimitOfTheDirectoryConcernsThatUser() throws Exception {
    List<String> added = new ArrayList<>();
    try (LDAPConnection connection = directory.connection()) {
      try {
        for (int i = 0; i < 501; i++) {
          String dn = "cn=many%d,ou=groups,dc=ibm,dc=com".formatted(i);
          connection.add(
              "dn: " + dn,
              "objectClass: groupOfNames",
              "cn: many" + i,
              "member: uid=Jörg,ou=people,dc=ibm,dc=com");
          added.add(dn);
          if (i == 499) {
            assertThat(registry().read("Jörg").groups()).hasSize(500);
          }
        }
        UserRegistry registry = registry();
        assertThatExceptionOfType(NoCredentialException.class)
            .isThrownBy(() -> registry.read("Jörg"))
            .withMessageContaining("user Jörg: the answer is not complete: size limit exceeded");
      } finally {
        for (String dn : added) {
          connection.delete(dn);
        }
      }
    }
  }

  private static void assertUnavailable(UserRegistry registry, String url) {
    assertThatExceptionOfType(RegistryUnavailableException.class)
        .isThrownBy(() -> registry.read("dlucas"))
        .satisfies(e -> assertThat(e.getMessage()).startsWith(url + ": ").hasLineCount(1));
  }

  @Test
  void whoMayNotReadGetsAFailureAndNoUnknownUser() throws Exception {
    assertUnavailable(registry(new TestSettings(directory.url())), directory.url());
  }

  @Test
  void aWrongPasswordIsOneClearError() throws Exception {
    Path wrong = Files.writeString(password.resolveSibling("wrong"), "wrong");

    assertUnavailable(
        registry(new TestSettings(directory.url()).bind(OpenLdap.READER, wrong)), directory.url());
  }

  @Test
  void ldapsAndStartTlsWorkWithATrustedCertificateOnly() throws Exception {
    Path trusted = certificate.certificate();

    for (LdapRegistry registry :
        List.of(
            registry(settings().startTls().trust(trusted)),
            registry(settings(directory.tlsUrl()).trust(trusted)))) {
      assertThat(registry.read("dlucas").groups()).contains("employees");
    }
    assertUnavailable(registry(settings().startTls()), directory.url());
    assertUnavailable(registry(settings(directory.tlsUrl())), directory.tlsUrl());
  }

  @Test
  void aRestartOfTheDirectoryIsNotNoticed() throws Exception {
    LdapRegistry registry = registry();
    registry.read("dlucas");

    directory.stop();
    assertUnavailable(registry, directory.url());
    directory.start();
    assertThat(registry.read("dlucas").groups()).contains("employees");

    directory.stop();
    directory.start();
    assertThat(registry.read("dlucas").groups()).contains("employees");
  }

  @Test
  void aRefreshGivesLiveSessionsTheGroupsOfTheDirectory() throws Exception {
    UserInRealm fiona = new UserInRealm("fiona", "ibm.com");
    SessionTable table = new InMemorySessionTable(SessionTimeouts.DEFAULT, InstantSource.system());
    Sessions sessions = new Sessions(table, registry(), InstantSource.system());
    var id = sessions.signIn(fiona, "default-webseald-cruz");
    members(ModificationType.ADD, "employees", "fiona");

    RefreshReport preview = sessions.previewRefresh(fiona);

    assertThat(preview.change().groupsAdded()).containsExactly("employees");
    assertThat(sessions.refreshAll(fiona)).isEqualTo(preview);
    assertThat(table.find(id).credential().groups()).containsExactly("employees");

    members(ModificationType.DELETE, "employees", "fiona");
    assertThat(sessions.refreshAll(fiona).change().groupsRemoved()).containsExactly("employees");
    assertThat(table.find(id).credential().groups()).isEmpty();
  }
}
