package org.smsjmx.session;

/** A credential as sessions hold it; shared between sessions of a user. */
class Held {

  final Credential credential;

  /** Taken before the credential was read. */
  final long mark;

  /** What a sign-in brings. */
  Held(Credential credential, long mark) {
    this.credential = credential;
    this.mark = mark;
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
