package org.smsjmx.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.smsjmx.fixture.Endpoints.CRUZ;
import static org.smsjmx.fixture.Endpoints.DALLAS;
import static org.smsjmx.fixture.Endpoints.IBM;
import static org.smsjmx.fixture.Endpoints.SERVICE;
import static org.smsjmx.fixture.Endpoints.SIMULATION;

import com.unboundid.ldap.listener.interceptor.InMemoryInterceptedSearchRequest;
import com.unboundid.ldap.listener.interceptor.InMemoryOperationInterceptor;
import com.unboundid.ldap.sdk.Attribute;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.management.Notification;
import javax.management.openmbean.CompositeData;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smsjmx.fixture.Endpoint;
import org.smsjmx.fixture.Endpoint.Outcome;
import org.smsjmx.fixture.Endpoints;
import org.smsjmx.fixture.JolokiaClient;
import org.smsjmx.fixture.Rmi;
import org.smsjmx.fixture.ServerProcess;
import org.smsjmx.registry.GeneratedUsers;
import org.smsjmx.registry.TestDirectory;

/** A refresh from beginning to end: a server whose users are in a directory on a socket. */
final class RefreshIT {

  private static final String REALM = "sms:type=Realm,name=" + IBM;
  private static final String FISCHER = "Jörg Fischer";

  private static final Hold HOLD = new Hold();
  private static TestDirectory directory;
  private static String userDn;
  private static ServerProcess server;
  private static Endpoints endpoints;
  private static Endpoint http;

  /** Lets the next search wait, if one is to. */
  private static final class Hold extends InMemoryOperationInterceptor {

    private volatile CountDownLatch come = new CountDownLatch(0);
    private volatile CountDownLatch released = new CountDownLatch(0);

    void arm() {
      released = new CountDownLatch(1);
      come = new CountDownLatch(1);
    }

