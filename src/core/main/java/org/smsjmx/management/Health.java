package org.smsjmx.management;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.smsjmx.text.Showable;

/** What the parts of a service tell of their state; {@code sms:type=Service} shows it. */
public final class Health {

  /** Long enough for the path of a file, and what is wrong with it. */
  private static final int SHOWN_LENGTH = 600;

  private final Map<String, Supplier<@Nullable String>> parts = new ConcurrentHashMap<>();
  private volatile Supplier<@Nullable Instant> certificate = () -> null;

  /**
   * Adds a part.
   *
   * @param name of the part
   * @param problem asked what is wrong with it; null if nothing is
   */
  public void add(String name, Supplier<@Nullable String> problem) {
    parts.put(name, problem);
  }

  /** Names what tells when the certificate in use expires, null for no TLS. */
  public void addCertificate(Supplier<@Nullable Instant> expiresAt) {
    certificate = expiresAt;
  }

  /** Returns the state of each part by its name: {@code ok}, or what is wrong. */
  Map<String, String> parts() {
    Map<String, String> states = new TreeMap<>();
    parts.keySet().forEach(name -> states.put(name, "ok"));
    states.putAll(failingParts());
    return states;
  }

  /** Returns what is wrong with each part that does not work as it should, by its name. */
  Map<String, String> failingParts() {
    Map<String, String> failing = new TreeMap<>();
    parts.forEach(
        (name, problem) -> {
          String wrong = problem.get();
          if (wrong != null) {
            failing.put(name, Showable.shown(wrong, SHOWN_LENGTH));
          }
        });
    return failing;
  }

  /** Returns how many parts do not work as they should. */
  int failing() {
    return (int) parts.values().stream().filter(problem -> problem.get() != null).count();
  }

  @Nullable Instant certificateExpiresAt() {
    return certificate.get();
  }
}
