package org.smsjmx.session;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.smsjmx.text.Showable;

/**
 * Which sessions of a realm an operation is about, as an administrator wrote it: {@code key=value}
 * joined by commas, such as {@code user=dlucas,older=PT8H}. A comma or backslash in a value has a
 * backslash before it. A session is selected if every condition holds; all ages are those of one
 * instant.
 *
 * <table>
 *   <caption>The conditions; each may stand once</caption>
 *   <tr><td>{@code user}<td>user name, as {@link UserNames} compares it
 *   <tr><td>{@code user-pattern}<td>user name with {@code *} for any text, but not that alone
 *   <tr><td>{@code everyone}<td>{@code yes}, which must be said where no user or pattern is
 *   <tr><td>{@code group}<td>a group of the session's credential; letter case is ignored
 *   <tr><td>{@code server}<td>server at which the user signed in
 *   <tr><td>{@code older}<td>signed in so long ago or longer, ISO-8601 duration
 *   <tr><td>{@code idle}<td>not used for so long or longer
 *   <tr><td>{@code begun-before}<td>signed in before an instant, ISO-8601
 *   <tr><td>{@code credential-older}<td>credential read so long ago or longer
 *   <tr><td>{@code address}<td>the client's address, or a network (CIDR) that it is in
 *   <tr><td>{@code auth-type}<td>how the user signed in, such as {@code FORM}; letter case is
 *       ignored
 *   <tr><td>{@code except}<td>a session that is not selected
 *   <tr><td>{@code keep-newest}<td>of each user's sessions for which all else holds, so many are
 *       not selected: those that signed in last
 * </table>
 */
public final class Selection {

  /** Length that a text may have, in UTF-16 units. */
  public static final int MAXIMUM_LENGTH = 2_000;

  private static final Duration LONGEST = Duration.ofDays(36_500);

  private static final Set<String> KEYS =
      new TreeSet<>(
          Set.of(
              "user",
              "user-pattern",
              "everyone",
              "group",
              "server",
              "older",
              "idle",
              "begun-before",
              "credential-older",
              "address",
              "auth-type",
              "except",
              "keep-newest"));

  private final String text;
  private final @Nullable UserPattern users;
  private final @Nullable String group;
  private final @Nullable String server;
  private final @Nullable Duration older;
  private final @Nullable Duration idle;
  private final @Nullable Instant begunBefore;
  private final @Nullable Duration credentialOlder;
  private final @Nullable AddressRange address;
  private final @Nullable String authenticationType;
  private final @Nullable SessionId except;
  private final int keepNewest;

  private Selection(
      String text, Map<String, String> said, UserNames names, Function<String, SessionId> ids) {
    this.text = text;
    this.users = users(said, names);
    this.group = said.get("group");
    this.server = said.get("server");
    this.older = duration(said, "older");
    this.idle = duration(said, "idle");
    this.begunBefore = read(said, "begun-before", Selection::instant);
    this.credentialOlder = duration(said, "credential-older");
    this.address = read(said, "address", AddressRange::parse);
    this.authenticationType = said.get("auth-type");
    this.except = foreign(said, "except", ids);
    Integer newest = read(said, "keep-newest", Selection::number);
    this.keepNewest = newest == null ? 0 : newest;
  }

  /**
   * Reads a selection.
   *
   * @param text as above, at most {@value #MAXIMUM_LENGTH} characters
   * @param names how user names are compared
   * @param ids reads the text form of a session's id, and throws an IllegalArgumentException if no
   *     session could have it
   * @throws IllegalArgumentException if a key is unknown or stands twice, a value is empty or
   *     wrong, conditions contradict each other, or neither users are named nor everyone is; the
   *     message names the key
   */
  public static Selection parse(String text, UserNames names, Function<String, SessionId> ids) {
    if (text.length() > MAXIMUM_LENGTH) {
      throw new IllegalArgumentException(
          "the selection must be at most %d characters long: %d"
              .formatted(MAXIMUM_LENGTH, text.length()));
    }
    return new Selection(text, conditions(text), names, ids);
  }

