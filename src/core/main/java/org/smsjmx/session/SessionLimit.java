package org.smsjmx.session;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.smsjmx.text.Showable;

/**
 * How many sessions a user may have at once in a realm, as {@code max-concurrent-web-sessions} says
 * it.
 *
 * @param kind what the limit does
 * @param maximum 1 to {@value #GREATEST}; 0 where the kind has none
 */
public record SessionLimit(Kind kind, int maximum) {

  /** The attribute of a user in the registry that says it; letter case is ignored. */
  public static final String ATTRIBUTE = "max-concurrent-web-sessions";

  /** The greatest limit. */
  public static final int GREATEST = 1_000_000;

  /** So many users of a realm can have a limit of their own by an administrator's wish. */
  public static final int MOST_USERS = 10_000;

  /** Nothing is said: what is said elsewhere holds, and nowhere is {@link #UNLIMITED}. */
  public static final SessionLimit UNSET = new SessionLimit(Kind.UNSET, 0);

  /** There is no limit, whatever is said elsewhere. */
  public static final SessionLimit UNLIMITED = new SessionLimit(Kind.UNLIMITED, 0);

  private static final Pattern NUMBERED = Pattern.compile("(displace:)?([1-9][0-9]{0,6})");

  /** What a limit does. */
  public enum Kind {
    /** Nothing, and what is said elsewhere holds. */
    UNSET,
    /** Nothing, whatever is said elsewhere. */
    UNLIMITED,
    /** A further sign-in is refused. */
    REFUSE,
    /** A further sign-in ends the oldest session. */
    DISPLACE
  }

  public SessionLimit {
    boolean counts = kind == Kind.REFUSE || kind == Kind.DISPLACE;
    if (counts ? maximum < 1 || maximum > GREATEST : maximum != 0) {
      throw new IllegalArgumentException("maximum must be 1..%d: %d".formatted(GREATEST, maximum));
    }
  }

  /**
   * Reads a limit.
   *
   * @param text {@code unset}, {@code unlimited}, {@code n}, {@code displace} for one session, or
   *     {@code displace:n}
   * @throws IllegalArgumentException if it is something else
   */
  public static SessionLimit parse(String text) {
    String value = text.toLowerCase(Locale.ROOT);
    return switch (value) {
      case "unset" -> UNSET;
      case "unlimited" -> UNLIMITED;
      case "displace" -> new SessionLimit(Kind.DISPLACE, 1);
      default -> {
        Matcher matcher = NUMBERED.matcher(value);
        if (!matcher.matches() || Integer.parseInt(matcher.group(2)) > GREATEST) {
          throw new IllegalArgumentException(
              "%s must be unset, unlimited, 1..%d, displace or displace:1..%d: %s"
                  .formatted(ATTRIBUTE, GREATEST, GREATEST, Showable.shown(text, 40)));
        }
        yield new SessionLimit(
            matcher.group(1) == null ? Kind.REFUSE : Kind.DISPLACE,
            Integer.parseInt(matcher.group(2)));
      }
    };
  }

  /** Returns whether there is a number of sessions above which something happens. */
  public boolean isLimiting() {
    return maximum > 0;
  }

  /** Returns the text of which {@link #parse} makes this. */
  @Override
  public String toString() {
    return switch (kind) {
      case UNSET -> "unset";
      case UNLIMITED -> "unlimited";
      case REFUSE -> String.valueOf(maximum);
      case DISPLACE -> maximum == 1 ? "displace" : "displace:" + maximum;
    };
  }
}
