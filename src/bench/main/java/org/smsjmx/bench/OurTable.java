package org.smsjmx.bench;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.smsjmx.session.EndReason;
import org.smsjmx.session.SelectedSessions;
import org.smsjmx.session.Selection;
import org.smsjmx.session.SessionFacts;
import org.smsjmx.session.SessionId;
import org.smsjmx.session.SessionLimit;
import org.smsjmx.session.SessionTable;
import org.smsjmx.session.SignIn;
import org.smsjmx.session.UserInRealm;
import org.smsjmx.session.UserNames;
import org.smsjmx.session.UserPattern;
import org.smsjmx.session.memory.TableWithIds;

/** Our session table. */
final class OurTable implements Peer {

  static final String REALM = "ibm.com";

  private static final String SERVER = "default-webseald-cruz";
  private static final int IDS_PER_DRAW = 64;

  private final ThreadLocal<SessionId> next = new ThreadLocal<>();
  private final SessionTable table = TableWithIds.make(this::given);
  private final SecureRandom random = new SecureRandom();
  private final ThreadLocal<ByteBuffer> drawn =
      ThreadLocal.withInitial(() -> ByteBuffer.allocate(IDS_PER_DRAW * 2 * Long.BYTES).limit(0));

  /**
   * Returns the bits given for this sign-in, also when another user's operation made it begin anew.
   */
  private SessionId given() {
    return next.get();
  }

  /** As the table does it, which cannot be called from outside. */
  @Override
  public Object newId() {
    ByteBuffer bits = drawn.get();
    if (!bits.hasRemaining()) {
      random.nextBytes(bits.array());
      bits.clear();
    }
    return new SessionId(bits.getLong(), bits.getLong());
  }

  @Override
  public Object signIn(Object id, String user, Known known) {
    next.set((SessionId) id);
    UserInRealm who = new UserInRealm(user, REALM);
    long epoch = table.beginSignIn();
    while (true) {
      SignIn signIn =
          table.signIn(who, SERVER, known.credential(), SessionFacts.NONE, epoch, epoch);
      if (signIn instanceof SignIn.Entered entered) {
        return entered.id();
      }
      epoch = table.beginSignIn();
    }
  }

  @Override
  public boolean touch(Object id) {
    return table.touch((SessionId) id) > 0;
  }

  @Override
  public boolean signOut(Object id) {
    return table.end((SessionId) id, EndReason.USER_LOGGED_OUT);
  }

  @Override
  public int terminateAll(String user) {
    return table.terminateAll(new UserInRealm(user, REALM));
  }

  @Override
  public int refreshAll(String user, Known fresh) {
    UserInRealm who = new UserInRealm(user, REALM);
    long epoch = table.beginRefresh(who);
    return table.refreshAll(who, Map.of(who.user(), fresh.credential()), epoch).sessions();
  }

  @Override
  public long list(String user, int maximum) {
    return table.list(new UserPattern(user), REALM, maximum).matched();
  }

  @Override
  public long listAll(int maximum) {
    return table.list(new UserPattern("*"), REALM, maximum).matched();
  }

  /** Limits sessions to more than anybody has, and keeps others out, or ends both. */
  void limit(boolean on, int others) {
    table.limitSessions(REALM, on ? SessionLimit.parse("displace:1000000") : SessionLimit.UNSET);
    for (int i = 0; i < others; i++) {
      UserInRealm other = new UserInRealm("keptout" + i, REALM);
      if (on) {
        table.keepOut(other, Duration.ofDays(1), "bench", "");
      } else {
        table.letIn(other);
      }
    }
  }

  /** Returns when the user last signed in, by the table's clock. */
  Instant lastSignIn(String user) {
    return table
        .listSessions(new UserInRealm(user, REALM), 0, 1, true)
        .sessions()
        .get(0)
        .createdAt();
  }

  /** Ends sessions that are selected; returns how many. */
  long terminateSelected(String selection) {
    return table.terminateSelected(parse(selection), REALM).ended();
  }

  /** Looks for sessions that are selected, without ending them. */
  SelectedSessions select(String selection) {
    return table.select(parse(selection), REALM, 0);
  }

  private static Selection parse(String selection) {
    return Selection.parse(
        selection,
        UserNames.DIRECTORY,
        id -> {
          throw new IllegalArgumentException(id);
        });
  }

  @Override
  public boolean sweep() {
    table.expire();
    return true;
  }
}
