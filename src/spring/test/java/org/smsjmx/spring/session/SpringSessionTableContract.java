package org.smsjmx.spring.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.smsjmx.spring.session.StoreNode.user;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smsjmx.session.Credential;
import org.smsjmx.session.EndReason;
import org.smsjmx.session.RefreshReport;
import org.smsjmx.session.Session;
import org.smsjmx.session.SessionId;
import org.smsjmx.session.SessionListener;
import org.smsjmx.session.SessionTable;
import org.smsjmx.session.SessionTotals;
import org.smsjmx.session.UserPattern;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.session.FindByIndexNameSessionRepository;

/** What holds for two nodes over one store, whatever store it is. */
abstract class SpringSessionTableContract<S extends org.springframework.session.Session> {

  private static final String NOTE = "of a request";

  private final AtomicLong now = new AtomicLong(System.currentTimeMillis());
  private final InMemoryUserDetailsManager users = new InMemoryUserDetailsManager();
  private StoreNode<S> one;
  private StoreNode<S> other;

  /** Returns a further repository over the store of the test. */
  abstract FindByIndexNameSessionRepository<S> repository() throws Exception;

  /** Lets the store fail. */
  abstract void breakStore() throws Exception;

  @BeforeEach
  void twoNodes() throws Exception {
    users.createUser(StoreNode.details("dlucas", "ROLE_USER"));
    users.createUser(StoreNode.details("johnq", "ROLE_USER"));
    one = node("one");
    other = node("other");
  }

  private StoreNode<S> node(String server) throws Exception {
    return new StoreNode<>(server, repository(), users, () -> Instant.ofEpochMilli(now.get()));
  }

  private void pass(Duration time) {
    now.addAndGet(time.toMillis());
  }

  @Test
  void terminateEndsTheSessionsOfAllNodes() {
    List<String> ended = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      ended.add(one.signIn("dlucas"));
      ended.add(other.signIn("dlucas"));
    }
    String left = other.signIn("johnq");

    assertThat(one.table.terminateAll(user("dlucas"))).isEqualTo(6);

