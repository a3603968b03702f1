package org.smsjmx.management;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.smsjmx.audit.AuditSearch;
import org.smsjmx.management.ServiceMXBean.OperationsView;
import org.smsjmx.session.Selection;
import org.smsjmx.session.SessionId;
import org.smsjmx.session.UserInRealm;
import org.smsjmx.session.UserNames;
import org.smsjmx.session.UserPattern;

/**
 * What is looked for in the files of the audit.
 *
 * @param user whom operations concern, null = anybody
 * @param account who did them, empty = any account
 * @param since from when on
 * @param signIns whether failed sign-ins are found too: people type passwords into the account
 *     field
 */
record OperationSearch(@Nullable UserInRealm user, String account, Instant since, boolean signIns)
    implements Predicate<Map<String, @Nullable Object>> {

  /** How long the files are read. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** Searches would find each other. */
  private static final String SEARCH = "findOperations";

  private static final String NO_REALM = "";
  private static final SessionId ANY = new SessionId(0, 0);

  /**
   * Reads the arguments of an operation.
   *
   * @param user empty = anybody
   * @param since a time or a duration before now, both ISO-8601; empty = from the beginning
   * @throws IllegalArgumentException if one of them is wrong
   */
  static OperationSearch of(
      String user, String account, String since, Instant now, UserNames names, boolean signIns) {
    return new OperationSearch(
        user.isEmpty() ? null : new UserInRealm(user, NO_REALM, names),
        account,
        since.isEmpty() ? Instant.EPOCH : time(since, now),
        signIns);
  }

  private static Instant time(String since, Instant now) {
    try {
      return since.startsWith("P") ? now.minus(Duration.parse(since)) : Instant.parse(since);
    } catch (DateTimeException | ArithmeticException e) {
      throw new IllegalArgumentException(
          "since must be a time such as 2026-11-30T00:00:00Z, or a duration such as P7D: "
              + RefusedException.shown(since));
    }
  }

  OperationsView run(AuditSearch files, int maximum) {
    try {
      AuditSearch.Found found = files.newestFirst(this, since, maximum, PATIENCE);
      return new OperationsView(
          found.complete(), found.lines().stream().map(RecentOperations::view).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public boolean test(Map<String, @Nullable Object> line) {
    return !SEARCH.equals(line.get("operation"))
        && (account.isEmpty() || account.equals(line.get("caller")))
        && (signIns || !isFailedSignIn(line))
        && (user == null || concerns(user, line));
  }

  private static boolean isFailedSignIn(Map<String, @Nullable Object> line) {
    return "signIn".equals(line.get("operation"))
        && StatusCode.HPDIA0200W.name().equals(line.get("outcome"));
  }

  private static boolean concerns(UserInRealm user, Map<String, @Nullable Object> line) {
    Object named = line.get("user");
    if (named instanceof String name) {
      UserNames names = user.names();
      return names.form(name).equals(user.key());
    }
    return line.get("selection") instanceof String selection && selects(selection, user);
  }

  /** Returns whether a selection named the user, or a pattern that the user's name matches. */
  private static boolean selects(String text, UserInRealm user) {
    try {
      UserPattern selected = Selection.parse(text, user.names(), id -> ANY).users();
      return selected != null && selected.matches(user.key());
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
