package org.smsjmx.spring.session;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.smsjmx.session.SessionFacts;
import org.springframework.session.Session;

/**
 * What a session of the store says of the sign-in to it: an attribute that is one text, so that it
 * can be kept in whatever form the store keeps attributes. Sessions whose users signed in before
 * the application had this table have none.
 *
 * @param state whether it has been checked
 * @param begun when the sign-in began
 * @param user who
 * @param server at which server
 * @param version 1 at sign-in, one more with each refresh
 * @param refreshedAt when it was last refreshed, in epoch milliseconds; 0 = never
 * @param facts what else is known of it
 */
record SignInMark(
    State state,
    Moment begun,
    String user,
    String server,
    int version,
    long refreshedAt,
    SessionFacts facts) {

  static final String ATTRIBUTE = "org.smsjmx.signIn";

  private static final String FORMAT = "1";
  private static final int PARTS = 13;

  /** Whether it is known that no operation came in between. */
  enum State {
    /** A user has signed in; the node that saves the session checks it then. */
    NEW,
    /** The user of the session has signed in again; it is to be checked, too. */
    AGAIN,
    CHECKED
  }

  SignInMark(State state, Moment begun, String user, String server, SessionFacts facts) {
    this(state, begun, user, server, 1, 0, facts);
  }

  boolean isChecked() {
    return state == State.CHECKED;
  }

  /** Returns that of a session, null if it has none that can be read. */
  static @Nullable SignInMark of(Session session) {
    Object text = session.getAttribute(ATTRIBUTE);
    return text instanceof String mark ? parse(mark) : null;
  }

  /** Returns it as no operation has come in between. */
  SignInMark asChecked() {
    return new SignInMark(State.CHECKED, begun, user, server, version, refreshedAt, facts);
  }

  /** Returns it as after a refresh. */
  SignInMark refreshed(Instant at) {
    return new SignInMark(state, begun, user, server, version + 1, at.toEpochMilli(), facts);
  }

  @Nullable Instant lastRefresh() {
    return refreshedAt == 0 ? null : Instant.ofEpochMilli(refreshedAt);
  }

  /** Reads {@link #toString}, null if it is another text. */
  static @Nullable SignInMark parse(String text) {
    List<String> parts = Arrays.stream(text.split("\n", -1)).map(SignInMark::unescaped).toList();
    Moment begun = parts.size() == PARTS ? Moment.parse(parts.get(2)) : null;
    if (begun == null || !parts.get(0).equals(FORMAT)) {
      return null;
    }
    try {
      return new SignInMark(
          State.valueOf(parts.get(1)),
          begun,
          parts.get(3),
          parts.get(4),
          Integer.parseInt(parts.get(5)),
          Long.parseLong(parts.get(6)),
          new SessionFacts(
              fact(parts.get(7)),
              fact(parts.get(8)),
              fact(parts.get(9)),
              fact(parts.get(10)),
              fact(parts.get(11)),
              fact(parts.get(12))));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  @Override
  public String toString() {
    List<String> parts = new ArrayList<>();
    parts.add(FORMAT);
    parts.add(state.name());
    parts.add(begun.toString());
    parts.add(user);
    parts.add(server);
    parts.add(String.valueOf(version));
    parts.add(String.valueOf(refreshedAt));
    parts.add(text(facts.address()));
    parts.add(text(facts.userAgent()));
    parts.add(text(facts.authenticationType()));
    parts.add(text(facts.issuer()));
    parts.add(text(facts.subject()));
    parts.add(text(facts.sid()));
    return String.join("\n", parts.stream().map(SignInMark::escaped).toList());
  }

  private static String text(@Nullable String fact) {
    return fact == null ? "" : fact;
  }

  private static @Nullable String fact(String text) {
    return text.isEmpty() ? null : text;
  }

  private static String escaped(String part) {
    return part.replace("\\", "\\\\").replace("\n", "\\n");
  }

  private static String unescaped(String part) {
    if (part.indexOf('\\') < 0) {
      return part;
    }
    StringBuilder plain = new StringBuilder(part.length());
    for (int i = 0; i < part.length(); i++) {
      char c = part.charAt(i);
      if (c == '\\' && i + 1 < part.length()) {
        i++;
        plain.append(part.charAt(i) == 'n' ? '\n' : part.charAt(i));
      } else {
        plain.append(c);
      }
    }
    return plain.toString();
  }
}