    @Override
    public void processSearchRequest(InMemoryInterceptedSearchRequest request) {
      come.countDown();
      try {
        released.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  @BeforeAll
  static void start() throws Exception {
    directory = TestDirectory.open(HOLD);
    userDn = directory.addUser(FISCHER, new Attribute("mail", "fischer@ibm.com"));
    directory.addGroup("employees", userDn);
    directory.addGroup("trainees", userDn);
    Path configuration = ServerProcess.copyOfConfiguration();
    Path yaml = configuration.resolve("sms.yaml");
    Files.writeString(
        yaml,
        Files.readString(yaml)
            .replace(
                "  ldif: users.ldif\n",
                "  ldap: { url: '%s', base-dn: '%s', timeout: PT20S }\n"
                    .formatted(directory.url(), TestDirectory.BASE)));
    server =
        ServerProcess.start()
            .config(configuration)
            .option("--sessions", "100")
            .option("--users", "20")
            .ready();
    endpoints = Endpoints.paused(server);
    http = server.jolokia().byPost();
  }

  @AfterAll
  static void stop() {
    endpoints.close();
    server.close();
    directory.close();
  }

  @BeforeEach
  void signIn() {
    Outcome signedIn = http.call(SIMULATION, "signIn", FISCHER, IBM, CRUZ, 2);
    assertThat(signedIn.number()).as(signedIn.toString()).isEqualTo(2);
  }

  @AfterEach
  void terminate() {
    http.server(CRUZ, "terminateAllSessions", FISCHER, IBM);
  }

  private static Map<?, ?> map(Outcome outcome) {
    assertThat(outcome.error()).isEmpty();
    return (Map<?, ?>) outcome.value();
  }

  private static List<?> sessions() {
    Outcome listed = http.server(CRUZ, "listSessions", FISCHER, IBM, 10);
    return (List<?>) map(listed).get("sessions");
  }

  private static List<Object> groups(Object session) {
    return List.copyOf((List<?>) ((Map<?, ?>) session).get("groups"));
  }

  private static void assertReport(
      Map<?, ?> report, long changed, List<String> added, List<String> removed, List<String> mail) {
    assertThat(report)
        .isEqualTo(
            Map.ofEntries(
                Map.entry("sessions", 2L),
                Map.entry("changed", changed),
                Map.entry("groupsAdded", added),
                Map.entry("groupsRemoved", removed),
                Map.entry("attributesAdded", List.of()),
                Map.entry("attributesRemoved", List.of()),
                Map.entry("attributesReplaced", mail),
                Map.entry("attributesPreserved", List.of()),
                Map.entry("kept", 0L),
                Map.entry("keptKinds", List.of()),
                Map.entry("notes", List.of())));
  }

  @Test
  void aGroupThatChangedInTheDirectoryReachesLiveSessions() throws Exception {
    List<?> before = sessions();
    assertReport(
        map(http.server(CRUZ, "previewRefresh", FISCHER, IBM)), 0, List.of(), List.of(), List.of());
    directory.addGroup("managers", userDn);
    directory.removeGroup("trainees");
    directory.set(userDn, "mail", "boss@ibm.com");
    try {
      List<String> mail = List.of("mail");
      assertReport(
          map(http.server(DALLAS, "previewRefresh", FISCHER, IBM)),
          2,
          List.of("managers"),
          List.of("trainees"),
          mail);
      assertThat(sessions()).as("a preview changes nothing").isEqualTo(before);

      assertReport(
          map(http.server(CRUZ, "refreshAllSessionsWithReport", FISCHER, IBM, "TICKET-1")),
          2,
          List.of("managers"),
          List.of("trainees"),
          mail);

      List<?> after = sessions();
      assertThat(after).hasSameSizeAs(before);
      for (int i = 0; i < after.size(); i++) {
        Map<?, ?> was = (Map<?, ?>) before.get(i);
        Map<?, ?> is = (Map<?, ?>) after.get(i);
        assertThat(groups(is)).containsOnly("employees", "managers");
        assertThat(is.get("credentialVersion")).isEqualTo((Long) was.get("credentialVersion") + 1);
        assertThat(is.get("refreshedAt")).isNotNull();
        for (String kept :
            List.of("id", "user", "realm", "server", "createdAt", "lastAccessAt", "expiresAt")) {
          assertThat(is.get(kept)).as(kept).isEqualTo(was.get(kept));
        }
      }
    } finally {
      directory.removeGroup("managers");
      directory.addGroup("trainees", userDn);
      directory.set(userDn, "mail", "fischer@ibm.com");
    }
  }

  @Test
  void notificationAndAuditTellTheNamesOfWhatChangedAndNoValues() throws Exception {
    BlockingQueue<Notification> heard = new LinkedBlockingQueue<>();
    endpoints
        .rmi()
        .connection()
        .addNotificationListener(
            Rmi.name("sms:type=Server,name=" + CRUZ),
            (notification, handback) -> heard.add(notification),
            null,
            null);
    directory.addGroup("managers", userDn);
    directory.set(userDn, "mail", "secret@ibm.com");
    try {
      http.server(CRUZ, "refreshAllSessionsWithReport", FISCHER, IBM, "TICKET-2");
    } finally {
      directory.removeGroup("managers");
      directory.set(userDn, "mail", "fischer@ibm.com");
    }

    Notification notification = heard.poll(60, TimeUnit.SECONDS);
    assertThat(notification).isNotNull();
    assertThat(notification.getType()).isEqualTo("sms.session.refreshed");
    assertThat(notification.getMessage()).doesNotContain("secret@");
    Map<?, ?> data = (Map<?, ?>) notification.getUserData();
    assertThat(data.toString()).doesNotContain("secret@");
    assertThat(data)
        .isEqualTo(
            Map.of(
                "user",
                FISCHER,
                "realm",
                IBM,
                "reason",
                "TICKET-2",
                "groupsAdded",
                List.of("managers"),
                "attributesReplaced",
                List.of("mail"),
                "sessions",
                2,
                "changed",
                2,
                "server",
                CRUZ,
                "caller",
                ServerProcess.ADMINISTRATOR));

    Path log = server.data().resolve("audit.log");
    await().until(() -> Files.readString(log).contains("TICKET-2"));
    String line =
        Files.readString(log)
            .lines()
            .filter(one -> one.contains("TICKET-2"))
            .findFirst()
            .orElseThrow();
    assertThat(line).doesNotContain("secret@");
    Map<?, ?> audit = (Map<?, ?>) JolokiaClient.parse(line);
    assertThat(audit.get("operation")).isEqualTo("refreshAllSessionsWithReport");
    assertThat(audit.get("user")).isEqualTo(FISCHER);
    assertThat(audit.get("groupsAdded")).isEqualTo(List.of("managers"));
    assertThat(audit.get("attributesReplaced")).isEqualTo(List.of("mail"));
    assertThat(audit.get("sessions")).isEqualTo(2L);
    assertThat(audit.get("outcome")).isEqualTo("done");
  }

  @Test
  void withoutTheDirectorySessionsKeepTheirCredentialAndCanBeEnded() throws Exception {
    List<?> before = sessions();
    directory.stop();
    try {
      for (Endpoint endpoint : endpoints.stream().toList()) {
        for (String operation : List.of("refreshAllSessions", "previewRefresh")) {
          Outcome failed = endpoint.server(CRUZ, operation, FISCHER, IBM);
          assertThat(failed.status()).isEqualTo(500);
          assertThat(failed.error())
              .startsWith("The user registry is not available: " + directory.url() + ": ")
              .endsWith("; sessions keep their credential.")
              .hasLineCount(1)
              .hasSizeLessThan(300);
        }
      }
      assertThat(sessions()).isEqualTo(before);
      assertThat(http.call(SIMULATION, "signIn", FISCHER, IBM, CRUZ, 1).error())
          .contains("The user registry is not available");

      JolokiaClient jolokia = server.jolokia();
      String madeUp = GeneratedUsers.name(1);
      assertThat(http.call(SIMULATION, "signIn", madeUp, IBM, CRUZ, 1).number())
          .as("a made-up user needs no directory")
          .isEqualTo(1);
      assertThat(jolokia.read(SERVICE, "RegistryAvailable")).isEqualTo(false);
      assertThat((String) jolokia.read(SERVICE, "RegistryFailure")).startsWith(directory.url());
      Instant answered = Instant.parse((String) jolokia.read(SERVICE, "RegistryLastAnswerAt"));
      assertThat(answered).isBefore(Instant.now());

      assertThat(http.server(CRUZ, "terminateAllSessions", FISCHER, IBM).number()).isEqualTo(2);
      assertThat(sessions()).isEmpty();

      directory.startAgain();
      signIn();
      assertThat(http.server(CRUZ, "refreshAllSessions", FISCHER, IBM).number()).isEqualTo(2);
      assertThat(jolokia.read(SERVICE, "RegistryAvailable")).isEqualTo(true);
      assertThat(jolokia.read(SERVICE, "RegistryFailure")).isEqualTo("");
      assertThat(Instant.parse((String) jolokia.read(SERVICE, "RegistryLastAnswerAt")))
          .isAfter(answered);
    } finally {
      directory.stop();
      directory.startAgain();
    }
  }

  @Test
  void aSecondEntryOfTheNameConcernsThatUserAlone() throws Exception {
    List<?> before = sessions();
    String twin = directory.addUser("twin", new Attribute("uid", FISCHER, "twin"));
    try {
      for (Endpoint endpoint : endpoints.stream().toList()) {
        for (String operation : List.of("refreshAllSessions", "previewRefresh")) {
          Outcome failed = endpoint.server(CRUZ, operation, FISCHER, IBM);
          assertThat(failed.status()).isEqualTo(500);
          assertThat(failed.error())
              .isEqualTo(
                  "The user registry gives no credential: %s: more than one entry is user %s;"
                          .formatted(directory.url(), FISCHER)
                      + " sessions keep theirs.");
        }
      }
      assertThat(sessions()).isEqualTo(before);
      assertThat(server.jolokia().read(SERVICE, "RegistryAvailable")).isEqualTo(true);
      assertThat(http.server(CRUZ, "terminateAllSessions", FISCHER, IBM).number()).isEqualTo(2);
    } finally {
      directory.set(twin, "uid", "twin");
    }
  }

  @Test
  void aUserWhomTheDirectoryDoesNotKnowIsRefused() {
    endpoints.stream()
        .forEach(
            endpoint -> {
              for (String operation : List.of("refreshAllSessions", "previewRefresh")) {
                for (String user : List.of("nobody", "JörgFischer", "x)(uid=Jörg Fischer")) {
                  Outcome refused = endpoint.server(CRUZ, operation, user, IBM);
                  assertThat(refused.status()).isEqualTo(500);
                  assertThat(refused.error())
                      .startsWith("HPDMG0754W   ")
                      .contains(user)
                      .endsWith("(status 0x14c012f2)")
                      .hasLineCount(1);
                }
              }
            });
    assertThat(server.jolokia().read(SERVICE, "RegistryAvailable")).isEqualTo(true);
  }

  @Test
  void aRealmIsRefreshedAndShowsHowFarItIs() throws Exception {
    Outcome wrong = endpoints.rmi().call(REALM, "refreshRealm", "partners.example.com");
    assertThat(wrong.error()).startsWith("CTGSI0313E   ").contains(IBM);
    directory.addGroup("managers", userDn);
    HOLD.arm();
    try (Rmi other = server.rmi()) {
      CompletableFuture<Outcome> refresh =
          CompletableFuture.supplyAsync(() -> other.call(REALM, "refreshRealm", IBM));
      HOLD.come.await();

      CompositeData progress = (CompositeData) endpoints.rmi().read(REALM, "RealmRefresh");
      assertThat(progress.get("realm")).isEqualTo(IBM);
      assertThat(progress.get("running")).isEqualTo(true);
      assertThat((Integer) progress.get("usersDone")).isLessThan((Integer) progress.get("users"));
      assertThat(http.call(REALM, "refreshRealm", IBM).error())
          .isEqualTo("A realm is being refreshed already.");

      HOLD.released.countDown();
      int refreshed = refresh.join().number();
      progress = (CompositeData) endpoints.rmi().read(REALM, "RealmRefresh");
      assertThat(progress.get("running")).isEqualTo(false);
      assertThat(progress.get("usersDone")).isEqualTo(progress.get("users"));
      assertThat(progress.get("sessions")).isEqualTo(refreshed);
      assertThat(refreshed).isGreaterThan(2);
      assertThat(sessions())
          .hasSize(2)
          .allSatisfy(session -> assertThat(groups(session)).contains("managers"));
    } finally {
      HOLD.released.countDown();
      directory.removeGroup("managers");
    }
  }
}
