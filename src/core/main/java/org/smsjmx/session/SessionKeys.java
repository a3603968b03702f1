package org.smsjmx.session;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The session management keys. They sign the text form of session ids, so that a text made
 * elsewhere is refused before anything is looked up. Inside the service ids have no text, so a
 * touch does not pay for it.
 *
 * <p>The text is URL-safe Base64 of key id, session id and the first half of an HMAC-SHA256.
 */
public final class SessionKeys {

  private static final String ALGORITHM = "HmacSHA256";
  private static final int SECRET_BYTES = 32;
  private static final Pattern WELL_FORMED = Pattern.compile("[A-Za-z0-9_-]{1,128}");
  private static final int SIGNED_BYTES = Integer.BYTES + SessionId.BYTES;
  private static final int SIGNATURE_BYTES = 16;
  private static final int TEXT_LENGTH = (SIGNED_BYTES + SIGNATURE_BYTES) / 3 * 4;

  private final SessionTimeouts timeouts;
  private final TimeSource clock;
  private final SecureRandom random = new SecureRandom();
  private final ConcurrentSkipListMap<Integer, Secret> secrets = new ConcurrentSkipListMap<>();

  /**
   * Makes the first key.
   *
   * @param timeouts how long sessions live, and so texts under a former key
   * @param clock tells the time of day, which is shown; see {@link TimeSource#of}
   */
  public SessionKeys(SessionTimeouts timeouts, InstantSource clock) {
    this.timeouts = timeouts;
    this.clock = TimeSource.of(clock);
    secrets.put(1, newSecret(1));
  }

  /**
   * A key, without its secret.
   *
   * @param id counts from 1
   * @param createdAt when it was made
   * @param expiresAt when the last text that it signed ends; null while it is the current key, or
   *     if the lifetime of sessions is unlimited
   */
  public record Key(int id, Instant createdAt, @Nullable Instant expiresAt) {}

  /** Returns the key that signs now. */
  public Key current() {
    return secrets.lastEntry().getValue().key(clock);
  }

  /**
   * Makes a new key; texts under the former ones stay valid until their sessions must have ended.
   */
  public synchronized Key change() {
    long now = clock.elapsedMillis();
    secrets.values().removeIf(secret -> secret.isOver(now));
    Secret former = secrets.lastEntry().getValue();
    secrets.put(former.id + 1, newSecret(former.id + 1));
    secrets.put(former.id, former.endingAt(timeouts.lifetimeEnd(now)));
    return current();
  }

  /** Returns the text form of an id, under the current key. */
  public String text(SessionId id) {
    Secret secret = secrets.lastEntry().getValue();
    ByteBuffer bytes = ByteBuffer.allocate(SIGNED_BYTES + SIGNATURE_BYTES);
    bytes.putInt(secret.id).put(id.toBytes());
    bytes.put(secret.signature(Arrays.copyOf(bytes.array(), SIGNED_BYTES)));
    return Base64.getUrlEncoder().encodeToString(bytes.array());
  }

  /**
   * Reads the text form.
   *
   * @param text what {@link #text} gave
   * @return the id
   * @throws IllegalArgumentException if no present or former key signed the text
   */
  public SessionId parse(String text) {
    if (text.length() != TEXT_LENGTH) {
      throw notOurs();
    }
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw notOurs();
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    Secret secret = secrets.get(buffer.getInt());
    byte[] signed = Arrays.copyOf(bytes, SIGNED_BYTES);
    byte[] signature = Arrays.copyOfRange(bytes, SIGNED_BYTES, bytes.length);
    if (secret == null
        || secret.isOver(clock.elapsedMillis())
        || !MessageDigest.isEqual(signature, secret.signature(signed))) {
      throw notOurs();
    }
    return SessionId.of(Arrays.copyOfRange(signed, Integer.BYTES, SIGNED_BYTES));
  }

  /**
   * Returns whether the text could be that of a session, of this service or of another: one from
   * before a restart is no more known, but no slip either.
   */
  public static boolean isWellFormed(String text) {
    return WELL_FORMED.matcher(text).matches();
  }

  /** Returns the keys whose texts are valid, oldest first. */
  List<Key> keys() {
    return secrets.values().stream().map(secret -> secret.key(clock)).toList();
  }

  private static IllegalArgumentException notOurs() {
    return new IllegalArgumentException("session id was not made by this service, or is too old");
  }

  private Secret newSecret(int id) {
    byte[] bytes = new byte[SECRET_BYTES];
    random.nextBytes(bytes);
    return new Secret(id, clock.elapsedMillis(), Long.MAX_VALUE, bytes);
  }

  /**
   * A key with its secret.
   *
   * @param createdAt in {@link TimeSource#elapsedMillis}
   * @param endsAt the same; the greatest for never
   */
  private record Secret(int id, long createdAt, long endsAt, byte[] bytes) {

    Secret endingAt(long time) {
      return new Secret(id, createdAt, time, bytes);
    }

    boolean isOver(long now) {
      return now >= endsAt;
    }

    Key key(TimeSource clock) {
      return new Key(
          id,
          clock.timeOfDay(createdAt),
          endsAt == Long.MAX_VALUE ? null : clock.timeOfDay(endsAt));
    }

    byte[] signature(byte[] signed) {
      try {
        Mac mac = Mac.getInstance(ALGORITHM);
        mac.init(new SecretKeySpec(bytes, ALGORITHM));
        return Arrays.copyOf(mac.doFinal(signed), SIGNATURE_BYTES);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("the Java runtime lacks " + ALGORITHM, e);
      }
    }
  }
}
