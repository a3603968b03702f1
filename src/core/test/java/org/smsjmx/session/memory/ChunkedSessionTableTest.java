package org.smsjmx.session.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.smsjmx.session.Credential;
import org.smsjmx.session.CredentialChange;
import org.smsjmx.session.RefreshReport;
import org.smsjmx.session.Session;
import org.smsjmx.session.SessionId;
import org.smsjmx.session.SessionListener;
import org.smsjmx.session.SessionTableContract;
import org.smsjmx.session.SessionTimeouts;
import org.smsjmx.session.SessionTotals;
import org.smsjmx.session.SignIns;
import org.smsjmx.session.TimeSource;
import org.smsjmx.session.UserPattern;

/**
 * Few sessions, treated as those of users with very many: the third and all further are in chunks.
 */
@Timeout(60)
final class ChunkedSessionTableTest extends SessionTableContract {

  @Override
  protected InMemorySessionTable newTable(SessionTimeouts timeouts, TimeSource clock) {
    return TableWithLayout.table(timeouts, clock, new Layout(64, 1, 2, 3));
  }

  private List<SessionId> signIn(int sessions) {
    List<SessionId> ids = new ArrayList<>();
    for (int i = 0; i < sessions; i++) {
      ids.add(signIn(LUCAS, i % 2 == 0 ? "cruz" : "dallas"));
      clock.advance(MILLISECOND);
    }
    return ids;
  }

  /** Leaves nine sessions at cruz and eight at dallas; one of those that left was inline. */
  private List<SessionId> signInTwentyOfWhomThreeLeave() {
    List<SessionId> ids = signIn(20);
    for (int left : new int[] {1, 10, 11}) {
      SignIns.signOut(table, ids.get(left));
    }
    return ids;
  }

  private List<SessionId> listed() {
    return table.list(new UserPattern("dlucas"), REALM, 99).sessions().stream()
        .map(Session::id)
        .toList();
  }

  @Test
  void sessionsStayInTheOrderOfTheirSignInsWhoeverLeaves() {
    List<SessionId> ids = signIn(20);
    assertThat(listed()).containsExactlyElementsOf(ids);
    for (int left : new int[] {0, 5, 5, 5, 7, 0}) {
      SignIns.signOut(table, ids.remove(left));
      ids.addAll(signIn(1));
      assertThat(listed()).containsExactlyElementsOf(ids);
    }
  }

  @Test
  void terminateAllForgetsAUserOfWhomItFindsOnlyExpiredChunks() {
    List<SessionId> ids = signIn(7);
    SignIns.signOut(table, ids.get(0));
    SignIns.signOut(table, ids.get(1));
    clock.advance(INACTIVE);
    assertThat(table.terminateAll(LUCAS)).isZero();
    assertThat(table.users(REALM)).isZero();
    assertThat(table.memoryBytes()).isZero();
  }

  @Test
  void terminateAllCountsByServerWhatIsInChunksAndWhatIsNot() {
    List<SessionId> ids = signInTwentyOfWhomThreeLeave();

    assertThat(table.terminateAll(LUCAS)).isEqualTo(17);

    assertThat(totals("cruz", REALM)).isEqualTo(new SessionTotals(10, 1, 9, 0, 0));
    assertThat(totals("dallas", REALM)).isEqualTo(new SessionTotals(10, 2, 8, 0, 0));
    assertThat(ids).allSatisfy(this::assertGone);
    assertThat(listed()).isEmpty();
    assertThat(table.users(REALM)).isZero();
  }

  @Test
  void noSessionInAChunkIsCountedAgainAfterTerminateAll() {
    List<SessionId> ids = signIn(20);
    table.terminateAll(LUCAS);
    SessionTotals before = totals();

    clock.advance(INACTIVE);
    assertThat(ids).noneMatch(each -> SignIns.signOut(table, each));
    assertThat(ids).noneMatch(each -> SignIns.terminate(table, each));
    assertThat(ids).noneMatch(each -> table.touch(each) > 0);
    assertThat(table.expire()).isZero();
    assertThat(totals()).isEqualTo(before);
  }

