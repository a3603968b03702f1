package org.smsjmx.session.memory;

import org.smsjmx.session.Credential;

/** A credential as sessions hold it; shared between sessions of a user. */
class Held {

  private final Credential credential;

  /** Taken before the credential was read. */
  final long mark;

  /** What a sign-in brings. */
  Held(Credential credential, long mark) {
    this.credential = credential;
    this.mark = mark;
  }

  Credential credential() {
    return credential;
  }

  boolean isOf(Credential other) {
    return credential.equals(other);
  }

  /** Returns whether another one has the very same credential, not only an equal one. */
  boolean sharesWith(Held other) {
    return credential == other.credential;
  }

  /** Returns this credential as it was read with another mark. */
  Held readAt(long newMark) {
    return mark == newMark ? this : new Held(credential, newMark);
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
