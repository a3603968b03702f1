package org.smsjmx.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.smsjmx.session.Credential;
import org.smsjmx.session.UserNames;
import org.smsjmx.session.UserRegistry;
import org.smsjmx.session.UserRegistry.NoCredentialException;
import org.smsjmx.session.UserRegistry.UnknownUserException;

final class LdifRegistryTest {

  private static final String DLUCAS =
      """
      dn: uid=dlucas,dc=com
      objectClass: inetOrgPerson
      uid: dlucas
      cn: Dana Lucas
      userPassword: secret
      mail: a@ibm.com
      mail: b@ibm.com

      """;

  private static final String EMPLOYEES =
      """
      dn: cn=employees,dc=com
      objectClass: groupOfNames
      cn: employees
      member: UID=DLucas , dc=com

      """;

  @TempDir private Path directory;

  @Test
  void theShippedFileHasTheUsersOfTheDocuments() throws IOException {
    LdifRegistry registry =
        new LdifRegistry(
            Path.of("jmx-config/users.ldif"), DirectoryMapping.DEFAULT, InstantSource.system());

    assertThat(registry.users()).containsExactly("dlucas", "johnq", "sec_master", "Mary Jones");
    assertThat(registry.read("mary jones").principal()).isEqualTo("Mary Jones");
    assertThat(registry.read("Mary Jones").groups()).containsExactly("employees", "managers");
    assertThat(registry.read("sec_master").groups()).containsExactly("iv-admin");
  }

  @Test
  void aCredentialHoldsGroupsAndAttributesButNoPassword() throws IOException {
    Credential credential = registry(DLUCAS + EMPLOYEES).read("DLUCAS");

    assertThat(credential.principal()).isEqualTo("dlucas");
    assertThat(credential.groups()).containsExactly("employees");
    assertThat(credential.attributes().get("mail")).containsExactly("a@ibm.com", "b@ibm.com");
    assertThat(credential.attributes())
        .doesNotContainKeys("userPassword", "userpassword", "objectClass", "uid");
    assertThat(credential.toString()).doesNotContain("secret");
  }

  @Test
  void groupsMayStandBeforeTheirMembersAndNameNobody() throws IOException {
    LdifRegistry registry =
        registry(
            EMPLOYEES + EMPLOYEES.replace("employees", "empty").replace("DLucas", "x") + DLUCAS);

    assertThat(registry.read("dlucas").groups()).containsExactly("employees");
  }

  @Test
  void eachUidIsAUsersNameAndTheOneInTheDnIsShown() throws IOException {
    LdifRegistry registry =
        registry(DLUCAS.replace("uid: dlucas", "uid: dana\nuid: a.lucas\nuid: dlucas") + EMPLOYEES);

    for (String name : List.of("dlucas", "DANA", "a.lucas")) {
      assertThat(registry.read(name)).isEqualTo(registry.read("dlucas"));
      assertThat(registry.read(name).principal()).isEqualTo("dlucas");
    }
    assertThat(registry.users()).containsExactly("dlucas");
  }

  @Test
  void aUserWhoseDnHasNoUidIsShownByTheLeast() throws IOException {
    String person = DLUCAS.replace("uid=dlucas", "cn=Dana");

    assertThat(registry(person.replace("uid: dlucas", "uid: b\nuid: a")).read("b").principal())
        .isEqualTo("a");
    assertThat(registry(person.replace("uid: dlucas", "uid: a\nuid: b")).read("b").principal())
        .isEqualTo("a");
  }

  @Test
  void aGroupIsNamedByTheValueInItsDn() throws IOException {
    for (String names : List.of("cn: an alias\ncn: g1", "cn: g1\ncn: an alias", "cn: an alias")) {
      String group = EMPLOYEES.replace("cn=employees", "cn=g1").replace("cn: employees", names);

      assertThat(registry(DLUCAS + group).read("dlucas").groups()).containsExactly("g1");
    }
    String byUnit = EMPLOYEES.replace("cn=employees", "ou=unit");
    assertThat(registry(DLUCAS + byUnit).read("dlucas").groups()).containsExactly("employees");
  }