  @Test
  void theNextSignInsAfterTerminateAllAreNotInTheChunkThatEnded() {
    List<SessionId> before = signIn(10);
    table.terminateAll(LUCAS);
    List<SessionId> after = signIn(10);
    assertThat(before).noneMatch(each -> SignIns.signOut(table, each));
    table.expire();

    assertThat(before).allSatisfy(this::assertGone);
    assertThat(listed()).containsExactlyElementsOf(after);
    assertThat(after).allMatch(each -> table.touch(each) > 0);
    assertThat(table.terminateAll(LUCAS)).isEqualTo(10);
  }

  @Test
  void whatTerminateAllLeavesInMemoryGoesWithTheNextExpire() {
    signIn(20);
    table.terminateAll(LUCAS);
    assertThat(table.memoryBytes()).isPositive();
    table.expire();
    assertThat(table.memoryBytes()).isZero();
  }

  @Test
  void terminateAllCountsAsExpiredWhatIsInChunksAndPastItsDeadline() {
    List<SessionId> ids = signIn(20);
    clock.advance(INACTIVE.minusMillis(21));
    for (int i = 0; i < 20; i += 2) {
      table.touch(ids.get(i));
    }
    clock.advance(INACTIVE.dividedBy(2));

    assertThat(table.terminateAll(LUCAS)).isEqualTo(10);
    assertThat(totals("cruz", REALM)).isEqualTo(new SessionTotals(10, 0, 10, 0, 0));
    assertThat(totals("dallas", REALM)).isEqualTo(new SessionTotals(10, 0, 0, 10, 0));
  }

  @Test
  void sessionsInChunksExpireOneByOneAsTheirDeadlinesPass() {
    List<SessionId> ids = signIn(20);
    clock.advance(INACTIVE.minusMillis(21));
    for (int left = 20; left > 0; left--) {
      assertThat(listed()).hasSize(left);
      clock.advance(MILLISECOND);
      if (left % 2 == 0) {
        assertThat(table.expire()).as("%d left", left).isEqualTo(1);
      }
    }
    clock.advance(MILLISECOND);
    assertThat(count("dlucas")).isZero();
    assertThat(totals().expired()).isEqualTo(ids.size());
    assertThat(table.memoryBytes()).isZero();
  }

  @Test
  void aSessionThatIsFoundDeadWhileItsChunkEndsIsCountedOnce() {
    List<SessionId> ids = signIn(3);
    assertThat(ids.subList(0, 2)).allMatch(each -> table.touch(each) > 0);
    clock.advance(INACTIVE.minusMillis(2));
    // terminateAll has read the clock before the deadline of the one in a chunk
    clock.afterNextReading(
        () -> {
          clock.advance(MILLISECOND);
          assertThat(table.touch(ids.get(2))).isZero();
        });
    table.terminateAll(LUCAS);
    assertThat(totals().sessions()).isZero();
    assertThat(totals().terminated() + totals().expired()).isEqualTo(3);
  }

  @Test
  void refreshAllCountsByServerWhatIsInChunksAndWhatIsNot() {
    signInTwentyOfWhomThreeLeave();
    assertThat(refreshAll(LUCAS, "new")).isEqualTo(17);
    assertThat(totals("cruz", REALM).refreshed()).isEqualTo(9);
    assertThat(totals("dallas", REALM).refreshed()).isEqualTo(8);

    clock.advance(INACTIVE.minusMillis(9)); // the last eight are not past their deadline
    assertThat(refreshAll(LUCAS, "newer")).isEqualTo(8);
    assertThat(totals("cruz", REALM).refreshed()).isEqualTo(9 + 4);
    assertThat(totals("dallas", REALM).refreshed()).isEqualTo(8 + 4);
    assertThat(credentials("dlucas")).hasSize(8).containsOnly("newer");
  }

  @Test
  void aLateRefreshAllLeavesTheYoungerReadingOfAnother() {
    signIn(5);
    long late = table.beginRefresh(LUCAS);
    refreshAll(LUCAS, "young");
    assertThat(table.refreshAll(LUCAS, Map.of(LUCAS.user(), credential("late")), late))
        .isEqualTo(RefreshReport.NOTHING);
    assertThat(credentials("dlucas")).hasSize(5).containsOnly("young");
  }

