package org.smsjmx.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smsjmx.session.SessionTable.UserCount;

/** What every session table with {@link SessionTable.Capability#PAGES} must do. */
public abstract class PagesContract {

  private static final String REALM = "ibm.com";
  private static final UserPattern EVERYBODY = new UserPattern("*");
  private static final UserInRealm LUCAS = new UserInRealm("dlucas", REALM);

  protected final HandClock clock = new HandClock();
  private final SessionTable table = newTable(SessionTimeouts.DEFAULT, clock);

  /**
   * Makes an empty table.
   *
   * @param timeouts when its sessions end by themselves
   * @param clock tells both times; it moves only when the test moves it
   */
  protected abstract SessionTable newTable(SessionTimeouts timeouts, TimeSource clock);

  // --- users ---

  @Test
  void usersAreListedByNameWithTheNumberOfTheirSessions() {
    signIn("mary", 2);
    signIn("Bob", 1);
    signIn("dlucas", 7);
    signIn("ada", 3);
    signInElsewhere("zoe");

    assertThat(table.listUsers(EVERYBODY, REALM, null, 9))
        .isEqualTo(
            new UserList(
                4,
                13,
                List.of(
                    new UserCount("ada", 3),
                    new UserCount("Bob", 1),
                    new UserCount("dlucas", 7),
                    new UserCount("mary", 2))));
    assertThat(table.listUsers(EVERYBODY, "unknown.example.com", null, 9))
        .isEqualTo(new UserList(0, 0, List.of()));
  }