    assertThat(ended).noneMatch(other::isAlive);
    assertThat(other.isAlive(left)).isTrue();
    assertThat(one.table.terminateAll(user("dlucas"))).isZero();
    assertThat(other.table.terminateAll(user("dlucas"))).isZero();
  }

  @Test
  void terminateCountsSessionsOfUsersWhoSignedInBeforeThereWasATable() {
    String old = one.save(one.before("dlucas"));

    assertThat(other.table.terminateAll(user("dlucas"))).isEqualTo(1);

    assertThat(one.isAlive(old)).isFalse();
  }

  @Test
  void terminateEndsASessionThatNeverExpires() {
    S session = one.enter("dlucas", one.table.begin());
    session.setMaxInactiveInterval(Duration.ofSeconds(-1));
    String id = one.save(session);

    assertThat(other.table.terminateAll(user("dlucas"))).isEqualTo(1);

    assertThat(one.isAlive(id)).isFalse();
  }

  @Test
  void terminatesAtTwoNodesCountEachSessionOnce() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      for (int round = 0; round < 20; round++) {
        pass(StoreNode.SKEW.plusMillis(1));
        for (int i = 0; i < 5; i++) {
          one.signIn("dlucas");
        }
        CyclicBarrier start = new CyclicBarrier(2);
        List<Future<Integer>> counts = new ArrayList<>();
        for (StoreNode<S> node : List.of(one, other)) {
          counts.add(
              threads.submit(
                  () -> {
                    start.await();
                    return node.table.terminateAll(user("dlucas"));
                  }));
        }
        assertThat(counts.get(0).get() + counts.get(1).get()).isEqualTo(5);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void aSignInThatATerminateAtTheSameNodeOvertakesIsRefusedOnceItIsSaved() {
    S session = one.enter("dlucas", one.table.begin());
    assertThat(one.table.terminateAll(user("dlucas"))).isZero();

    String id = one.save(session);

    assertThat(one.isAlive(id)).isFalse();
    assertThat(one.repository.findByPrincipalName("dlucas")).isEmpty();
  }

  @Test
  void aSignInThatATerminateAtAnotherNodeOvertakesIsRefusedOnceItIsSaved() {
    S session = one.enter("dlucas", one.table.begin());
    pass(Duration.ofSeconds(30));
    assertThat(other.table.terminateAll(user("dlucas"))).isZero();
    pass(Duration.ofSeconds(30));

    String id = one.save(session);

    assertThat(one.isAlive(id)).isFalse();
    assertThat(totals(one).signedIn()).isZero();
    assertThat(totals(one).sessions()).isEqualTo(SessionTotals.UNKNOWN);
  }

  /** Whichever of the two is first, in every order of what they do. */
  @Test
  void noSignInSurvivesATerminateThatBeganLater() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      for (int round = 0; round < 100; round++) {
        pass(StoreNode.SKEW.plusMillis(1));
        S session = one.enter("dlucas", one.table.begin());
        StoreNode<S> node = round % 2 == 0 ? one : other;
        CyclicBarrier start = new CyclicBarrier(2);
        Future<Integer> ended =
            threads.submit(
                () -> {
                  start.await();
                  return node.table.terminateAll(user("dlucas"));
                });
        Future<String> id =
            threads.submit(
                () -> {
                  start.await();
                  return one.save(session);
                });

        assertThat(ended.get()).isLessThanOrEqualTo(1);
        assertThat(one.isAlive(id.get())).isFalse();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void sessionsThatLiveAreToldFromThoseThatHaveEnded() {
    String id = one.signIn("dlucas");
    String ended = one.signIn("johnq");
    S inFlight = loaded(one, ended);
    one.table.terminateAll(user("johnq"));
    use(inFlight);
    one.save(inFlight);

    assertThat(other.table.alive(Set.of(id, ended, "unknown"))).containsExactly(id);
    assertThat(other.table.alive(Set.of())).isEmpty();
  }

  @Test
  void aTerminateOfAnotherUserLeavesASignInAlone() {
    S session = one.enter("dlucas", one.table.begin());
    one.table.terminateAll(user("johnq"));
    other.table.terminateAll(user("johnq"));

    assertThat(one.isAlive(one.save(session))).isTrue();
  }

  @Test
  void aSignInAfterATerminateIsLeftAlone() {
    one.table.terminateAll(user("dlucas"));
    String sameNode = one.signIn("dlucas");
    pass(StoreNode.SKEW.plusMillis(1));
    String otherNode = other.signIn("dlucas");

    assertThat(one.isAlive(sameNode)).isTrue();
    assertThat(one.isAlive(otherNode)).isTrue();
  }

  @Test
  void aSignInIsRefusedWhereTheClocksOfTwoNodesDoNotTellWhetherItIsLater() {
    one.table.terminateAll(user("dlucas"));
    pass(StoreNode.SKEW);

    assertThat(one.isAlive(other.signIn("dlucas"))).isFalse();
  }

  @Test
  void aSignInThatTakesLongerThanABarrierLastsIsRefused() {
    S session = one.enter("dlucas", one.table.begin());
    pass(Barrier.LONGEST_SIGN_IN.plusMillis(1));

    assertThat(one.isAlive(one.save(session))).isFalse();
  }

  @Test
  void refreshChangesTheAuthoritiesOfTheSessionsOfAllNodes() {
    String first = one.signIn("dlucas");
    String second = other.signIn("dlucas");
    String unmarked = other.save(other.before("dlucas"));
    String left = other.signIn("johnq");
    users.updateUser(StoreNode.details("dlucas", "ROLE_ADMIN", "ROLE_USER"));

    RefreshReport report = one.sessions.refreshAll(user("dlucas"));

    assertThat(report.sessions()).isEqualTo(3);
    assertThat(report.changed()).isEqualTo(3);
    assertThat(report.change().groupsAdded()).containsExactly("ROLE_ADMIN");
    assertThat(List.of(first, second, unmarked))
        .allSatisfy(id -> assertThat(other.authorities(id)).contains("ROLE_ADMIN"));
    assertThat(one.authorities(left)).containsExactly("ROLE_USER");
    assertThat(list(other, "dlucas"))
        .extracting(Session::credentialVersion)
        .containsExactlyInAnyOrder(2, 2, 1);
  }

  @Test
  void aSignInThatARefreshOvertakesHasTheNewAuthorities() {
    S session = one.enter("dlucas", one.table.begin());
    users.updateUser(StoreNode.details("dlucas", "ROLE_ADMIN"));
    assertThat(other.sessions.refreshAll(user("dlucas")).sessions()).isZero();

    String id = one.save(session);

    assertThat(other.authorities(id)).containsExactly("ROLE_ADMIN");
  }

  @Test
  void aSignInThatCannotBeRebuiltIsLetInAcrossARefresh() {
    S session = one.enter("dlucas", one.table.begin());
    SecurityContext context = session.getAttribute(SpringSessionTable.CONTEXT);
    context.setAuthentication(
        UsernamePasswordAuthenticationToken.authenticated("provider-user", null, List.of()));
    session.setAttribute(SpringSessionTable.CONTEXT, context);
    one.table.beginRefresh(user("provider-user"));

    String id = one.save(session);

    assertThat(one.isAlive(id)).isTrue();
    assertThat(one.table.previewRefresh(user("provider-user"), Map.of()).kept()).isEqualTo(1);
  }

  @Test
  void ofTwoRefreshesThatOverlapTheYoungerReadingStays() {
    String id = one.signIn("dlucas");
    long epoch = one.table.beginRefresh(user("dlucas"));
    Map<String, Credential> read = Map.of("dlucas", one.registry().read("dlucas"));
    users.updateUser(StoreNode.details("dlucas", "ROLE_ADMIN"));
    other.sessions.refreshAll(user("dlucas"));

    assertThat(one.table.refreshAll(user("dlucas"), read, epoch).sessions()).isEqualTo(1);

    assertThat(other.authorities(id)).containsExactly("ROLE_ADMIN");
  }

  @Test
  void aRequestInFlightRevivesNoSession() {
    S inFlight = loaded(one, one.signIn("dlucas"));
    assertThat(other.table.terminateAll(user("dlucas"))).isEqualTo(1);

    use(inFlight);
    inFlight.setAttribute(
        SpringSessionTable.CONTEXT, inFlight.getAttribute(SpringSessionTable.CONTEXT));
    one.save(inFlight);

    assertThat(one.isAlive(inFlight.getId())).isFalse();
    assertThat(list(other, "dlucas")).isEmpty();
    assertThat(other.table.terminateAll(user("dlucas"))).isZero();
  }

  @Test
  void aRequestInFlightThatSetsAnIdleLimitRevivesNoSession() {
    S inFlight = loaded(one, one.signIn("dlucas"));
    assertThat(other.table.terminateAll(user("dlucas"))).isEqualTo(1);

    use(inFlight);
    inFlight.setMaxInactiveInterval(Duration.ofHours(1));
    inFlight.setAttribute(
        SpringSessionTable.CONTEXT, inFlight.getAttribute(SpringSessionTable.CONTEXT));
    one.save(inFlight);

    assertThat(one.isAlive(inFlight.getId())).isFalse();
    assertThat(list(other, "dlucas")).isEmpty();
    assertThat(other.table.terminateAll(user("dlucas"))).isZero();
  }

  @Test
  void aRequestInFlightUndoesNoRefresh() {
    S inFlight = loaded(one, one.signIn("dlucas"));
    users.updateUser(StoreNode.details("dlucas", "ROLE_ADMIN"));
    assertThat(other.sessions.refreshAll(user("dlucas")).sessions()).isEqualTo(1);

    use(inFlight);
    one.save(inFlight);

    assertThat(other.authorities(inFlight.getId())).containsExactly("ROLE_ADMIN");
    assertThat(other.<String>attribute(inFlight.getId(), NOTE)).isEqualTo("changed");
  }

  @Test
  void aRefreshRevivesNoSession() {
    String id = one.signIn("dlucas");
    SessionId shown = list(other, "dlucas").get(0).id();
    long epoch = other.table.beginRefresh(user("dlucas"));
    one.repository.deleteById(id);

    assertThat(other.table.refresh(shown, other.registry().read("dlucas"), epoch)).isFalse();
    assertThat(
            Store.of(CheckedRepository.undecorated(other.repository))
                .write(id, Map.of("name", "value")))
        .isFalse();
    assertThat(other.isAlive(id)).isFalse();
    assertThat(list(other, "dlucas")).isEmpty();
  }

  @Test
  void aSessionThatChangesItsIdIsEndedAllTheSame() {
    S inFlight = loaded(one, one.signIn("dlucas"));
    inFlight.changeSessionId();
    String id = one.save(inFlight);

    assertThat(other.table.terminateAll(user("dlucas"))).isEqualTo(1);
    assertThat(one.isAlive(id)).isFalse();
  }

  @Test
  void whatOperationsLeaveInTheStoreIsNoSession() {
    other.signIn("dlucas");
    for (int i = 0; i < 5; i++) {
      one.table.terminateAll(user("dlucas"));
      one.sessions.refreshAll(user("dlucas"));
    }
    String id = one.signIn("dlucas");

    assertThat(list(one, "dlucas")).hasSize(1);
    assertThat(one.table.spellings(user("dlucas"))).containsExactly("dlucas");
    assertThat(totals(one)).isEqualTo(new SessionTotals(1, 0, 1, SessionTotals.UNKNOWN, 0));
    assertThat(storedSessions()).as("one of each kind, and the user's").isEqualTo(3);
    assertThat(one.isAlive(id)).isTrue();
  }

  /** Returns how many sessions the store has of whatever kind. */
  abstract long storedSessions();

  @Test
  void aSessionThatTheApplicationDeletesIsSignedOut() {
    String id = one.signIn("dlucas");
    List<SessionListener.Ended> told = new ArrayList<>();
    one.table.listen(
        new SessionListener() {
          @Override
          public void ended(Ended event) {
            told.add(event);
          }
        });

    one.repository.deleteById(id);
    one.repository.deleteById(id);

    assertThat(one.isAlive(id)).isFalse();
    assertThat(told)
        .extracting(SessionListener.Ended::reason)
        .containsExactly(EndReason.USER_LOGGED_OUT);
    assertThat(totals(one).signedOut()).isEqualTo(1);
    assertThat(one.table.terminateAll(user("dlucas"))).isZero();
  }

  @Test
  void aSessionIsFoundByTheIdThatIsShown() {
    String id = one.signIn("dlucas");
    Session listed = list(other, "dlucas").get(0);

    assertThat(listed.server()).isEqualTo("one");
    assertThat(listed.credential().groups()).containsExactly("ROLE_USER");
    assertThat(listed.id().toString()).doesNotContain(id);
    assertThat(other.table.find(listed.id())).isEqualTo(listed);
    assertThat(other.table.touch(listed.id())).isEqualTo(1);
    assertThat(one.table.find(listed.id())).as("ids of another node").isNull();
    assertThat(other.table.end(listed.id(), EndReason.TERMINATED_BY_ADMIN)).isTrue();
    assertThat(other.table.end(listed.id(), EndReason.TERMINATED_BY_ADMIN)).isFalse();
    assertThat(other.table.touch(listed.id())).isZero();
    assertThat(one.isAlive(id)).isFalse();
  }

  @Test
  void aUserIsFoundUnderTheNameAsGivenAndInLowerCase() {
    users.createUser(StoreNode.details("mjones", "ROLE_USER"));
    one.signIn("mjones");

    assertThat(other.table.terminateAll(user("MJones"))).isEqualTo(1);
  }

  @Test
  void whatTheStoreCannotTellIsNotAnswered() {
    assertThat(one.table.capabilities()).isEmpty();
    assertThatThrownBy(() -> one.table.users(StoreNode.REALM))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("by the user's name only");
    assertThatThrownBy(() -> one.table.list(new UserPattern("d*"), StoreNode.REALM, 10))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void aStoreThatDoesNotAnswerIsNoAnswer() throws Exception {
    one.signIn("dlucas");
    breakStore();

    assertThatThrownBy(() -> one.table.terminateAll(user("dlucas")))
        .isInstanceOf(SessionTable.UnavailableException.class)
        .hasMessageStartingWith("the store of Spring Session does not answer");
    assertThat(one.table.health().available()).isFalse();
  }

  private static <S extends org.springframework.session.Session> S loaded(
      StoreNode<S> node, String id) {
    S session = node.repository.findById(id);
    assertThat(session).isNotNull();
    return session;
  }

  private void use(S session) {
    session.setAttribute(NOTE, "changed");
    session.setLastAccessedTime(Instant.now());
  }

  private static SessionTotals totals(StoreNode<?> node) {
    return node.table.totals().values().iterator().next().get(StoreNode.REALM);
  }

  private static List<Session> list(StoreNode<?> node, String user) {
    return node.table.list(new UserPattern(user), StoreNode.REALM, 100).sessions();
  }
}
