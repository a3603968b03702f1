package org.smsjmx.bench;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What is measured of each peer; less is better. */
enum Measure {
  HEAP("heap, bytes a session", Unit.BYTES),
  TOUCH("touch", Unit.TIME),
  TOUCH_BY_TWO("touch, two threads, each", Unit.TIME),
  MEMORY("one access to memory as large as the slots", Unit.TIME),
  MEMORY_BY_TWO("the same, two threads, each", Unit.TIME),
  SIGN_IN("sign-in, without making the id", Unit.TIME),
  NEW_ID("making the id", Unit.TIME),
  TERMINATE_TEN("terminateAll, 10 sessions", Unit.TIME),
  TERMINATE_LARGEST("terminateAll, 100,000 sessions", Unit.TIME),
  REFRESH_TEN("refreshAll, 10 sessions", Unit.TIME),
  REFRESH_LARGEST("refreshAll, 100,000 sessions", Unit.TIME),
  LIST("first 100 of 100,000 sessions, and their number", Unit.TIME),
  LIST_ALL("first 100 of all sessions, and their number", Unit.TIME),
  SWEEP("sweep, nothing due", Unit.TIME),
  WAIT_IN_TERMINATE("longest wait of another user during that terminateAll", Unit.TIME),
  WAIT_IN_REFRESH("longest wait of another user during that refreshAll", Unit.TIME),
  WAIT_IN_LIST_ALL("longest wait of another user during that list of all", Unit.TIME),
  WAIT_AT_REST("longest wait of another user at rest, in turns with that list", Unit.TIME),
  WAIT_IN_SWEEP("longest wait of another user during that sweep", Unit.TIME),
  KEPT_AFTER_TERMINATE(
      "share of the heap of 100,000 sessions still held 1 s after terminateAll", Unit.SHARE),
  SIGN_IN_LIMITED("sign-in with a limit of sessions, while 1,000 others are kept out", Unit.TIME),
  TERMINATE_STALE("terminateSelected, the 10 stale of 20 sessions of a user", Unit.TIME),
  SELECT_ALL("looking for the idle ones among all sessions", Unit.TIME),
  WAIT_IN_SELECT_ALL("longest wait of another user during that look", Unit.TIME),
  PREVIEW("preview of all sessions, bytes a session", Unit.BYTES),
  REGISTRY_READ("reading a user from the shipped registry file", Unit.TIME),
  RIGHT_PASSWORD("checking account and password of a request", Unit.TIME),
  WRONG_PASSWORD("the same with a wrong password, which is hashed", Unit.TIME);

  /** What a figure is. */
  enum Unit {
    BYTES,
    /** Nanoseconds. */
    TIME,
    SHARE
  }

  /** What is done to a session or to all of a user, in the order in which it is shown. */
  static final List<Measure> OPERATIONS =
      List.of(TOUCH, SIGN_IN, TERMINATE_TEN, TERMINATE_LARGEST, REFRESH_TEN, REFRESH_LARGEST, LIST);

  /** What is measured of a small and a large table in turns. */
  static final List<Measure> IN_TURNS =
      Stream.concat(Stream.of(MEMORY), OPERATIONS.stream()).toList();

  private final String title;
  private final Unit unit;

  Measure(String title, Unit unit) {
    this.title = title;
    this.unit = unit;
  }

  String title() {
    return title;
  }

  String shown(double value) {
    return switch (unit) {
      case BYTES -> String.format(Locale.ROOT, "%,.0f", value);
      case SHARE -> String.format(Locale.ROOT, "%.0f %%", 100 * value);
      case TIME -> time(value);
    };
  }

  /** Returns a time with three digits and a unit that suits it. */
  static String time(double nanos) {
    if (nanos < 999.5) {
      return String.format(Locale.ROOT, "%.0f ns", nanos);
    }
    if (nanos < 999_500) {
      return digits(nanos / 1e3) + " µs";
    }
    return nanos < 999_500_000 ? digits(nanos / 1e6) + " ms" : digits(nanos / 1e9) + " s";
  }

  private static String digits(double number) {
    int decimals = number < 9.995 ? 2 : number < 99.95 ? 1 : 0;
    return String.format(Locale.ROOT, "%." + decimals + "f", number);
  }
}
