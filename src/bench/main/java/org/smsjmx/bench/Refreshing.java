package org.smsjmx.bench;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.smsjmx.session.Credential;

/**
 * The rules of a refresh for peers that have none: authentication level and tag values are kept,
 * the rest is taken from the registry. As in our table, sessions that held the same hold the same
 * after.
 */
final class Refreshing {

  private final Known fresh;
  private @Nullable Known from;
  private @Nullable Known to;
  private int sessions;

  Refreshing(Known fresh) {
    this.fresh = fresh;
  }

  /** Counts a session, and returns what it holds after the refresh. */
  Known of(Known old) {
    sessions++;
    Known after = to;
    if (old != from || after == null) {
      after = merged(old);
      from = old;
      to = after;
    }
    return after;
  }

  int sessions() {
    return sessions;
  }

  private Known merged(Known old) {
    Map<String, List<String>> attributes = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    attributes.putAll(fresh.credential().attributes());
    attributes.keySet().removeIf(Refreshing::isKept);
    old.credential()
        .attributes()
        .forEach(
            (name, value) -> {
              if (isKept(name)) {
                attributes.put(name, value);
              }
            });
    return new Known(new Credential(fresh.getName(), fresh.credential().groups(), attributes));
  }

  private static boolean isKept(String name) {
    String folded = name.toLowerCase(Locale.ROOT);
    return folded.equals("authentication_level") || folded.startsWith("tagvalue_");
  }
}
