package org.smsjmx.management;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.smsjmx.log.Logs;
import org.smsjmx.management.SignInPolicyFile.Policy;
import org.smsjmx.session.KeptOut;
import org.smsjmx.session.SessionLimit;
import org.smsjmx.session.SessionLimits;
import org.smsjmx.session.SessionTable.Capability;
import org.smsjmx.session.Sessions;
import org.smsjmx.session.TerminationReport;
import org.smsjmx.session.UserInRealm;

/**
 * Who is kept out, and the limits of sessions: what the table holds, and the file that keeps it
 * over a restart, where there is one.
 *
 * <p><b>The file has what was answered</b>: a thread changes the table and then writes, under the
 * monitor, all that the table holds, so that a later writer never writes less.
 */
final class SignInPolicies {

  private static final Logger LOG = Logs.of(SignInPolicies.class);

  private final Sessions sessions;
  private final InstantSource clock;

  /** Realms in which there may be something to write. */
  private final Set<String> realms = new ConcurrentSkipListSet<>();

  private volatile @Nullable SignInPolicyFile file;

  /** Why the file is not what the table holds, null if it is. */
  private volatile @Nullable String problem;

  SignInPolicies(Sessions sessions, InstantSource clock) {
    this.sessions = sessions;
    this.clock = clock;
  }

  /** Says that a policy is in force, and will not be after a restart. */
  static final class NotWrittenException extends RuntimeException {
    NotWrittenException(String done, String problem) {
      super(
          "%s; this holds until the server ends, and then no more, since %s"
              .formatted(done, problem));
    }
  }

  /**
   * Puts in force what a file says, and keeps it there from now on.
   *
   * @throws IOException if it cannot be read, or says what cannot be put in force; the message
   *     names file, line and rule
   */
  void keepIn(SignInPolicyFile kept) throws IOException {
    for (Policy policy : kept.read()) {
      try {
        apply(policy);
      } catch (IllegalArgumentException e) {
        throw kept.wrong(policy.line(), String.valueOf(e.getMessage()));
      }
    }
    file = kept;
  }

  private void apply(Policy policy) {
    realms.add(policy.realm());
    if (policy instanceof Policy.KeepOut keepOut) {
      UserInRealm user = userInRealm(keepOut.who().user(), policy.realm());
      Instant now = clock.instant();
      KeptOut who = keepOut.who();
      if (who.until().isAfter(now.plusMillis(1))) {
        // a clock that was set back keeps nobody out for longer than an administrator can
        Instant latest = now.plus(KeptOut.MAXIMUM);
        Instant until = who.until().isBefore(latest) ? who.until() : latest;
        sessions.keepOut(user, Duration.between(now, until), who.by(), who.reason());
      }
    } else if (policy instanceof Policy.Limit limit) {
      if (limit.user().isEmpty()) {
        sessions.limitSessions(policy.realm(), limit.limit());
      } else {
        sessions.limitSessions(userInRealm(limit.user(), policy.realm()), limit.limit());
      }
    }
  }

  private UserInRealm userInRealm(String user, String realm) {
    return new UserInRealm(user, realm, sessions.userNames());
  }

  /** Returns whether what is answered will be in force after a restart. */
  boolean isDurable() {
    return file != null;
  }

  /** Returns why it will not be although it should, null if it will. */
  @Nullable String problem() {
    return problem;
  }

  /** See {@link Sessions#keepOut}; in the name of the caller in this thread. */
  TerminationReport keepOut(UserInRealm user, Duration time, String reason) {
    String by = ManagedBean.shown(Caller.current().name());
    TerminationReport ended = sessions.keepOut(user, time, by, reason);
    changed(
        user.realm(), "The user is kept out, and %d sessions were ended".formatted(ended.ended()));
    return ended;
  }

  /** Returns whether the user was kept out. */
  boolean letIn(UserInRealm user) {
    boolean wasOut = sessions.letIn(user);
    if (wasOut) {
      changed(user.realm(), "The user is let in");
    }
    return wasOut;
  }

  void limit(String realm, SessionLimit limit) {
    sessions.limitSessions(realm, limit);
    changed(realm, "The limit is set");
  }

  void limit(UserInRealm user, SessionLimit limit) {
    sessions.limitSessions(user, limit);
    changed(user.realm(), "The limit is set");
  }

  private void changed(String realm, String done) {
    realms.add(realm);
    if (!isWritten()) {
      throw new NotWrittenException(done, String.valueOf(problem));
    }
  }

  /** Writes again what could not be written; to be called now and then. */
  void tend() {
    if (problem != null && isWritten()) {
      LOG.info("{} is written again", file);
    }
  }

  private synchronized boolean isWritten() {
    SignInPolicyFile kept = file;
    if (kept == null) {
      return true;
    }
    try {
      kept.write(all());
      problem = null;
      return true;
    } catch (IOException e) {
      String reason = "%s cannot be written: %s".formatted(kept, e.getMessage());
      if (problem == null) {
        LOG.error("{}", reason, e);
      }
      problem = reason;
      return false;
    }
  }

  private List<Policy> all() {
    List<Policy> all = new ArrayList<>();
    for (String realm : realms) {
      if (sessions.can(Capability.KEEP_OUT)) {
        sessions.keptOut(realm).forEach(who -> all.add(new Policy.KeepOut(realm, 0, who)));
      }
      if (sessions.can(Capability.SESSION_LIMIT)) {
        SessionLimits limits = sessions.sessionLimits(realm);
        if (!limits.ofRealm().equals(SessionLimit.UNSET)) {
          all.add(new Policy.Limit(realm, 0, "", limits.ofRealm()));
        }
        new TreeMap<>(limits.ofUsers())
            .forEach((user, limit) -> all.add(new Policy.Limit(realm, 0, user, limit)));
      }
    }
    return all;
  }
}