  private static Map<String, String> conditions(String text) {
    Map<String, String> said = new LinkedHashMap<>();
    StringBuilder condition = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == ',') {
        add(condition, said);
      } else if (c == '\\') {
        i++;
        if (i == text.length() || (text.charAt(i) != ',' && text.charAt(i) != '\\')) {
          throw new IllegalArgumentException(
              "the selection has a backslash that stands before no comma or backslash: "
                  + Showable.shown(text, MAXIMUM_LENGTH));
        }
        condition.append(text.charAt(i));
      } else {
        condition.append(c);
      }
    }
    add(condition, said);
    return said;
  }

  private static void add(StringBuilder condition, Map<String, String> said) {
    String pair = condition.toString();
    condition.setLength(0);
    int equals = pair.indexOf('=');
    String key = equals < 0 ? pair : pair.substring(0, equals);
    if (!KEYS.contains(key)) {
      throw new IllegalArgumentException(
          "the selection has an unknown key: %s; known are %s"
              .formatted(Showable.shown(key, UserName.MAXIMUM_LENGTH), String.join(", ", KEYS)));
    }
    String value = equals < 0 ? "" : pair.substring(equals + 1);
    if (value.isBlank()) {
      throw new IllegalArgumentException("the selection's %s must have a value".formatted(key));
    }
    if (said.put(key, value) != null) {
      throw new IllegalArgumentException("the selection's %s stands twice".formatted(key));
    }
  }

  private static @Nullable UserPattern users(Map<String, String> said, UserNames names) {
    String everyone = said.get("everyone");
    if (everyone != null && !everyone.equals("yes")) {
      throw wrong("everyone", everyone, "yes, or left out");
    }
    boolean one = said.containsKey("user");
    boolean some = said.containsKey("user-pattern");
    if ((one ? 1 : 0) + (some ? 1 : 0) + (everyone == null ? 0 : 1) > 1) {
      throw new IllegalArgumentException(
          "the selection must have one of user, user-pattern and everyone, not more");
    }
    if (one) {
      return foreign(said, "user", user -> name(user, names));
    }
    if (some) {
      return foreign(said, "user-pattern", pattern -> pattern(pattern, names));
    }
    if (everyone == null) {
      throw new IllegalArgumentException(
          "the selection must name a user or user-pattern, or say everyone=yes");
    }
    return null;
  }

  private static UserPattern name(String user, UserNames names) {
    names.key(user); // is no pattern
    return new UserPattern(user, names);
  }

  private static UserPattern pattern(String pattern, UserNames names) {
    UserPattern read = new UserPattern(pattern, names);
    if (read.isEverybody() || pattern.replace('*', ' ').isBlank()) {
      throw new IllegalArgumentException("only wildcards; for all users there is everyone=yes");
    }
    return read;
  }

  private static @Nullable Duration duration(Map<String, String> said, String key) {
    return read(
        said,
        key,
        text -> {
          Duration duration;
          try {
            duration = Duration.parse(text);
          } catch (DateTimeParseException | ArithmeticException e) {
            throw new IllegalArgumentException("a duration such as PT8H or PT30M (ISO-8601)", e);
          }
          if (duration.isNegative() || duration.isZero() || duration.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("above zero and at most 36,500 days");
          }
          return duration;
        });
  }

  private static Instant instant(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("an instant such as 2026-11-30T18:00:00Z (ISO-8601)", e);
    }
  }

  private static Integer number(String text) {
    if (!text.matches("[1-9]\\d{0,8}")) {
      throw new IllegalArgumentException("a whole number from 1 to 999999999");
    }
    return Integer.valueOf(text);
  }

  private static <T> @Nullable T read(
      Map<String, String> said, String key, Function<String, T> reader) {
    String value = said.get(key);
    if (value == null) {
      return null;
    }
    try {
      return reader.apply(value);
    } catch (IllegalArgumentException e) {
      throw wrong(key, value, String.valueOf(e.getMessage()));
    }
  }

  /** Reads what has messages of its own, which say the value if it may be shown. */
  private static <T> @Nullable T foreign(
      Map<String, String> said, String key, Function<String, T> reader) {
    String value = said.get(key);
    try {
      return value == null ? null : reader.apply(value);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "the selection's %s: %s".formatted(key, e.getMessage()), e);
    }
  }

  private static IllegalArgumentException wrong(String key, String value, String expected) {
    return new IllegalArgumentException(
        "the selection's %s must be %s: %s"
            .formatted(key, expected, Showable.shown(value, UserName.MAXIMUM_LENGTH)));
  }

  /** Returns whether all users are meant. */
  public boolean isEveryone() {
    return users == null;
  }

  /** Returns the users who are meant, null for everyone. */
  public @Nullable UserPattern users() {
    return users;
  }

  /** Returns the server at which sessions signed in that are meant, null for any. */
  public @Nullable String server() {
    return server;
  }

  /** Returns the session that is not selected in any case, null if there is none. */
  public @Nullable SessionId except() {
    return except;
  }

  /** Returns how many of each user's sessions are not selected, since they are the newest. */
  public int keepNewest() {
    return keepNewest;
  }

  /**
   * Returns whether a session is selected, but for {@link #keepNewest}.
   *
   * @param session a session of a user who is meant
   * @param at when ages are judged
   */
  public boolean selects(Session session, Instant at) {
    return isFor(session.server(), session.credential(), session.facts())
        && (older == null || !session.createdAt().isAfter(at.minus(older)))
        && (idle == null || !session.lastAccessAt().isAfter(at.minus(idle)))
        && (begunBefore == null || session.createdAt().isBefore(begunBefore))
        && (credentialOlder == null || !readAt(session).isAfter(at.minus(credentialOlder)))
        && !session.id().equals(except);
  }

  private static Instant readAt(Session session) {
    return Objects.requireNonNullElse(session.refreshedAt(), session.createdAt());
  }

  /**
   * Returns whether the session that a sign-in is about to make would be selected. A session that
   * is new is not old, not idle, and the newest.
   *
   * @param user who signs in
   * @param server at which server
   * @param credential what the registry said
   * @param facts what else is known of the session
   * @param at when the selection was made
   */
  public boolean selectsSignIn(
      UserInRealm user, String server, Credential credential, SessionFacts facts, Instant at) {
    return older == null
        && idle == null
        && credentialOlder == null
        && keepNewest == 0
        && (begunBefore == null || begunBefore.isAfter(at))
        && (users == null || users.matches(user.key()))
        && isFor(server, credential, facts);
  }

  private boolean isFor(String at, Credential credential, SessionFacts facts) {
    return (server == null || server.equals(at))
        && (group == null || credential.groups().stream().anyMatch(group::equalsIgnoreCase))
        && (address == null || address.contains(facts.address()))
        && (authenticationType == null
            || authenticationType.equalsIgnoreCase(facts.authenticationType()));
  }

  /** Returns the text that was read. */
  @Override
  public String toString() {
    return text;
  }
}
