package org.smsjmx.spring.session;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.UUID;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.smsjmx.session.SessionId;

/**
 * Ids to show instead of the store's own, each of which is a session's secret: it is what a browser
 * has in its cookie. A UUID, as Spring Session makes them, is one block of AES under a key of this
 * object; so it can be told from the shown id without a look-up. Ids of another form are hashed,
 * and cannot be told.
 */
final class SessionIds {

  private final SecretKeySpec key;

  SessionIds() {
    byte[] random = new byte[16];
    new SecureRandom().nextBytes(random);
    key = new SecretKeySpec(random, "AES");
  }

  /** Returns the id to show for one of the store. */
  SessionId shown(String id) {
    UUID uuid = uuid(id);
    if (uuid == null) {
      return SessionId.of(hash(id));
    }
    SessionId bits = new SessionId(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
    return SessionId.of(block(Cipher.ENCRYPT_MODE, bits.toBytes()));
  }

  /** Returns the id of the store; another one that there is not, if it cannot be told. */
  String ofStore(SessionId shown) {
    ByteBuffer bits = ByteBuffer.wrap(block(Cipher.DECRYPT_MODE, shown.toBytes()));
    return new UUID(bits.getLong(), bits.getLong()).toString();
  }

  private static @Nullable UUID uuid(String id) {
    try {
      UUID uuid = UUID.fromString(id);
      return uuid.toString().equals(id) ? uuid : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private byte[] block(int mode, byte[] bits) {
    try {
      Cipher cipher = Cipher.getInstance("AES/ECB/NoPadding");
      cipher.init(mode, key);
      return cipher.doFinal(bits);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the Java runtime lacks AES", e);
    }
  }

  private byte[] hash(String id) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(key.getEncoded());
      byte[] hash = digest.digest(id.getBytes(StandardCharsets.UTF_8));
      return Arrays.copyOf(hash, SessionId.BYTES);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the Java runtime lacks SHA-256", e);
    }
  }
}