  @Test
  void oneMembershipInSeveralSpellingsCountsOnceAndAnotherOrderIsNoChange() throws IOException {
    String board = EMPLOYEES.replace("employees", "board");
    String spelled = "member: UID=DLucas , dc=com\n";
    Credential before = registry(DLUCAS + EMPLOYEES + board).read("dlucas");

    Credential after =
        registry(
                board.replace(spelled, spelled + "member: uid=\\64lucas,DC=COM\n")
                    + EMPLOYEES
                    + DLUCAS.replace(
                        "mail: a@ibm.com\nmail: b@ibm.com", "mail: b@ibm.com\nmail: a@ibm.com"))
            .read("dlucas");

    assertThat(before.groups()).containsExactly("board", "employees");
    assertThat(after).isEqualTo(before);
  }

  @Test
  void twoWhoseNamesDifferInADotlessIAreTwoMembers() throws IOException {
    String mike = DLUCAS.replace("dlucas", "mike");
    String other = DLUCAS.replace("dn: uid=dlucas", "dn: uid=m\u0131ke").replace("dlucas", "x");
    String group = EMPLOYEES.replace("UID=DLucas", "uid=m\u0131ke");

    LdifRegistry registry = registry(mike + other + group);

    assertThat(registry.read("mike").groups()).isEmpty();
    assertThat(registry.read("x").groups()).containsExactly("employees");
  }

  @Test
  void aBlankAtTheEndOfALineMakesNoOtherUserOrGroup() throws IOException {
    LdifRegistry registry = registry((DLUCAS + EMPLOYEES).replaceAll("(?m)(?<=.)$", " "));

    Credential dlucas = registry.read("dlucas");
    assertThat(dlucas.principal()).isEqualTo("dlucas");
    assertThat(dlucas.groups()).containsExactly("employees");
    assertThat(dlucas.attributes()).containsEntry("mail", List.of("a@ibm.com ", "b@ibm.com "));
  }

  // groups

  @Test
  void uniqueMembersAndMemberUidsAreMembersToo() throws IOException {
    LdifRegistry registry =
        registry(
            DLUCAS
                + """
                dn: cn=unique,dc=com
                objectClass: groupOfUniqueNames
                uniqueMember: uid=dlucas,dc=com

                dn: cn=bits,dc=com
                objectClass: GROUPOFUNIQUENAMES
                uniqueMember: uid=dlucas,dc=com#'0101'B

                dn: cn=posix,dc=com
                objectClass: posixGroup
                memberUid: DLucas

                dn: cn=both,dc=com
                objectClass: groupOfNames
                objectClass: posixGroup
                memberUid: nobody
                member: uid=dlucas,dc=com

                dn: cn=by uid only,dc=com
                objectClass: device
                memberUid: dlucas

                dn: cn=others,dc=com
                objectClass: posixGroup
                memberUid: uid=dlucas,dc=com

                dn: cn=options,dc=com
                objectClass: groupOfNames
                member;x-new: uid=dlucas,dc=com

                """);

    assertThat(registry.read("dlucas").groups())
        .containsExactly("bits", "both", "by uid only", "options", "posix", "unique");
  }

  @Test
  void eachNameOfAUserMayStandInAMemberUid() throws IOException {
    String group = "dn: cn=posix,dc=com\nobjectClass: posixGroup\nmemberUid: dana\n\n";

    assertThat(
            registry(DLUCAS.replace("uid: dlucas", "uid: dlucas\nuid: dana") + group)
                .read("dlucas")
                .groups())
        .containsExactly("posix");
  }

  @Test
  void namesAreComparedAsDirectoriesDo() throws IOException {
    LdifRegistry registry =
        registry(
            DLUCAS.replace("uid: dlucas", "uid: mike")
                + DLUCAS.replace("uid=dlucas", "cn=x").replace("uid: dlucas", "uid: m\u0131ke"));

    assertThat(registry.read("MIKE").principal()).isEqualTo("mike");
    assertThat(registry.read("m\u0131ke").principal()).isEqualTo("m\u0131ke");
    assertThatThrownBy(
            () ->
                registry(
                    DLUCAS.replace("uid: dlucas", "uid: \u00e9va")
                        + DLUCAS
                            .replace("uid=dlucas", "cn=x")
                            .replace("uid: dlucas", "uid: e\u0301VA")))
        .hasMessageContaining("two entries have the uid");
  }

  @Test
  void namesThatDifferInLetterCaseAreTwoUsersWhereNamesAreExact() throws IOException {
    LdifRegistry registry =
        registry(
            DLUCAS
                + DLUCAS.replace("uid=dlucas", "cn=x").replace("uid: dlucas", "uid: DLucas")
                + "dn: cn=posix,dc=com\nobjectClass: posixGroup\nmemberUid: DLucas\n\n",
            new DirectoryMapping(Map.of(), null, false, false, UserNames.EXACT));

    assertThat(registry.read("dlucas").groups()).isEmpty();
    assertThat(registry.read("DLucas").groups()).containsExactly("posix");
    assertThatThrownBy(() -> registry.read("DLUCAS")).isInstanceOf(UnknownUserException.class);
  }

