package org.smsjmx.session.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smsjmx.session.Credential;
import org.smsjmx.session.HandClock;
import org.smsjmx.session.SessionFacts;
import org.smsjmx.session.SessionTimeouts;
import org.smsjmx.session.SignIn;
import org.smsjmx.session.SignIn.Refused;
import org.smsjmx.session.UserInRealm;

/** Users of one stripe, more of them than it has barriers. */
final class EpochsTest {

  private static final int BARRIERS = 64;

  /** All have the same hash code. */
  private static final List<UserInRealm> USERS = usersOfOneHashCode();

  private static final UserInRealm USER = USERS.get(0);
  private static final List<UserInRealm> OTHERS = USERS.subList(1, USERS.size());

  private final Epochs epochs = new Epochs();

  private static List<UserInRealm> usersOfOneHashCode() {
    List<String> names = List.of("");
    for (int i = 0; i < 8; i++) {
      List<String> longer = new ArrayList<>();
      for (String name : names) {
        longer.add(name + "a^");
        longer.add(name + "b?");
      }
      names = longer;
    }
    return names.stream().map(name -> new UserInRealm(name, "ibm.com")).toList();
  }

  private Refused refused(long begun) {
    return epochs.refused(USER, begun, begun);
  }

  private void refresh(UserInRealm user) {
    epochs.raiseRefreshed(user, epochs.beginRefresh(user));
  }

  @Test
  void whatBefallsAsManyOthersAsThereAreBarriersRefusesNoSignIn() {
    long begun = epochs.newest();
    for (int times = 0; times < 3; times++) {
      OTHERS.subList(0, BARRIERS).forEach(epochs::raiseTerminated);
      OTHERS.subList(0, BARRIERS).forEach(this::refresh);
    }
    assertThat(refused(begun)).isNull();
  }

  @Test
  void aSignInThatBeganBeforeAForgottenTerminateHasToBeginAgain() {
    long begun = epochs.newest();
    OTHERS.subList(0, 100).forEach(epochs::raiseTerminated);
    assertThat(refused(begun)).isEqualTo(Refused.OUTDATED);
    assertThat(epochs.refused(USER, begun, epochs.newest())).isEqualTo(Refused.OUTDATED);

    long again = epochs.newest();
    OTHERS.subList(0, BARRIERS).forEach(epochs::raiseTerminated);
    assertThat(refused(again)).isNull();
  }

  @Test
  void aSignInWhoseOwnTerminateIsForgottenIsNotAdmitted() {
    long begun = epochs.newest();
    epochs.raiseTerminated(USER);
    for (UserInRealm other : OTHERS) {
      epochs.raiseTerminated(other);
      assertThat(refused(begun)).isIn(Refused.TERMINATED, Refused.OUTDATED);
    }
    assertThat(refused(begun)).isEqualTo(Refused.OUTDATED);
  }

  /** As in the refresh of a large realm, during which users sign in. */
  @Test
  void aSignInThatBeganBeforeAForgottenRefreshReadsAgainAndNeedNotBeginAgain() {
    long begun = epochs.newest();
    OTHERS.forEach(this::refresh);
    assertThat(refused(begun)).isEqualTo(Refused.REFRESHED);
    assertThat(epochs.refused(USER, begun, epochs.newest())).isNull();
  }

  @Test
  void refreshesOfManyOthersDoNotMakeATerminateForgotten() {
    long begun = epochs.newest();
    epochs.raiseTerminated(USER);
    OTHERS.forEach(this::refresh);
    assertThat(refused(begun)).isEqualTo(Refused.TERMINATED);
    assertThat(epochs.refused(OTHERS.get(0), begun, epochs.newest())).isNull();
  }

  @Test
  void aLateRefreshIsNotForgottenForOlderOnes() {
    long begun = epochs.newest();
    long late = epochs.beginRefresh(USER);
    long between = epochs.newest();
    OTHERS.forEach(this::refresh);
    epochs.raiseRefreshed(USER, late);
    assertThat(refused(begun)).isEqualTo(Refused.REFRESHED);
    assertThat(epochs.refused(USER, begun, epochs.newest())).isNull();
    refresh(OTHERS.get(0));
    assertThat(refused(between)).as("not known any more").isEqualTo(Refused.REFRESHED);
  }

