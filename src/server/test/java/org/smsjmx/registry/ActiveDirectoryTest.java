package org.smsjmx.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.smsjmx.session.Credential;
import org.smsjmx.session.UserRegistry.NoCredentialException;
import org.smsjmx.session.UserRegistry.RegistryUnavailableException;
import org.smsjmx.session.UserRegistry.UnknownUserException;

/** Against a directory without uid that answers in ranges and pages, and refers to others. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
final class ActiveDirectoryTest {

  private static final String USER_FILTER = "(&(objectClass=user)(sAMAccountName={user}))";
  private static final String GROUP_FILTER = "(&(objectClass=group)(member={dn}))";
  private static final DirectoryMapping NESTED =
      new DirectoryMapping(Map.of("cn", "cn"), null, true, false);
  private static final DirectoryMapping CHECKED = new DirectoryMapping(Map.of(), null, false, true);
  private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");

  private final ActiveDirectory answers = new ActiveDirectory();
  private final List<LdapRegistry> registries = new ArrayList<>();
  private TestDirectory directory;

  @BeforeEach
  void open() throws Exception {
    directory = answers.open();
  }

  @AfterEach
  void close() {
    registries.forEach(LdapRegistry::close);
    directory.close();
  }

  private TestSettings byFilter() {
    return new TestSettings(directory.url()).userFilter(USER_FILTER).groupFilter(GROUP_FILTER);
  }

  private TestSettings byMemberOf() {
    return byFilter().memberOf("memberOf");
  }

  private LdapRegistry registry(TestSettings settings, DirectoryMapping mapping)
      throws IOException {
    LdapRegistry registry = settings.registry(mapping, InstantSource.fixed(NOW));
    registries.add(registry);
    return registry;
  }

  private LdapRegistry registry(TestSettings settings) throws IOException {
    return registry(settings, DirectoryMapping.DEFAULT);
  }

  private String user(String name, Attribute... more) throws Exception {
    List<Attribute> attributes = new ArrayList<>(List.of(more));
    attributes.add(new Attribute("objectClass", "top", "person", "user"));
    attributes.add(new Attribute("sAMAccountName", name));
    attributes.add(new Attribute("cn", name + " in full"));
    return directory.add("CN=%s in full".formatted(name), attributes.toArray(Attribute[]::new));
  }

  private String group(String name, String... members) throws Exception {
    return directory.add(
        "CN=" + name,
        new Attribute("objectClass", "top", "group"),
        new Attribute("cn", name),
        new Attribute("member", members));
  }

  private static String[] dns(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "CN=group%d,%s".formatted(i, TestDirectory.BASE))
        .toArray(String[]::new);
  }

  private static void assertNone(LdapRegistry registry, String user, String rule) {
    assertThatExceptionOfType(NoCredentialException.class)
        .isThrownBy(() -> registry.read(user))
        .satisfies(e -> assertThat(e.getMessage()).contains(user, rule).hasLineCount(1));
  }

  // names

  @Test
  void aUserWithoutUidHasTheNameThatTheFilterAsksFor() throws Exception {
    user("anna", new Attribute("memberOf", "CN=Staff," + TestDirectory.BASE));

    Credential anna = registry(byMemberOf()).read("ANNA");

    assertThat(anna.principal()).isEqualTo("anna");
    assertThat(anna.groups()).containsExactly("Staff");
  }

  @Test
  void aNameAttributeMayBeConfiguredAndAnEntryWithoutItGivesNoCredential() throws Exception {
    user("anna", new Attribute("userPrincipalName", "anna@ibm.com"));
    user("bert");
    LdapRegistry registry =
        registry(byFilter(), new DirectoryMapping(Map.of(), "userPrincipalName", false, false));

    assertThat(registry.read("anna").principal()).isEqualTo("anna@ibm.com");
    assertNone(registry, "bert", "the entry has no userPrincipalName");
  }

  @Test
  void aFilterMayAddToTheNameOrCompareItByARuleOfItsOwn() throws Exception {
    user("anna", new Attribute("userPrincipalName", "anna@ibm.com"));

    assertThat(
            registry(byFilter().userFilter("(userPrincipalName={user}@ibm.com)"))
                .read("anna")
                .principal())
        .isEqualTo("anna@ibm.com");
    assertThat(registry(byFilter().userFilter("(sAMAccountName>={user})")).read("ann").principal())
        .isEqualTo("ann");
  }

  @Test
  void whatIsAddedToTheNameIsNoOtherPlace() throws Exception {
    group("{dn}s", user("{dn}"));
    group("others", user("dn"));

    assertThat(registry(byFilter()).read("{dn}").groups()).containsExactly("{dn}s");
  }

  @Test
  void groupsMayBeFoundByTheUsersNameToo() throws Exception {
    group("byDn", user("anna"));
    directory.add(
        "CN=byName", new Attribute("objectClass", "group"), new Attribute("memberUid", "anna"));

    assertThat(
            registry(byFilter().groupFilter("(|(member={dn})(memberUid={user}))"))
                .read("anna")
                .groups())
        .containsExactly("byDn", "byName");
  }

  // ranges: MS-ADTS 3.1.1.3.1.3.3

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 20})
  void valuesInRangesAreReadToTheEnd(int count) throws Exception {
    user("anna", new Attribute("memberOf", dns(count)), new Attribute("mail", mails(count)));

    Credential anna = registry(byMemberOf()).read("anna");

    assertThat(anna.groups()).hasSize(count).doesNotHaveDuplicates();
    assertThat(anna.attributes().getOrDefault("mail", List.of())).hasSize(count);
  }

  private static String[] mails(int count) {
    return IntStream.range(0, count).mapToObj(i -> i + "@ibm.com").toArray(String[]::new);
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 4, 6})
  void aRangeThatIsMissingGivesNoCredential(int lost) throws Exception {
    user("anna", new Attribute("memberOf", dns(20)));
    answers.loseRangesBehind(lost);

    assertNone(registry(byMemberOf()), "anna", "memberOf: the values from number ");
  }

  @Test
  void rangesThatDoNotMoveOnGiveNoCredential() throws Exception {
    user("anna", new Attribute("memberOf", dns(20)));
    answers.standStill();

    assertNone(registry(byMemberOf()), "anna", "memberOf: the values from number 3 on");
    assertThat(answers.searches()).isLessThan(4);
  }

  // pages: RFC 2696

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 21})
  void groupsInPagesAreReadToTheEnd(int count) throws Exception {
    String anna = user("anna");
    for (int i = 0; i < count; i++) {
      group("group" + i, anna);
    }

    assertThat(registry(byFilter()).read("anna").groups()).hasSize(count);
    assertThat(answers.searches()).isEqualTo(1 + Math.max(1, (count + 1) / ActiveDirectory.PAGE));
  }

  @Test
  void pagesWithoutEndEndAfterSomeTimeouts() throws Exception {
    group("staff", user("anna"));
    answers.neverEnd();

    AtomicLong nanos = new AtomicLong();
    LdapRegistry registry =
        new LdapRegistry(
            byFilter().timeout(Duration.ofSeconds(60)).made(),
            DirectoryMapping.DEFAULT,
            InstantSource.system(),
            () -> nanos.getAndAdd(TimeUnit.SECONDS.toNanos(50)));
    registries.add(registry);

    assertNone(registry, "anna", "the answers took more than 10 times the timeout");
    assertThat(answers.searches()).isEqualTo(11);
  }

  @Test
  void aDirectoryThatGivesFewAtOnceIsAskedForSmallerPages() throws Exception {
    try (TestDirectory small = TestDirectory.options().sizeLimit(3).open()) {
      String joe = small.addUser("joe");
      for (int i = 0; i < 10; i++) {
        small.addGroup("group" + i, joe);
      }

      assertThat(registry(new TestSettings(small.url())).read("joe").groups()).hasSize(10);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 4, 11, 10})
  void aLimitOfTheDirectoryConcernsThatUser(int code) throws Exception {
    user("anna");
    answers.failGroups(
        new LDAPException(
            ResultCode.valueOf(code), "limit", null, new String[] {"ldap://other.test/dc=x"}));

    assertNone(registry(byFilter()), "anna", "the answer is not complete: ");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 32, 50, 51, 52, 80})
  void anotherFailureOfTheDirectoryConcernsTheRegistry(int code) throws Exception {
    user("anna");
    answers.failGroups(new LDAPException(ResultCode.valueOf(code), "failure"));

    assertThatExceptionOfType(RegistryUnavailableException.class)
        .isThrownBy(() -> registry(byFilter()).read("anna"));
  }

  @Test
  void aMembershipThatIsNoNameConcernsThatUser() throws Exception {
    user("anna", new Attribute("memberOf", "staff"));
    user("bert", new Attribute("memberOf", ""));

    assertNone(registry(byMemberOf()), "anna", "memberOf holds what is no group's name: staff");
    assertNone(registry(byMemberOf()), "bert", "memberOf holds what is no group's name: ");
  }

  // referrals

  @Test
  void aReferralGivesNoCredentialAndIsStated() throws Exception {
    group("staff", user("anna"));
    answers.referTo("ldap://emea.ibm.com/DC=emea,DC=ibm,DC=com");

    assertNone(
        registry(byFilter()),
        "anna",
        "the directory refers to ldap://emea.ibm.com/DC=emea,DC=ibm,DC=com for more");
    assertThat(registry(byFilter().ignoreReferrals()).read("anna").groups())
        .containsExactly("staff");
    assertThatExceptionOfType(UnknownUserException.class)
        .isThrownBy(() -> registry(byFilter().ignoreReferrals()).read("nobody"));
    assertNone(registry(byFilter()), "nobody", "refers to");
  }

  @Test
  void thePartitionsOfEachDomainHoldNoAccounts() throws Exception {
    group("staff", user("anna"));
    answers.referTo(
        "ldap://ForestDnsZones.ibm.com/DC=ForestDnsZones,DC=ibm,DC=com",
        "ldap://DomainDnsZones.ibm.com/DC=DomainDnsZones,DC=ibm,DC=com",
        "ldap://ibm.com/CN=Configuration,DC=ibm,DC=com");

    assertThat(registry(byFilter()).read("anna").groups()).containsExactly("staff");
  }

  // nested groups

  private void chain(String user, int length) throws Exception {
    String member = user;
    for (int i = 0; i < length; i++) {
      member = group("level" + i, member, "CN=somebody," + TestDirectory.BASE);
    }
    directory.set("CN=level0," + TestDirectory.BASE, "member", user, member);
    for (int i = 0; i < length; i++) {
      String dn = "CN=level%d,%s".formatted(i, TestDirectory.BASE);
      directory.set(
          dn, "memberOf", "CN=level%d,%s".formatted((i + 1) % length, TestDirectory.BASE));
    }
    directory.set(user, "memberOf", "CN=level0," + TestDirectory.BASE);
  }

  @ParameterizedTest
  @CsvSource({"true, true", "true, false", "false, true", "false, false"})
  void nestedGroupsAreFoundByTheRuleOrByWalkingAlsoInACircle(boolean rule, boolean memberOf)
      throws Exception {
    chain(user("anna"), 7);
    if (!rule) {
      answers.forgetChain();
    }
    TestSettings settings = memberOf ? byMemberOf() : byFilter();

    assertThat(registry(settings).read("anna").groups()).containsExactly("level0");
    assertThat(registry(settings, NESTED).read("anna").groups())
        .containsExactly("level0", "level1", "level2", "level3", "level4", "level5", "level6");
  }

  @Test
  void aDirectoryThatRefusesTheRuleIsWalked() throws Exception {
    try (TestDirectory other = TestDirectory.open()) {
      other.addGroup("inner", other.addUser("anna"));
      other.addGroup("outer", TestDirectory.groupDn("inner"));

      assertThat(registry(new TestSettings(other.url()), NESTED).read("anna").groups())
          .containsExactly("inner", "outer");
    }
  }

  @Test
  void aGroupThatIsGoneHoldsNoneAndAWalkHasABound() throws Exception {
    answers.forgetChain();
    user("anna", new Attribute("memberOf", dns(2)));
    user("bert", new Attribute("memberOf", dns(1_001)));

    assertThat(registry(byMemberOf(), NESTED).read("anna").groups())
        .containsExactly("group0", "group1");
    assertNone(registry(byMemberOf(), NESTED), "bert", "more than 1000 nested groups");
  }

  // accounts

  @ParameterizedTest
  @CsvSource({
    "userAccountControl, 512, true",
    "userAccountControl, 514, false",
    "userAccountControl, 66050, false",
    "userAccountControl, many, false",
    "accountExpires, 0, true",
    "accountExpires, 9223372036854775807, true",
    "accountExpires, 134405135990000000, false",
    "accountExpires, 134405136000000000, false",
    "accountExpires, 134405136010000000, true",
    "nsAccountLock, TRUE, false",
    "nsAccountLock, false, true",
    "pwdAccountLockedTime, 000001010000Z, false",
    "pwdAccountLockedTime, 20260101000000Z, true",
    "shadowExpire, -1, true",
    "shadowExpire, 20787, false",
    "shadowExpire, 20788, true"
  })
  void disabledAndExpiredAccountsAreRefusedWhereThatIsConfigured(
      String attribute, String value, boolean usable) throws Exception {
    user("anna", new Attribute(attribute, value));

    assertThat(registry(byFilter()).read("anna").principal()).isEqualTo("anna");
    if (usable) {
      assertThat(registry(byFilter(), CHECKED).read("anna").principal()).isEqualTo("anna");
    } else {
      assertNone(registry(byFilter(), CHECKED), "anna", "the account of anna ");
    }
  }

  @Test
  void oneSignOfSeveralIsEnough() throws Exception {
    user("anna", new Attribute("accountExpires", "0"), new Attribute("nsAccountLock", "true"));
    user("bert", new Attribute("accountExpires", "1"), new Attribute("shadowExpire", "99999"));

    user(
        "cora",
        new Attribute("accountExpires", "134405136010000000"),
        new Attribute("shadowExpire", "1"));

    assertNone(registry(byFilter(), CHECKED), "cora", "expired at 1970-01-02T00:00:00Z");
    assertNone(registry(byFilter(), CHECKED), "anna", "is disabled (nsAccountLock)");
    assertNone(registry(byFilter(), CHECKED), "bert", "expired at 1601-01-01T00:00:00Z");
  }
}