  @Test
  void aNameWithAProhibitedCodePointNamesNobodyAndStopsNoOther() throws IOException {
    LdifRegistry registry =
        registry(
            DLUCAS + DLUCAS.replace("uid=dlucas", "cn=x").replace("uid: dlucas", "uid: a\u0378b"));

    assertThat(registry.read("dlucas").principal()).isEqualTo("dlucas");
    assertThatThrownBy(() -> registry.read("a\u0378b")).isInstanceOf(UnknownUserException.class);
    assertThat(registry.users()).containsExactly("dlucas");
  }

  @Test
  void aUserIsShownByANameThatIsNotProhibited() throws IOException {
    LdifRegistry registry =
        registry(DLUCAS.replace("dlucas", "a\u0378b").replace("uid: ", "uid: dlucas\nuid: "));

    assertThat(registry.users()).containsExactly("dlucas");
    assertThat(registry.read("DLucas").principal()).isEqualTo("dlucas");
  }

  @Test
  void otherClassesOfGroupsAreNamedInAWarningOnce() throws IOException {
    String other =
        """
        dn: cn=%s,dc=com
        objectClass: top
        objectClass: %s
        %s: uid=dlucas,dc=com

        """;
    String content =
        DLUCAS
            + EMPLOYEES
            + other.formatted("a", "groupOfURLs", "memberURL")
            + other.formatted("b", "groupOfURLs", "memberURL")
            + other.formatted("c", "groupOfMembers", "member")
            + other.formatted("d", "team", "uniqueMember")
            + other.formatted("e", "device", "seeAlso");
    try (Warnings warnings = new Warnings(LdifRegistry.class)) {
      LdifRegistry registry = registry(content);
      write(content + "\n");

      assertThat(registry.read("dlucas").groups()).containsExactly("employees");
      assertThat(warnings.texts())
          .hasSize(3)
          .allSatisfy(text -> assertThat(text).startsWith(file() + ":"))
          .anySatisfy(text -> assertThat(text).contains(":14: groupOfURLs is not read as a group"))
          .anySatisfy(text -> assertThat(text).contains("groupOfMembers"))
          .anySatisfy(text -> assertThat(text).contains("team"));
    }
  }

  @Test
  void nestedGroupsCountWhereThatIsConfigured() throws IOException {
    String groups =
        EMPLOYEES
            + EMPLOYEES.replace("employees", "staff").replace("UID=DLucas ", "CN=Employees")
            + EMPLOYEES.replace("employees", "all").replace("UID=DLucas ", "cn=staff")
            + EMPLOYEES.replace("employees", "board").replace("UID=DLucas ", "cn=board");
    String circle =
        groups.replace("UID=DLucas , dc=com", "UID=DLucas , dc=com\nmember: cn=all,dc=com");

    assertThat(registry(circle + DLUCAS).read("dlucas").groups()).containsExactly("employees");
    assertThat(
            registry(circle + DLUCAS, new DirectoryMapping(Map.of(), null, true, false))
                .read("dlucas")
                .groups())
        .containsExactly("all", "employees", "staff");
  }

  @Test
  void usersMayHaveTheirNamesInAnotherAttribute() throws IOException {
    LdifRegistry registry =
        registry(
            DLUCAS.replace("uid: dlucas", "sAMAccountName: dana") + EMPLOYEES,
            new DirectoryMapping(Map.of(), "sAMAccountName", false, false));

    assertThat(registry.users()).containsExactly("dana");
    assertThat(registry.read("DANA").groups()).containsExactly("employees");
  }

  @Test
  void disabledAccountsAreRefusedWhereThatIsConfigured() throws IOException {
    String disabled = DLUCAS.replace("mail: a", "userAccountControl: 514\nmail: a");

    assertThat(registry(disabled).read("dlucas").principal()).isEqualTo("dlucas");
    assertThatThrownBy(
            () ->
                registry(disabled, new DirectoryMapping(Map.of(), null, false, true))
                    .read("dlucas"))
        .isInstanceOf(NoCredentialException.class)
        .hasMessage("the account of dlucas is disabled (userAccountControl)");
  }

