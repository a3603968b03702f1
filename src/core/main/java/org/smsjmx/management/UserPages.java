package org.smsjmx.management;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.smsjmx.management.RealmMXBean.UserView;
import org.smsjmx.management.ServerMXBean.UsersView;
import org.smsjmx.session.Sessions;
import org.smsjmx.session.UserList;
import org.smsjmx.session.UserNames;
import org.smsjmx.session.UserPattern;

/**
 * A page of users, as one copy of this software asks all for it: in the order in which that one
 * compares names.
 *
 * @param order how names are compared
 * @param after the name after which the page begins; empty = with the first
 * @param pattern for the user name
 * @param maximum how many users it may hold
 */
record UserPages(UserNames order, String after, String pattern, int maximum) {

  /** Stands in no name. */
  private static final String BETWEEN = "\n";

  /**
   * Reads what {@link #subject} returned.
   *
   * @throws IllegalArgumentException if another version put it together
   */
  static UserPages of(String subject, int maximum) {
    String[] parts = subject.split(BETWEEN, -1);
    if (parts.length != 3) {
      throw new IllegalArgumentException("no page of users");
    }
    return new UserPages(UserNames.valueOf(parts[0]), parts[1], parts[2], maximum);
  }

  /** Returns it as one text, for another copy. */
  String subject() {
    return String.join(BETWEEN, order.name(), after, pattern);
  }

  /**
   * Returns the page of one copy; one that compares names otherwise looks through all its users.
   */
  UsersView of(Sessions sessions, String realm) {
    UserPattern users = new UserPattern(pattern, sessions.userNames());
    if (sessions.userNames() == order) {
      return view(sessions.listUsers(users, realm, after.isEmpty() ? null : after, maximum));
    }
    UsersView all = view(sessions.listUsers(users, realm, null, Integer.MAX_VALUE));
    String last = order.form(after);
    return page(
        all.matched(),
        all.matchedSessions(),
        all.users().stream().filter(user -> order.form(user.user()).compareTo(last) > 0));
  }

  private static UsersView view(UserList found) {
    return new UsersView(
        found.matched(),
        found.sessions(),
        found.users().stream().map(user -> new UserView(user.user(), user.sessions())).toList());
  }

  /** A user who has sessions in both is one of the page, and matched in both. */
  UsersView merged(UsersView one, UsersView other) {
    return page(
        one.matched() + other.matched(),
        one.matchedSessions() + other.matchedSessions(),
        Stream.concat(one.users().stream(), other.users().stream()));
  }

  private UsersView page(long matched, long matchedSessions, Stream<UserView> users) {
    TreeMap<String, UserView> byName = new TreeMap<>();
    users.forEach(
        user ->
            byName.merge(
                order.form(user.user()),
                user,
                (first, second) ->
                    new UserView(first.user(), first.sessions() + second.sessions())));
    return new UsersView(
        matched, matchedSessions, byName.values().stream().limit(maximum).toList());
  }

  /** Returns a page in the form in which it crosses. */
  static Map<String, Object> members(UsersView page) {
    return Map.of(
        "matched",
        page.matched(),
        "matchedSessions",
        page.matchedSessions(),
        "users",
        page.users().stream().map(PeerCall::members).toList());
  }

  /** Returns the page of which {@link #members} were taken. */
  static UsersView read(Object answered) {
    Map<?, ?> page = (Map<?, ?>) answered;
    return new UsersView(
        (Long) Objects.requireNonNull(page.get("matched")),
        (Long) Objects.requireNonNull(page.get("matchedSessions")),
        ((List<?>) Objects.requireNonNull(page.get("users")))
            .stream().map(row -> PeerCall.record(UserView.class, (Map<?, ?>) row)).toList());
  }
}
