package org.smsjmx.management;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.smsjmx.session.SelectedSessions;
import org.smsjmx.session.Selection;

/**
 * The sets of sessions that previews have fixed, until they are executed or out of date. A token is
 * random, so that knowing one is having been told it; it is good once, for the account that asked.
 *
 * <p>An account has {@value #MOST_OF_A_CALLER} of them at most: a further one takes the place of
 * its oldest. All together take {@value #MOST_BYTES} bytes at most.
 */
final class Previews {

  /** How long a preview can be executed. */
  static final Duration VALID = Duration.ofMinutes(5);

  private static final int MOST_OF_A_CALLER = 10;
  private static final long MOST_BYTES = 64L << 20;
  private static final Pattern TOKEN = Pattern.compile("[0-9a-f]{32}");

  private final SecureRandom random = new SecureRandom();
  private final InstantSource clock;

  /** By token, oldest first; under the monitor. */
  private final Map<String, Preview> previews = new LinkedHashMap<>();

  Previews(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * What was fixed.
   *
   * @param caller account that asked
   * @param realm realm
   * @param selection what was asked for
   * @param selected what it found
   * @param expiresAt from when on it is out of date
   */
  record Preview(
      String caller,
      String realm,
      Selection selection,
      SelectedSessions selected,
      Instant expiresAt) {

    private long bytes() {
      return selected.members().memoryBytes();
    }
  }

  /** Returns a new token. */
  String newToken() {
    byte[] bits = new byte[16];
    random.nextBytes(bits);
    return HexFormat.of().formatHex(bits);
  }

  /**
   * Keeps a set of sessions.
   *
   * @throws IllegalArgumentException if it is too large
   */
  synchronized Preview keep(
      String token, Caller caller, String realm, Selection selection, SelectedSessions selected) {
    Preview kept =
        new Preview(
            caller.name(),
            realm,
            selection,
            selected.withoutFirst(), // they would take far more than is counted
            clock.instant().plus(VALID));
    if (kept.bytes() > MOST_BYTES) {
      throw new IllegalArgumentException(
          "selection matches %d sessions, more than a preview can hold"
              .formatted(selected.matched()));
    }
    forgetOld();
    List<String> ofCaller = new ArrayList<>();
    previews.forEach(
        (other, preview) -> {
          if (preview.caller.equals(kept.caller)) {
            ofCaller.add(other);
          }
        });
    for (int i = 0; i <= ofCaller.size() - MOST_OF_A_CALLER; i++) {
      previews.remove(ofCaller.get(i));
    }
    long bytes = previews.values().stream().mapToLong(Preview::bytes).sum() + kept.bytes();
    Iterator<Preview> oldest = previews.values().iterator();
    while (bytes > MOST_BYTES) {
      bytes -= oldest.next().bytes();
      oldest.remove();
    }
    previews.put(token, kept);
    return kept;
  }

  /**
   * Takes out the preview of a token, which is used up by this.
   *
   * @param permitted throws if the caller may not end what is selected; then it stays
   * @throws IllegalArgumentException if no preview could have the token
   * @throws RefusedException CTGSI0309W if it is out of date, used or unknown, CTGSI0303E if
   *     another account asked for it, which leaves it as it is
   */
  synchronized Preview take(String token, Caller caller, Consumer<Selection> permitted) {
    if (!TOKEN.matcher(token).matches()) {
      throw new IllegalArgumentException("token must be one that previewTerminate returned");
    }
    Preview found = previews.get(token);
    if (found == null || !clock.instant().isBefore(found.expiresAt)) {
      throw new RefusedException(
          StatusCode.CTGSI0309W,
          "The preview is older than %d minutes, or was executed before."
              .formatted(VALID.toMinutes()));
    }
    if (!found.caller.equals(caller.name())) {
      throw new RefusedException(StatusCode.CTGSI0303E, "The preview is another account's.");
    }
    permitted.accept(found.selection);
    previews.remove(token);
    return found;
  }

  /** Takes out what another copy, which checked it, has a part of; null if there is none here. */
  synchronized @Nullable SelectedSessions takePart(String token) {
    Preview found = previews.remove(token);
    return found == null ? null : found.selected;
  }

  /** Gives back the memory of those that are out of date. */
  synchronized void forgetOld() {
    Instant now = clock.instant();
    previews.values().removeIf(preview -> !now.isBefore(preview.expiresAt));
  }
}
