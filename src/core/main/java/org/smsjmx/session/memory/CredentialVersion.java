package org.smsjmx.session.memory;

import org.smsjmx.session.Credential;

/** A credential, its version and the epoch in which it was read; sessions of a user share it. */
class CredentialVersion {

  /** Less than all times. */
  static final long NEVER = Long.MIN_VALUE;

  private final Credential credential;

  /** Taken before the credential was read. */
  final long epoch;

  /** The credential that a sign-in brings. */
  CredentialVersion(Credential credential, long epoch) {
    this.credential = credential;
    this.epoch = epoch;
  }

  final Credential credential() {
    return credential;
  }

  final boolean isOf(Credential other) {
    return credential.equals(other);
  }

  /** Returns whether both hold the very same credential, not only an equal one. */
  @SuppressWarnings("ReferenceEquality")
  final boolean sharesWith(CredentialVersion other) {
    return credential == other.credential;
  }

  /** Returns this credential as it was read in another epoch, as a sign-in brings it. */
  final CredentialVersion readIn(long other) {
    return epoch == other ? this : new CredentialVersion(credential, other);
  }

  /** Returns 1 as brought by a sign-in, one more with each refresh. */
  int version() {
    return 1;
  }

  /** Returns when it was refreshed, {@link #NEVER} if it was not. */
  long refreshedAt() {
    return NEVER;
  }

  /** The credential that a refresh brings. */
  static final class Refreshed extends CredentialVersion {

    private final int version;
    private final long refreshedAt;

    Refreshed(Credential credential, long epoch, int version, long refreshedAt) {
      super(credential, epoch);
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