  @Test
  void aGroupWithoutAnyNameIsRefused() {
    assertThatThrownBy(() -> registry("dn:\nobjectClass: groupOfNames\n"))
        .isInstanceOf(IOException.class)
        .hasMessage(file() + ":1: an empty DN names no group");
  }

  @Test
  void namesMayBeInAnyScript() throws IOException {
    LdifRegistry registry =
        registry(
            DLUCAS.replace("uid: dlucas", "uid: Jörg")
                + DLUCAS
                    .replace("uid=dlucas", "cn=x")
                    .replace("uid: dlucas", "uid:: w5xuYWwgw5Z6dMO8cms="));

    assertThat(registry.read("JÖRG").principal()).isEqualTo("Jörg");
    assertThat(registry.read("ünal öztürk").principal()).isEqualTo("Ünal Öztürk");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"nobody", "", "dluca", "*", "uid=dlucas,dc=com", "dl\u0131cas", "dlucas\uE000"})
  void anUnknownUserIsSaidToBeUnknown(String user) throws IOException {
    LdifRegistry registry = registry(DLUCAS);

    assertThatThrownBy(() -> registry.read(user)).isInstanceOf(UnknownUserException.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1  | nonsense
          1  | cn: no dn
          1  | dn: dc=com~nonsense
          3  | dn: dc=com~objectClass: domain~: no name
          2  | dn: dc=com~cn:: !!!not base64
          5  | dn: dc=com~objectClass: domain~~# comment~dn: dc=de~nonsense
          1  |  begins with a blank
          """)
  void anEntryWithABrokenLineIsNamed(int near, String content) {
    Throwable refused = catchThrowable(() -> registry(content.replace('~', '\n') + "\n"));

    assertThat(refused).isInstanceOf(IOException.class);
    assertThat(refused.getMessage()).startsWith(file() + ":").doesNotContain("\n", "\r");
    String line = refused.getMessage().substring((file() + ":").length()).split(":")[0];
    assertThat(Integer.parseInt(line)).isBetween(Math.max(1, near - 1), near + 1);
  }

  @Test
  void aGroupWithAMemberThatIsNoNameIsRefused() {
    assertThatThrownBy(() -> registry(DLUCAS + EMPLOYEES.replace("UID=DLucas , dc=com", "dlucas")))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(file().toString())
        .hasMessageContaining("dlucas");
  }

  @Test
  void aUserWhoseDnIsNoneIsRefused() {
    assertThatThrownBy(() -> registry(DLUCAS.replace("uid=dlucas,dc=com", "dlucas")))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(file().toString())
        .hasMessageContaining("dlucas");
  }

  @Test
  void aUserWhoStandsTwiceIsNamed() {
    assertThatThrownBy(
            () ->
                registry(
                    DLUCAS
                        + DLUCAS.replace("uid=dlucas", "cn=other").replace("uid: dl", "uid: DL")))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(file().toString())
        .hasMessageContaining("uid")
        .hasMessageContaining("DLucas");
  }

  @Test
  void anEntryThatStandsTwiceIsRefused() {
    assertThatThrownBy(() -> registry(DLUCAS + DLUCAS.replace("Dana", "Dora")))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(file().toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {": a*b", ":: YQdi", ":: ICA=", ":"})
  void aNameThatCannotSignInIsRefused(String uid) {
    assertThatThrownBy(() -> registry(DLUCAS.replace("uid: dlucas", "uid" + uid)))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(file().toString());
  }

  @Test
  void whatIsNoFileIsNamed() {
    assertThatThrownBy(
            () -> new LdifRegistry(file(), DirectoryMapping.DEFAULT, InstantSource.system()))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(file().toString())
        .hasMessageContaining("missing");
    assertThatThrownBy(
            () -> new LdifRegistry(directory, DirectoryMapping.DEFAULT, InstantSource.system()))
        .isInstanceOf(IOException.class)
        .hasMessage(directory + ": is a directory, where a file is needed");
  }

  @Test
  void anEmptyFileHasNoUsers() throws IOException {
    assertThat(registry("").users()).isEmpty();
    assertThat(registry("# nobody\n\n").users()).isEmpty();
  }

  @Test
  void editsAreSeenAtTheNextReading() throws IOException {
    LdifRegistry registry = registry(DLUCAS);
    for (int i = 0; i < 20; i++) {
      write(DLUCAS + (i % 2 == 0 ? EMPLOYEES : ""));

      assertThat(registry.read("dlucas").groups())
          .isEqualTo(i % 2 == 0 ? List.of("employees") : List.of());
    }

    write(DLUCAS.replace("dlucas", "dlucax"));

    assertThatThrownBy(() -> registry.read("dlucas")).isInstanceOf(UnknownUserException.class);
    assertThat(registry.users()).containsExactly("dlucax");
  }

  @Test
  void aFileThatIsReplacedByAnotherIsSeen() throws IOException {
    LdifRegistry registry = registry(DLUCAS);
    Path next = Files.writeString(directory.resolve("next"), DLUCAS + EMPLOYEES);
    Files.setLastModifiedTime(next, Files.getLastModifiedTime(file()));

    Files.move(next, file(), StandardCopyOption.ATOMIC_MOVE);

    assertThat(registry.read("dlucas").groups()).containsExactly("employees");
  }

  @Test
  void aBrokenEditKeepsTheLastGoodContent() throws IOException {
    LdifRegistry registry = registry(DLUCAS + EMPLOYEES);
    for (String broken :
        List.of(
            "nonsense\n",
            DLUCAS + DLUCAS.replace("uid=dlucas", "cn=other"),
            DLUCAS.replace("dn:", "dn::"),
            DLUCAS + EMPLOYEES.replace("UID=DLucas , dc=com", "dlucas"))) {
      write(broken);

      assertThat(registry.read("dlucas").groups()).as(broken).containsExactly("employees");
    }
    Files.delete(file());

    assertThat(registry.read("dlucas").groups()).containsExactly("employees");

    write(DLUCAS);

    assertThat(registry.read("dlucas").groups()).isEmpty();
  }

  @Test
  void aFileThatCannotBeReadIsToldUntilItCan() throws IOException {
    LdifRegistry registry = registry(DLUCAS);
    UserRegistry users = new GeneratedUsers(registry, 1, registry.names(), UserNames.DIRECTORY);
    assertThat(users.stale()).isNull();

    write("nonsense\n");

    assertThat(users.stale().reason()).startsWith(file() + ":1: ");
    Instant since = users.stale().since();
    write("nonsense anew\n");
    assertThat(users.stale().since()).isEqualTo(since);

    write(DLUCAS);
    assertThat(users.stale()).isNull();
  }

  @Test
  void noNameInTheFileIsThatOfAMadeUpUser() throws IOException {
    LdifRegistry file = registry(DLUCAS.replace("uid: dlucas", "uid: dlucas\nuid: user0000001"));

    assertThat(
            new GeneratedUsers(file, 3, file.names(), UserNames.DIRECTORY)
                .read("user0000001")
                .principal())
        .isEqualTo("dlucas");
  }

  @Test
  void madeUpUsersStandBesideThoseOfTheFile() throws IOException {
    LdifRegistry file =
        registry(
            DLUCAS + DLUCAS.replace("uid=dlucas", "cn=x").replace("uid: dlucas", "uid: user3"));
    GeneratedUsers users = new GeneratedUsers(file, 3, file.users(), UserNames.DIRECTORY);

    assertThat(users.read("DLUCAS").principal()).isEqualTo("dlucas");
    assertThat(users.read("user3").principal()).isEqualTo("user3");
    assertThat(GeneratedUsers.name(3)).isEqualTo("user0000003");
    assertThat(users.read("USER0000003").principal()).isEqualTo("user0000003");
    assertThat(users.read("user0000003").groups()).containsExactly("users", "department3");
    for (String nobody : List.of("user0000000", "user0000004", "user000000x", "user00000030")) {
      assertThatThrownBy(() -> users.read(nobody)).isInstanceOf(UnknownUserException.class);
    }
  }

  @Test
  void aMadeUpNameInTheFileIsTheUserOfTheFile() throws IOException {
    LdifRegistry file = registry(DLUCAS.replace("uid: dlucas", "uid: user0000001") + EMPLOYEES);

    assertThat(
            new GeneratedUsers(file, 3, file.users(), UserNames.DIRECTORY)
                .read("user0000001")
                .groups())
        .containsExactly("employees");
  }

  private Path file() {
    return directory.resolve("users.ldif");
  }

  private LdifRegistry registry(String content) throws IOException {
    return registry(content, DirectoryMapping.DEFAULT);
  }

  private LdifRegistry registry(String content, DirectoryMapping mapping) throws IOException {
    write(content);
    return new LdifRegistry(file(), mapping, InstantSource.system());
  }

  private void write(String content) throws IOException {
    Files.writeString(file(), content, StandardCharsets.UTF_8);
  }
}
