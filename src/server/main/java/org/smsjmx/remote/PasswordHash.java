package org.smsjmx.remote;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A salted hash as the JDK's agent has it: {@code salt hash algorithm} in Base64, where the
 * algorithm may be left out. It also knows again the password that was right last.
 */
final class PasswordHash {

  private static final String ALGORITHM = "SHA3-512";
  private static final String QUICK_ALGORITHM = "SHA-256";
  private static final int SALT_BYTES = 64;
  private static final SecureRandom RANDOM = new SecureRandom();

  /** Never leaves this process, so that a quick digest is of no use elsewhere. */
  private static final byte[] QUICK_KEY = randomBytes(32);

  /** Compared with for a name that has no account, so that the answer takes as long. */
  static final PasswordHash NOBODY = of(Base64.getEncoder().encodeToString(randomBytes(32)));

  private final byte[] salt;
  private final byte[] digest;
  private final String algorithm;

  /**
   * A quick digest of the password that was right last, so that the slow one is not made for every
   * request; at first of nothing that a client can send.
   */
  private volatile byte[] lastRight = randomBytes(QUICK_KEY.length);

  private PasswordHash(byte[] salt, byte[] digest, String algorithm) {
    this.salt = salt;
    this.digest = digest;
    this.algorithm = algorithm;
  }

  static byte[] randomBytes(int count) {
    byte[] bytes = new byte[count];
    RANDOM.nextBytes(bytes);
    return bytes;
  }

  static PasswordHash of(String password) {
    byte[] salt = randomBytes(SALT_BYTES);
    return new PasswordHash(salt, digest(ALGORITHM, salt, password), ALGORITHM);
  }

  /**
   * Reads a hash.
   *
   * @param algorithm null = SHA3-512
   * @return null if it is none, or of an algorithm that Java does not have
   */
  static @Nullable PasswordHash parse(String salt, String hash, @Nullable String algorithm) {
    String named = algorithm == null ? ALGORITHM : algorithm;
    try {
      Base64.Decoder base64 = Base64.getDecoder();
      byte[] digest = base64.decode(hash);
      return digest.length == MessageDigest.getInstance(named).getDigestLength()
          ? new PasswordHash(base64.decode(salt), digest, named)
          : null;
    } catch (IllegalArgumentException | NoSuchAlgorithmException e) {
      return null;
    }
  }

  boolean matches(String password) {
    byte[] quick = digest(QUICK_ALGORITHM, QUICK_KEY, password);
    if (MessageDigest.isEqual(lastRight, quick)) {
      return true;
    }
    boolean right = MessageDigest.isEqual(digest, digest(algorithm, salt, password));
    if (right) {
      lastRight = quick;
    }
    return right;
  }

  private static byte[] digest(String algorithm, byte[] salt, String password) {
    try {
      MessageDigest digest = MessageDigest.getInstance(algorithm);
      digest.update(salt);
      return digest.digest(password.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("the Java runtime lacks " + algorithm, e);
    }
  }

  /** Returns whether the other was made of the same password in the same run of hashing it. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PasswordHash hash
        && Arrays.equals(salt, hash.salt)
        && Arrays.equals(digest, hash.digest);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(digest);
  }

  @Override
  public String toString() {
    Base64.Encoder base64 = Base64.getEncoder();
    return "%s %s %s"
        .formatted(base64.encodeToString(salt), base64.encodeToString(digest), algorithm);
  }
}