  /** Compares with maps that forget nothing. */
  @ParameterizedTest
  @ValueSource(ints = {40, 64, 65, 100, 256})
  void noSignInIsAdmittedThatATableWhichForgetsNothingRefuses(int users) {
    Random random = new Random(users);
    Map<UserInRealm, Long> terminated = new HashMap<>();
    Map<UserInRealm, Long> refreshed = new HashMap<>();
    List<Long> begun = new ArrayList<>();
    Map<UserInRealm, Long> refreshing = new HashMap<>();
    for (int i = 0; i < 20_000; i++) {
      UserInRealm user = USERS.get(random.nextInt(users));
      switch (random.nextInt(4)) {
        case 0 -> {
          epochs.raiseTerminated(user);
          terminated.put(user, epochs.newest());
        }
        case 1 -> refreshing.putIfAbsent(user, epochs.beginRefresh(user));
        case 2 -> {
          Long epoch = refreshing.remove(user);
          if (epoch != null) {
            epochs.raiseRefreshed(user, epoch);
            refreshed.merge(user, epoch, Math::max);
          }
        }
        default -> begun.add(epochs.newest());
      }
      if (begun.size() > 1) {
        int first = Math.max(0, begun.size() - 1 - random.nextInt(2 * users));
        long start = begun.get(first);
        long read = begun.get(first + random.nextInt(begun.size() - first));
        Refused answer = epochs.refused(user, start, read);
        if (terminated.getOrDefault(user, 0L) > start) {
          assertThat(answer).isIn(Refused.TERMINATED, Refused.OUTDATED);
        } else if (refreshed.getOrDefault(user, 0L) > read) {
          assertThat(answer).isIn(Refused.REFRESHED, Refused.OUTDATED);
        } else if (users <= BARRIERS) {
          assertThat(answer).isNull();
        } else {
          assertThat(answer).isNotEqualTo(Refused.TERMINATED);
        }
        if (users <= BARRIERS) {
          assertThat(answer).isNotEqualTo(Refused.OUTDATED);
        }
      }
    }
  }

  @Test
  void aReadingHasTheEpochOfTheLastRefreshThatBeganBefore() {
    long first = epochs.newest();
    assertThat(epochs.lastRefreshBefore(USER, first)).isZero();
    LongStream.range(0, 100).forEach(i -> epochs.raiseTerminated(OTHERS.get((int) i)));
    assertThat(epochs.lastRefreshBefore(USER, epochs.newest())).isZero();

    long began = epochs.beginRefresh(USER);
    assertThat(epochs.lastRefreshBefore(USER, first)).isLessThan(began);
    assertThat(epochs.lastRefreshBefore(USER, epochs.newest())).isEqualTo(began);
    epochs.next();
    assertThat(epochs.lastRefreshBefore(USER, epochs.newest())).isEqualTo(began);

    long read = epochs.newest();
    long later = epochs.beginRefresh(OTHERS.get(0));
    assertThat(epochs.lastRefreshBefore(USER, read)).isBetween(began, later - 1);
    assertThat(epochs.lastRefreshBefore(USER, epochs.newest())).isBetween(began, later);
  }

  @Test
  void noLateSignInEntersATableThatHasForgottenItsTerminate() {
    InMemorySessionTable table = new InMemorySessionTable(SessionTimeouts.DEFAULT, new HandClock());
    Credential credential = new Credential("any", List.of(), Map.of());
    long begun = table.beginSignIn();
    table.terminateAll(USER);
    OTHERS.forEach(table::terminateAll);

    for (UserInRealm user : List.of(USER, OTHERS.get(0), new UserInRealm("a^".repeat(9), "x"))) {
      SignIn signIn = table.signIn(user, "cruz", credential, SessionFacts.NONE, begun, begun);
      if (user.hashCode() == USER.hashCode()) {
        assertThat(signIn).isEqualTo(Refused.OUTDATED);
      } else {
        assertThat(signIn).isInstanceOf(SignIn.Entered.class);
      }
    }
    assertThat(table.indexedUsers()).isEqualTo(1);
    long again = table.beginSignIn();
    assertThat(table.signIn(USER, "cruz", credential, SessionFacts.NONE, again, again))
        .isInstanceOf(SignIn.Entered.class);
  }
}
