package org.smsjmx.session;

import java.util.Arrays;

/**
 * A credential as sessions hold it; shared between sessions of a user. It is kept as {@link
 * Credential#packed}, so that there is no object more to fetch from memory.
 */
class Held {

  private final byte[] packed;

  /** Taken before the credential was read. */
  final long mark;

  /** What a sign-in brings. */
  Held(Credential credential, long mark) {
    this(credential.packed(), mark);
  }

  private Held(byte[] packed, long mark) {
    this.packed = packed;
    this.mark = mark;
  }

  Credential credential() {
    return new Credential(packed);
  }

  boolean isOf(Credential credential) {
    return Arrays.equals(packed, credential.packed());
  }

  /** Returns whether another one has the very same credential, not only an equal one. */
  boolean sharesWith(Held other) {
    return packed == other.packed;
  }

  /** Returns this credential as it was read with another mark. */
  Held readAt(long newMark) {
    return mark == newMark ? this : new Held(packed, newMark);
  }

  /** Returns 1 as brought by a sign-in, one more with each refresh. */
  int version() {
    return 1;
  }

  /** Returns when it was refreshed, in epoch milliseconds; 0 = never. */
  long refreshedAt() {
    return 0;
  }

  /** What a refresh brings. */
  static final class Refreshed extends Held {

    private final int version;
    private final long refreshedAt;

    Refreshed(Credential credential, long mark, int version, long refreshedAt) {
      super(credential, mark);
      this.version = version;
      this.refreshedAt = refreshedAt;
    }

    @Override
    int version() {
      return version;
    }

    @Override
    long refreshedAt() {
      return refreshedAt;
    }
  }
}
