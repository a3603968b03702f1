package org.smsjmx.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.unboundid.ldap.listener.interceptor.InMemoryInterceptedSearchRequest;
import com.unboundid.ldap.listener.interceptor.InMemoryInterceptedSimpleBindRequest;
import com.unboundid.ldap.listener.interceptor.InMemoryOperationInterceptor;
import com.unboundid.ldap.sdk.Attribute;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.smsjmx.session.Credential;
import org.smsjmx.session.UserNames;
import org.smsjmx.session.UserRegistry;
import org.smsjmx.session.UserRegistry.NoCredentialException;
import org.smsjmx.session.UserRegistry.RegistryUnavailableException;
import org.smsjmx.session.UserRegistry.UnknownUserException;

/** Against a directory on a real socket. The timeout is there only to end a test that hangs. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
final class LdapRegistryTest {

  private static final Duration SOON = Duration.ofMillis(300);

  /** The last one first; threads that answer for a directory add to it, too. */
  private final Deque<AutoCloseable> open = new ConcurrentLinkedDeque<>();

  private static TestCertificate own;
  private static TestCertificate another;
  private static TestCertificate elsewhere;

  @TempDir private Path temporary;

  @BeforeAll
  static void makeCertificates(@TempDir Path directory) throws Exception {
    own = new TestCertificate(directory, "dns:localhost");
    another = new TestCertificate(directory, "dns:localhost");
    elsewhere = new TestCertificate(directory, "dns:elsewhere.test,ip:127.0.0.1");
  }

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
  }

  private <T extends AutoCloseable> T closing(T one) {
    open.addFirst(one);
    return one;
  }

  private TestDirectory directory() throws Exception {
    return directory(TestDirectory.options());
  }

  private TestDirectory directory(TestDirectory.Options options) throws Exception {
    TestDirectory directory = closing(options.open());
    directory.addGroup("employees", directory.addUser("dlucas"), directory.addUser("Mary Jones"));
    return directory;
  }

  private LdapRegistry registry(TestDirectory directory) throws IOException {
    return closing(new TestSettings(directory.url()).registry());
  }

  private Path passwordFile(String content) throws IOException {
    return Files.writeString(temporary.resolve("password"), content);
  }

  private static void assertUnavailable(UserRegistry registry, String url) {
    assertThatExceptionOfType(RegistryUnavailableException.class)
        .isThrownBy(() -> registry.read("dlucas"))
        .satisfies(
            e ->
                assertThat(e.getMessage())
                    .startsWith(url + ": ")
                    .hasLineCount(1)
                    .hasSizeLessThan(400)
                    .doesNotContain(TestDirectory.READER_PASSWORD));
  }

  // users and groups

  @Test
  void findsAUserIgnoringCaseAndShowsTheNameOfTheDirectory() throws Exception {
    LdapRegistry registry = registry(directory());
    for (String name : List.of("Mary Jones", "mary jones", "MARY JONES")) {
      assertThat(registry.read(name).principal()).isEqualTo("Mary Jones");
    }
  }

  @Test
  void findsTheGroupsThatHoldTheUsersDn() throws Exception {
    TestDirectory directory = directory();
    String user = directory.addUser("johnq");
    directory.addGroup("managers", user.toUpperCase());
    directory.addGroup("Sales, \"EMEA\" + (APAC)", user);

    assertThat(registry(directory).read("johnq").groups())
        .containsExactlyInAnyOrder("managers", "Sales, \"EMEA\" + (APAC)");
  }

  @Test
  void aUserWithoutGroupsHasNone() throws Exception {
    TestDirectory directory = directory();
    directory.addUser("alone");

    assertThat(registry(directory).read("alone").groups()).isEmpty();
  }

  @Test
  void takesTheGroupsFromMemberOfWhereThatIsConfigured() throws Exception {
    TestDirectory directory = directory();
    directory.addUser(
        "johnq",
        new Attribute(
            "memberOf",
            TestDirectory.groupDn("managers"),
            TestDirectory.groupDn("Sales, EMEA"),
            "cn=elsewhere,dc=example,dc=com"));
    LdapRegistry registry =
        closing(new TestSettings(directory.url()).memberOf("memberOf").registry());

    assertThat(registry.read("johnq").groups())
        .containsExactlyInAnyOrder("managers", "Sales, EMEA", "elsewhere");
    assertThat(registry.read("dlucas").groups()).isEmpty();
  }

  @Test
  void otherFiltersFindOtherUsersAndGroups() throws Exception {
    TestDirectory directory = directory();
    String user = directory.addUser("johnq", new Attribute("mail", "johnq@ibm.com"));
    directory.addUser("guest", new Attribute("employeeType", "guest"));
    directory.addGroup("managers", user);
    LdapRegistry registry =
        closing(
            new TestSettings(directory.url())
                .userFilter("(&(|(uid={user})(mail={user}))(!(employeeType=guest)))")
                .groupFilter("(&(member={dn})(cn=man*))")
                .registry());

    assertThat(registry.read("JOHNQ@ibm.com")).isEqualTo(registry.read("johnq"));
    assertThat(registry.read("johnq").groups()).containsExactly("managers");
    assertThat(registry.read("dlucas").groups()).isEmpty();
    assertThatExceptionOfType(UnknownUserException.class).isThrownBy(() -> registry.read("guest"));
  }

  @Test
  void mapsAttributesAndKeepsAllTheirValues() throws Exception {
    TestDirectory directory = directory();
    directory.addUser(
        "johnq",
        new Attribute("mail", "johnq@ibm.com", "john@example.com"),
        new Attribute("departmentNumber", "7"),
        new Attribute("employeeType", "not asked for"));
    DirectoryMapping mapping =
        new DirectoryMapping(
            Map.of("mail", "mail", "tagvalue_dept", "DEPARTMENTNUMBER", "phone", "mobile"));
    LdapRegistry registry = closing(new TestSettings(directory.url()).registry(mapping));

    assertThat(registry.read("johnq").attributes())
        .isEqualTo(
            Map.of(
                "mail",
                List.of("john@example.com", "johnq@ibm.com"),
                "tagvalue_dept",
                List.of("7")));
  }

  // what has no order

  @Test
  void eachValueOfTheNamingAttributeIsAUsersNameAndTheOneInTheDnIsShown() throws Exception {
    TestDirectory directory = directory();
    directory.addUser("anna", new Attribute("uid", "anna.old", "anna", "a.berg"));
    LdapRegistry registry = registry(directory);

    for (String name : List.of("anna", "ANNA.old", "a.berg")) {
      assertThat(registry.read(name)).isEqualTo(registry.read("anna"));
      assertThat(registry.read(name).principal()).isEqualTo("anna");
    }
  }

  @Test
  void aGroupIsNamedByTheValueInItsDn() throws Exception {
    TestDirectory directory = directory();
    directory.addGroup("g1", directory.addUser("johnq"));
    directory.set(TestDirectory.groupDn("g1"), "cn", "an alias", "g1");

    assertThat(registry(directory).read("johnq").groups()).containsExactly("g1");
  }

  @Test
  void oneMembershipInSeveralSpellingsCountsOnceAndAnotherOrderIsNoChange() throws Exception {
    TestDirectory directory = directory();
    Attribute names = new Attribute("mail", "b@ibm.com", "a@ibm.com");
    String user =
        directory.addUser(
            "johnq",
            names,
            new Attribute("memberOf", "CN=Staff , DC=ibm", "cn=staff,dc=ibm", "cn=board,dc=ibm"));
    LdapRegistry registry =
        closing(new TestSettings(directory.url()).memberOf("memberOf").registry());
    Credential before = registry.read("johnq");

    directory.set(user, "mail", "a@ibm.com", "b@ibm.com");
    directory.set(user, "memberOf", "cn=board,dc=ibm", "cn=staff,dc=ibm", "CN=Staff , DC=ibm");

    assertThat(before.groups()).containsExactly("Staff", "board");
    assertThat(before.attributes()).containsEntry("mail", List.of("a@ibm.com", "b@ibm.com"));
    assertThat(registry.read("johnq")).isEqualTo(before);
  }

  @Test
  void optionsOfAttributesHideNoValue() throws Exception {
    TestDirectory directory = directory();
    String user = directory.addUser("johnq");
    directory.set(user, "cn;lang-de", "Hans");
    directory.set(user, "mail;x-work", "johnq@ibm.com");

    assertThat(registry(directory).read("johnq").attributes())
        .isEqualTo(Map.of("cn", List.of("Hans", "johnq"), "mail", List.of("johnq@ibm.com")));
  }

  @Test
  void readsWhatTheDirectoryHoldsNow() throws Exception {
    TestDirectory directory = directory();
    LdapRegistry registry = registry(directory);
    Credential before = registry.read("dlucas");

    directory.addGroup(
        "managers", directory.addUser("johnq"), "uid=dlucas,ou=people,dc=ibm,dc=com");

    assertThat(before.groups()).containsExactly("employees");
    assertThat(registry.read("dlucas").groups()).containsExactlyInAnyOrder("employees", "managers");
  }

  // names

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*)(uid=*",
        "*",
        "back\\slash",
        "back\\2aslash",
        "(paren)",
        "a)(objectClass=*",
        "comma, plus+ quote\" equals= semi; less< greater>",
        "#hash",
        "Jörg Müller",
        "日本",
        "𝒳 outside the plane",
        "' or 1=1 --",
        "{user}",
        "{dn}"
      })
  void aNameWithAnyCharactersFindsThatUserAndNoOther(String name) throws Exception {
    TestDirectory directory = directory();
    LdapRegistry registry = registry(directory);
    assertThatExceptionOfType(UnknownUserException.class)
        .isThrownBy(() -> registry.read(name))
        .withMessageContaining(name);

    directory.addGroup("group of that user", directory.addUser(name));

    assertThat(registry.read(name).principal()).isEqualTo(name);
    assertThat(registry.read(name).groups()).containsExactly("group of that user");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nobody",
        "dluc*",
        "dlucas)(objectClass=*",
        "x)(|(uid=dlucas)",
        "\\64lucas",
        "dlucas\\",
        "dlucas\0",
        "d\u0131ucas",
        "Mary\u00a0Jones",
        "uid=dlucas,ou=people,dc=ibm,dc=com"
      })
  void aNameThatIsNoUsersNameIsUnknown(String name) throws Exception {
    LdapRegistry registry = registry(directory());

    assertThatExceptionOfType(UnknownUserException.class).isThrownBy(() -> registry.read(name));
  }

  /** RFC 4518, 2.2 and 2.6.1. */
  @ParameterizedTest
  @CsvSource(
      ignoreLeadingAndTrailingWhitespace = false,
      value = {"DLUCAS,dlucas", "dlucas ,dlucas", "Mary  Jones,Mary Jones"})
  void aNameInAnotherSpellingFindsThatUser(String spelling, String user) throws Exception {
    assertThat(registry(directory()).read(spelling).principal()).isEqualTo(user);
  }

  @Test
  void namesThatDifferInLetterCaseAreTwoUsersWhereNamesAreExact() throws Exception {
    DirectoryMapping exact = new DirectoryMapping(Map.of(), null, false, false, UserNames.EXACT);
    LdapRegistry registry = closing(new TestSettings(directory().url()).registry(exact));

    assertThat(registry.read("dlucas").principal()).isEqualTo("dlucas");
    assertThatExceptionOfType(UnknownUserException.class).isThrownBy(() -> registry.read("DLucas"));
  }

  @Test
  void aDotlessIIsAnotherUser() throws Exception {
    TestDirectory directory = directory();
    directory.addGroup("administrators", directory.addUser("mike"));
    directory.addGroup("guests", directory.addUser("m\u0131ke"));
    LdapRegistry registry = registry(directory);

    assertThat(registry.read("MIKE").groups()).containsExactly("administrators");
    assertThat(registry.read("m\u0131ke").groups()).containsExactly("guests");
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void aNameThatSeveralEntriesHaveIsRefused(int entries) throws Exception {
    TestDirectory directory = directory();
    for (int i = 0; i < entries; i++) {
      directory.addUser("twin" + i, new Attribute("mail", "twins@ibm.com"));
    }
    LdapRegistry registry =
        closing(new TestSettings(directory.url()).userFilter("(mail={user})").registry());

    assertThatExceptionOfType(NoCredentialException.class)
        .isThrownBy(() -> registry.read("twins@ibm.com"))
        .withMessage("%s: more than one entry is user twins@ibm.com", directory.url());
  }

  // failures

  @Test
  void aBaseThatTheDirectoryDoesNotHaveIsAFailureAndNoUnknownUser() throws Exception {
    TestDirectory directory = directory();
    LdapRegistry registry =
        closing(new TestSettings(directory.url()).baseDn("dc=example,dc=com").registry());

    assertUnavailable(registry, directory.url());
  }

  @Test
  void signsInWithTheFirstLineOfThePasswordFile() throws Exception {
    TestDirectory directory = directory(TestDirectory.options().signInNeeded());
    Path file = passwordFile(TestDirectory.READER_PASSWORD + "\nanother line\n");
    LdapRegistry registry =
        closing(new TestSettings(directory.url()).bind(TestDirectory.READER, file).registry());

    assertThat(registry.read("dlucas").groups()).containsExactly("employees");
    assertUnavailable(registry(directory), directory.url());
  }

  @Test
  void aWrongPasswordIsOneClearError() throws Exception {
    TestDirectory directory = directory();
    LdapRegistry registry =
        closing(
            new TestSettings(directory.url())
                .bind(TestDirectory.READER, passwordFile("wrong"))
                .registry());

    assertUnavailable(registry, directory.url());
    assertThatThrownBy(() -> registry.read("dlucas")).hasMessageContaining("invalid credentials");
  }

  @Test
  void aPasswordFileThatIsNoneIsNamedAtTheStart() throws Exception {
    for (Path file :
        List.of(
            temporary.resolve("missing"),
            temporary,
            Files.createFile(temporary.resolve("empty")),
            Files.writeString(temporary.resolve("blank line first"), "\nsecret"),
            Files.write(temporary.resolve("binary"), new byte[] {(byte) 0xff, (byte) 0xfe}))) {
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(
              () ->
                  new TestSettings("ldap://127.0.0.1:1")
                      .bind(TestDirectory.READER, file)
                      .registry())
          .withMessageStartingWith(file.toString() + ": ");
    }
  }

  @Test
  void aTrustStoreThatIsNoneIsNamedAtTheStart() throws Exception {
    for (Path file :
        List.of(
            temporary.resolve("missing"),
            Files.createFile(temporary.resolve("empty")),
            Files.writeString(temporary.resolve("no PEM"), "hello\n"))) {
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() -> new TestSettings("ldaps://127.0.0.1:1").trust(file).registry())
          .withMessageStartingWith("ldaps://127.0.0.1:1: ")
          .withMessageContaining(file.toString());
    }
  }

  @Test
  void aRefusedConnectionIsOneClearErrorAndTheNextReadWorksWhenTheDirectoryIsBack()
      throws Exception {
    TestDirectory directory = directory();
    LdapRegistry registry = registry(directory);
    directory.stop();
    assertUnavailable(registry, directory.url());

    directory.startAgain();

    assertThat(registry.read("dlucas").groups()).containsExactly("employees");

    directory.stop();
    assertThatExceptionOfType(RegistryUnavailableException.class)
        .isThrownBy(() -> registry.read("dlucas"))
        .withMessage(directory.url() + ": connect error, Connection refused");
  }

  /** How far a directory gets before it falls silent. */
  enum Silence {
    PLAIN,
    SIGN_IN,
    START_TLS,
    START_TLS_HANDSHAKE,
    LDAPS
  }

  @ParameterizedTest
  @EnumSource
  void aDirectoryThatAcceptsAndNeverAnswersIsOneClearErrorAfterTheTimeout(Silence silence)
      throws Exception {
    byte[] startTlsAccepted = {0x30, 12, 2, 1, 1, 0x78, 7, 10, 1, 0, 4, 0, 4, 0};
    ServerSocket silent = closing(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    if (silence == Silence.START_TLS_HANDSHAKE) {
      answerEachConnection(
          silent, connection -> connection.getOutputStream().write(startTlsAccepted));
    }
    String url =
        (silence == Silence.LDAPS ? "ldaps" : "ldap") + "://127.0.0.1:" + silent.getLocalPort();
    TestSettings settings = new TestSettings(url).timeout(SOON);
    switch (silence) {
      case PLAIN, LDAPS -> {}
      case SIGN_IN -> settings.bind(TestDirectory.READER, passwordFile("secret"));
      case START_TLS, START_TLS_HANDSHAKE -> settings.startTls();
    }

    assertUnavailable(closing(settings.registry()), url);
  }

  private interface Answer {

    void to(Socket connection) throws IOException;
  }

  private void answerEachConnection(ServerSocket socket, Answer answer) {
    Thread answering =
        new Thread(
            () -> {
              while (!socket.isClosed()) {
                try {
                  Socket connection = closing(socket.accept());
                  connection.getInputStream().read();
                  answer.to(connection);
                } catch (IOException e) {
                  // the test is over
                }
              }
            });
    answering.setDaemon(true);
    answering.start();
  }

  @Test
  void aDirectoryThatClosesEachConnectionIsOneClearError() throws Exception {
    ServerSocket abrupt = closing(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    answerEachConnection(abrupt, Socket::shutdownOutput);
    String url = "ldap://127.0.0.1:" + abrupt.getLocalPort();
    LdapRegistry registry = closing(new TestSettings(url).registry());

    assertThatExceptionOfType(RegistryUnavailableException.class)
        .isThrownBy(() -> registry.read("dlucas"))
        .withMessage(url + ": server down, it closed the connection");
  }

  @Test
  void connectionsThatTheDirectoryClosedAreMadeAnew() throws Exception {
    SearchesAtOnce searches = new SearchesAtOnce(4);
    TestDirectory directory = directory(TestDirectory.options().intercept(searches));
    LdapRegistry registry = closing(new TestSettings(directory.url()).connections(4).registry());
    readInThreads(registry, 4, 1);
    assertThat(searches.connections).hasSize(4);

    directory.closeConnections();
    for (int i = 0; i < 8; i++) {
      assertThat(registry.read("dlucas").groups()).containsExactly("employees");
    }

    directory.stop();
    directory.startAgain();
    for (int i = 0; i < 8; i++) {
      assertThat(registry.read("dlucas").groups()).containsExactly("employees");
    }
  }

  // the pool

  /** Lets no search go on before so many of them have been under way at once. */
  private static final class SearchesAtOnce extends InMemoryOperationInterceptor {

    private final Set<Long> connections = ConcurrentHashMap.newKeySet();
    private final CountDownLatch wanted;
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();

    SearchesAtOnce(int wanted) {
      this.wanted = new CountDownLatch(wanted);
    }

    @Override
    public void processSearchRequest(InMemoryInterceptedSearchRequest request) {
      connections.add(request.getConnectionID());
      most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
      try {
        wanted.countDown();
        wanted.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      } finally {
        underWay.decrementAndGet();
      }
    }
  }

  private void readInThreads(UserRegistry registry, int threads, int times) throws Exception {
    ExecutorService readers = Executors.newFixedThreadPool(threads);
    open.addFirst(readers::shutdownNow);
    Callable<Void> reader =
        () -> {
          for (int i = 0; i < times; i++) {
            assertThat(registry.read("dlucas").groups()).containsExactly("employees");
          }
          return null;
        };
    List<Callable<Void>> all = Collections.nCopies(threads, reader);
    for (Future<Void> done : readers.invokeAll(all)) {
      done.get();
    }
  }

  @Test
  void manyThreadsShareAsManyConnectionsAsAreConfigured() throws Exception {
    SearchesAtOnce searches = new SearchesAtOnce(3);
    TestDirectory directory = directory(TestDirectory.options().intercept(searches));
    LdapRegistry registry = closing(new TestSettings(directory.url()).connections(3).registry());

    readInThreads(registry, 32, 10);

    assertThat(searches.connections).as("connections").hasSize(3);
    assertThat(searches.most).as("searches at once").hasValue(3);
  }

  @Test
  void whoFindsAllConnectionsTakenGetsOneClearErrorAfterTheTimeout() throws Exception {
    SearchesAtOnce never = new SearchesAtOnce(Integer.MAX_VALUE);
    TestDirectory directory = directory(TestDirectory.options().intercept(never));
    LdapRegistry registry =
        closing(new TestSettings(directory.url()).connections(1).timeout(SOON).registry());
    Thread first =
        new Thread(
            () ->
                assertThatExceptionOfType(RegistryUnavailableException.class)
                    .isThrownBy(() -> registry.read("dlucas")));
    first.start();
    await().until(() -> never.connections.size() == 1);

    assertUnavailable(registry, directory.url());
    first.join();
  }

  // TLS

  @Test
  void ldapsWithATrustedCertificateWorks() throws Exception {
    TestDirectory directory = directory(TestDirectory.options().ldaps(own));
    LdapRegistry registry =
        closing(new TestSettings(directory.url()).trust(own.certificate()).registry());

    assertThat(registry.read("dlucas").groups()).containsExactly("employees");
  }

  @Test
  void startTlsWithATrustedCertificateWorks() throws Exception {
    TestDirectory directory = directory(TestDirectory.options().startTls(own).signInNeeded());
    LdapRegistry registry =
        closing(
            new TestSettings(directory.url())
                .startTls()
                .trust(own.certificate())
                .bind(TestDirectory.READER, passwordFile(TestDirectory.READER_PASSWORD))
                .registry());

    assertThat(registry.read("dlucas").groups()).containsExactly("employees");
    for (int i = 0; i < 20; i++) {
      directory.closeConnections();
      assertThat(registry.read("dlucas").groups()).containsExactly("employees");
    }
  }

  /** Counts who tried to sign in. */
  private static final class SignIns extends InMemoryOperationInterceptor {

    private final AtomicInteger count = new AtomicInteger();

    @Override
    public void processSimpleBindRequest(InMemoryInterceptedSimpleBindRequest request) {
      count.incrementAndGet();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aCertificateThatIsNotTrustedIsRefusedBeforeThePasswordIsSent(boolean startTls)
      throws Exception {
    assertRefusedWithoutSigningIn(own, another.certificate(), startTls);
    assertRefusedWithoutSigningIn(own, null, startTls);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aCertificateForAnotherHostIsRefusedBeforeThePasswordIsSent(boolean startTls)
      throws Exception {
    assertRefusedWithoutSigningIn(elsewhere, elsewhere.certificate(), startTls);
  }

  private void assertRefusedWithoutSigningIn(
      TestCertificate certificate, Path trusted, boolean startTls) throws Exception {
    SignIns signIns = new SignIns();
    TestDirectory.Options options = TestDirectory.options().intercept(signIns);
    TestDirectory directory =
        directory(startTls ? options.startTls(certificate) : options.ldaps(certificate));
    TestSettings settings =
        new TestSettings(directory.url())
            .trust(trusted)
            .bind(TestDirectory.READER, passwordFile(TestDirectory.READER_PASSWORD));
    LdapRegistry registry = closing((startTls ? settings.startTls() : settings).registry());

    assertUnavailable(registry, directory.url());
    assertThat(signIns.count).hasValue(0);
  }

  @Test
  void aDirectoryWithoutStartTlsIsRefusedWhereItIsConfigured() throws Exception {
    SignIns signIns = new SignIns();
    TestDirectory directory = directory(TestDirectory.options().intercept(signIns));
    LdapRegistry registry =
        closing(
            new TestSettings(directory.url())
                .startTls()
                .bind(TestDirectory.READER, passwordFile(TestDirectory.READER_PASSWORD))
                .registry());

    assertUnavailable(registry, directory.url());
    assertThat(signIns.count).hasValue(0);
  }

  // settings

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:389",
        "ldapi://127.0.0.1:389",
        "ldap://",
        "ldap://:389",
        "ldap://127.0.0.1:0",
        "ldap://127.0.0.1:65536",
        "ldap://127.0.0.1:x",
        "127.0.0.1:389",
        "ldap://127.0.0.1/dc=ibm,dc=com",
        "ldap://127.0.0.1/??sub?(uid=*)"
      })
  void aUrlThatIsNotHostAndPortOfADirectoryIsRefused(String url) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TestSettings(url).made())
        .withMessageContaining(url);
  }

  @ParameterizedTest
  @ValueSource(strings = {"(uid={user}", "(uid=dlucas)", "({user})", ""})
  void aUserFilterThatIsNoneIsRefused(String filter) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TestSettings("ldap://127.0.0.1").userFilter(filter).made())
        .withMessageContaining("user-filter");
  }

  @ParameterizedTest
  @ValueSource(strings = {"(member={user})", "(member={dn}", "(member=*)"})
  void aGroupFilterThatIsNoneIsRefused(String filter) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TestSettings("ldap://127.0.0.1").groupFilter(filter).made())
        .withMessageContaining("group-filter");
  }
}