  @Test
  void aLateRefreshAllLeavesAYoungerReadingThatOneOfAChunkHasFromItsSignIn() {
    signIn(3);
    long late = table.beginRefresh(LUCAS);
    SessionId young = signIn(LUCAS, "cruz");

    RefreshReport report = table.refreshAll(LUCAS, Map.of(LUCAS.user(), credential("late")), late);

    assertThat(report.sessions()).isEqualTo(3);
    assertThat(table.find(young).credentialVersion()).isEqualTo(1);
    assertThat(credentials("dlucas")).containsExactly("late", "late", "late", "signed in");
  }

  @Test
  void aLateRefreshAllLeavesAYoungerReadingThatOneOfAChunkHasFromItsOwnRefresh() {
    List<SessionId> ids = signIn(5);
    long late = table.beginRefresh(LUCAS);
    table.refresh(ids.get(3), credential("young"), table.beginRefresh(LUCAS));

    RefreshReport report = table.refreshAll(LUCAS, Map.of(LUCAS.user(), credential("late")), late);

    assertThat(report.sessions()).isEqualTo(4);
    assertThat(table.find(ids.get(3)).credential().principal()).isEqualTo("young");
    assertThat(credentials("dlucas")).containsExactly("late", "late", "late", "young", "late");
  }

  @Test
  void aRefreshDoesNotTellOfWhatThoseHeldWhoHaveLeft() {
    List<SessionId> leaving = signIn(2);
    Credential other = new Credential("dlucas", List.of("managers"), Map.of());
    SignIns.enter(table, LUCAS, "cruz", other, table.beginSignIn());
    assertThat(leaving).allMatch(each -> SignIns.signOut(table, each));

    RefreshReport nothingNew = new RefreshReport(1, 0, CredentialChange.NONE);
    assertThat(table.previewRefresh(LUCAS, Map.of(LUCAS.user(), other))).isEqualTo(nothingNew);
    assertThat(table.refreshAll(LUCAS, Map.of(LUCAS.user(), other), table.beginRefresh(LUCAS)))
        .isEqualTo(nothingNew);
  }

  @Test
  void aPreviewSeesSessionsInChunks() {
    signIn(20);
    RefreshReport preview = table.previewRefresh(LUCAS, Map.of(LUCAS.user(), credential("new")));
    assertThat(preview.sessions()).isEqualTo(20);
    assertThat(refreshAll(LUCAS, "new")).isEqualTo(20);
    assertThat(credentials("dlucas")).hasSize(20).containsOnly("new");
  }

  /** The listener reads the ids after the sweep ran and others took what slots are free. */
  @Test
  void aListenerReadsTheIdsOfThoseThatEndedTogetherWhateverHappensMeanwhile() {
    List<SessionId> ids = signIn(20);
    List<SessionId> told = new ArrayList<>();
    List<List<SessionListener.EndedSession>> kept = new ArrayList<>();
    table.listen(
        new SessionListener() {
          @Override
          public void ended(Ended event) {
            table.expire();
            for (int i = 0; i < 40; i++) {
              ChunkedSessionTableTest.this.signIn(JOHN);
            }
            assertThat(event.sessions()).hasSize(20);
            event.sessions().forEach(session -> told.add(session.id()));
            kept.add(event.sessions());
          }
        });
    table.terminateAll(LUCAS);
    table.expire();

    assertThat(told).isEqualTo(ids);
    assertThat(kept.get(0)).extracting(SessionListener.EndedSession::id).isEqualTo(ids);
  }

  @Test
  void afterTheListenerWasToldNoFurtherIdIsRead() {
    signIn(20);
    List<List<SessionListener.EndedSession>> kept = new ArrayList<>();
    table.listen(
        new SessionListener() {
          @Override
          public void ended(Ended event) {
            kept.add(event.sessions());
          }
        });
    table.terminateAll(LUCAS);

    assertThat(kept.get(0)).hasSize(20);
    assertThatIllegalStateException().isThrownBy(() -> kept.get(0).get(0));
  }
}