  @Test
  void everyPageTellsHowManyThereAreOnAll() {
    signIn("ada", 1);
    signIn("bob", 2);
    signIn("carl", 3);

    assertThat(table.listUsers(EVERYBODY, REALM, "ada", 1))
        .isEqualTo(new UserList(3, 6, List.of(new UserCount("bob", 2))));
    assertThat(table.listUsers(EVERYBODY, REALM, "carl", 1))
        .isEqualTo(new UserList(3, 6, List.of()));
    assertThat(table.listUsers(EVERYBODY, REALM, null, 0)).isEqualTo(new UserList(3, 6, List.of()));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 1_000})
  void pagesTogetherHoldEveryUserOnceInOrder(int pageSize) {
    List<String> names = new ArrayList<>();
    for (String letters : List.of("", "a", "a^", "\u00FF", "\u0434", "\u4E00", "\uD83D\uDE00")) {
      for (String end : List.of("0", "1", "\u00FFx", "\u4E01")) {
        names.add("x".repeat(14) + letters + end);
        names.add("u" + letters + end);
      }
    }
    List<String> shuffled = new ArrayList<>(names);
    Collections.shuffle(shuffled, new Random(1));
    shuffled.forEach(name -> signIn(name, 1));
    Collections.sort(names);

    assertThat(allUsers(pageSize)).isEqualTo(names);
  }

  private List<String> allUsers(int pageSize) {
    List<String> all = new ArrayList<>();
    String after = null;
    List<UserCount> page;
    do {
      page = table.listUsers(EVERYBODY, REALM, after, pageSize).users();
      page.forEach(user -> all.add(user.user()));
      after = page.isEmpty() ? null : page.get(page.size() - 1).user();
    } while (after != null);
    return all;
  }

  @Test
  void aPageGoesOnAfterANameWhoseUserHasGoneInWhateverLetterCase() {
    signIn("ada", 1);
    signIn("bob", 1);
    signIn("carl", 1);
    table.terminateAll(new UserInRealm("bob", REALM));

    assertThat(usersAfter("BOB")).containsExactly("carl");
    assertThat(usersAfter("b")).containsExactly("carl");
    assertThat(usersAfter("Ada")).containsExactly("carl");
    assertThat(usersAfter("z")).isEmpty();
  }

  private List<String> usersAfter(@Nullable String after) {
    return table.listUsers(EVERYBODY, REALM, after, 9).users().stream()
        .map(UserCount::user)
        .toList();
  }

  @Test
  void onlyUsersThatMatchAreListedAndCounted() {
    signIn("dlucas", 2);
    signIn("lukas", 3);
    signIn("mary", 1);

    assertThat(table.listUsers(new UserPattern("*LU*"), REALM, null, 1))
        .isEqualTo(new UserList(2, 5, List.of(new UserCount("dlucas", 2))));
    assertThat(table.listUsers(new UserPattern("Mary"), REALM, null, 1))
        .isEqualTo(new UserList(1, 1, List.of(new UserCount("mary", 1))));
    assertThat(table.listUsers(new UserPattern("nobody"), REALM, null, 1))
        .isEqualTo(new UserList(0, 0, List.of()));
  }

  @Test
  void usersWhoseSessionsHaveExpiredAreNotListed() {
    signIn("dlucas", 5);
    clock.advance(Duration.ofMinutes(9));
    signIn("mary", 1);
    clock.advance(Duration.ofMinutes(1));

    assertThat(table.listUsers(EVERYBODY, REALM, null, 9))
        .isEqualTo(new UserList(1, 1, List.of(new UserCount("mary", 1))));
  }

  /** Others come and go on both sides of each page. */
  @Test
  void aUserWhoStaysIsOnOnePageWhoeverComesAndGoesMeanwhile() {
    List<String> staying = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      staying.add("stays-%03d".formatted(i));
    }
    staying.forEach(name -> signIn(name, 1));
    AtomicBoolean done = new AtomicBoolean();
    CompletableFuture<Void> others =
        CompletableFuture.runAsync(
            () -> {
              Random random = new Random(7);
              while (!done.get()) {
                String name = "stays-%03d-not".formatted(random.nextInt(300));
                signIn(name, 1);
                table.terminateAll(new UserInRealm(name, REALM));
              }
            });
    try {
      for (int i = 0; i < 20; i++) {
        List<String> seen = allUsers(13);
        assertThat(seen).isSorted().doesNotHaveDuplicates();
        assertThat(seen.stream().filter(name -> !name.endsWith("-not"))).isEqualTo(staying);
      }
    } finally {
      done.set(true);
      others.join();
    }
  }

  @Test
  void aNegativeMaximumOfUsersIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> table.listUsers(EVERYBODY, REALM, null, -1))
        .withMessageContaining("maximum");
  }

  // --- sessions of a user ---

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 5, 6, 17, 70})
  void everyPartOfAUsersSessionsIsInOrder(int number) {
    List<SessionId> oldestFirst = signIn("dlucas", number);
    List<SessionId> newestFirst = new ArrayList<>(oldestFirst);
    Collections.reverse(newestFirst);
    signIn("other", 2);

    for (int offset = 0; offset <= number + 1; offset++) {
      for (int maximum : new int[] {0, 1, 2, 5, number, Integer.MAX_VALUE}) {
        assertPart(oldestFirst, offset, maximum, false);
        assertPart(newestFirst, offset, maximum, true);
      }
    }
    assertPart(oldestFirst, Integer.MAX_VALUE, Integer.MAX_VALUE, true);
  }

  private void assertPart(List<SessionId> all, int offset, int maximum, boolean newestFirst) {
    SessionList part = table.listSessions(LUCAS, offset, maximum, newestFirst);
    assertThat(part.matched()).isEqualTo(all.size());
    assertThat(part.sessions())
        .as("%d from %d on, newest first: %s", maximum, offset, newestFirst)
        .extracting(Session::id)
        .isEqualTo(all.stream().skip(offset).limit(maximum).toList());
  }

  @Test
  void sessionsThatHaveEndedAreInNoPart() {
    List<SessionId> ids = new ArrayList<>(signIn("dlucas", 12));
    for (int i : new int[] {11, 6, 5, 4, 0}) {
      SignIns.signOut(table, ids.remove(i));
    }
    assertPart(ids, 0, 99, false);
    assertPart(ids, 5, 99, false);
    table.terminateAll(LUCAS);
    assertPart(List.of(), 0, 99, false);
    assertPart(signIn("DLucas", 3), 0, 99, false);
  }

  @Test
  void sessionsThatHaveExpiredAreInNoPart() {
    signIn("dlucas", 9);
    clock.advance(Duration.ofMinutes(9));
    List<SessionId> later = signIn("dlucas", 4);
    clock.advance(Duration.ofMinutes(1));

    assertPart(later, 0, 99, false);
    assertPart(later, 3, 1, false);
  }

  @Test
  void sessionsElsewhereAreInNoPart() {
    signInElsewhere("dlucas");
    assertPart(List.of(), 0, 9, false);
  }

  @Test
  void aNegativeOffsetOrMaximumIsRefusedByName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> table.listSessions(LUCAS, -1, 9, false))
        .withMessage("offset must be 0 or more: -1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> table.listSessions(LUCAS, 0, -2, true))
        .withMessage("maximum must be 0 or more: -2");
  }

  @Test
  void theLastPageOfAHundredThousandSessionsIsTheEndOfThem() {
    List<SessionId> ids = signIn("dlucas", 100_000);

    assertPart(ids, 99_975, 25, false);
    Collections.reverse(ids);
    assertPart(ids, 0, 25, true);
    assertPart(ids, 99_990, 25, true);
  }

  // --- short forms ---

  private List<SessionId> signIn(String name, int number) {
    List<SessionId> ids = new ArrayList<>();
    UserInRealm user = new UserInRealm(name, REALM);
    Credential credential = new Credential(name, List.of("staff"), Map.of());
    for (int i = 0; i < number; i++) {
      SessionId id = SignIns.enter(table, user, "cruz", credential, table.beginSignIn());
      assertThat(id).isNotNull();
      ids.add(id);
    }
    return ids;
  }

  private void signInElsewhere(String name) {
    UserInRealm user = new UserInRealm(name, "partners.example.com");
    Credential credential = new Credential(name, List.of("staff"), Map.of());
    SignIns.enter(table, user, "cruz", credential, table.beginSignIn());
  }
}
