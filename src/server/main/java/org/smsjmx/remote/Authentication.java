package org.smsjmx.remote;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.smsjmx.management.Audit;
import org.smsjmx.management.Caller;
import org.smsjmx.management.Permission;
import org.smsjmx.management.StatusCode;

/**
 * Checks names and passwords for both endpoints, only so many in a second. A wrong password is
 * counted and audited; what is refused unchecked is counted, and audited once a second.
 */
public final class Authentication {

  private static final Logger LOG = LoggerFactory.getLogger(Authentication.class);
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(150);
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final Accounts accounts;
  private final Audit audit;
  private final LongSupplier nanos;
  private final CheckBudget budget;
  private final Runnable pause;

  /** Few may wait, since each keeps a thread busy. */
  private final Semaphore waiting = new Semaphore(2);

  /** When something that was refused unchecked was audited last. */
  private final AtomicLong auditedNanos;

  /**
   * @param accounts who may come in
   * @param audit told of failures
   */
  public Authentication(Accounts accounts, Audit audit) {
    this(accounts, audit, System::nanoTime, () -> LockSupport.parkNanos(PAUSE_NANOS));
  }

  Authentication(Accounts accounts, Audit audit, LongSupplier nanos, Runnable pause) {
    this.pause = pause;
    this.accounts = accounts;
    this.audit = audit;
    this.nanos = nanos;
    this.budget = new CheckBudget(nanos);
    this.auditedNanos = new AtomicLong(nanos.getAsLong() - SECOND);
  }

  /** A client that has signed in, as long as its account loses nothing. */
  public static final class SignIn {

    private final Accounts.Proof proof;
    private final String endpoint;
    private final Caller caller;

    private SignIn(Accounts.Proof proof, Caller caller) {
      this.proof = proof;
      this.endpoint = caller.endpoint();
      this.caller = caller;
    }
  }

  /** Says that a sign-in is refused, in words for the client. */
  public static final class RefusedException extends Exception {

    private final boolean unchecked;

    private RefusedException(String detail, boolean unchecked) {
      super(StatusCode.HPDIA0200W.message(detail), null, false, false);
      this.unchecked = unchecked;
    }

    /** Returns whether the password was not even looked at, and a later try may be right. */
    public boolean isUnchecked() {
      return unchecked;
    }

    /** Returns id, text and status. */
    public String text() {
      return String.valueOf(getMessage());
    }
  }

  /** Returns the refusal of a client that shows no name and password. */
  public static RefusedException missing() {
    return new RefusedException("User name or password is wrong or missing.", false);
  }

  /**
   * Signs an administrator in.
   *
   * @param endpoint {@code http} or {@code jmx}
   * @param address the client's
   * @param vouched whether a certificate vouches for the client, which then may guess
   * @throws RefusedException if there is no such account, the password is wrong, or too many were
   */
  public SignIn signIn(
      String name, String password, String endpoint, String address, boolean vouched)
      throws RefusedException {
    if (!vouched && !budget.take(name, address) && !takeLater(name, address)) {
      refusedUnchecked(name, endpoint, address);
      throw new RefusedException(
          "Too many sign-ins to this account or from this network; try again in a second.", true);
    }
    Accounts.Proof proof = null;
    try {
      proof = accounts.check(name, password);
    } finally {
      if (!vouched) {
        budget.done(name, address, proof != null);
      }
    }
    LOG.debug("sign-in at {} from {}: {}", endpoint, address, proof == null ? "refused" : name);
    if (proof == null) {
      audit.signInFailed(name, endpoint, address, false);
      throw missing();
    }
    return new SignIn(proof, new Caller(name, address, endpoint, proof.permission()));
  }

  /** Waits a little for the budget, so that a sign-in right after guesses need not be repeated. */
  private boolean takeLater(String name, String address) {
    if (!waiting.tryAcquire()) {
      return false;
    }
    try {
      pause.run();
      return budget.take(name, address);
    } finally {
      waiting.release();
    }
  }

  private void refusedUnchecked(String name, String endpoint, String address) {
    long now = nanos.getAsLong();
    long last = auditedNanos.get();
    if (now - last >= SECOND && auditedNanos.compareAndSet(last, now)) {
      audit.signInFailed(name, endpoint, address, true);
    } else {
      audit.signInNotRecorded();
    }
  }

  /**
   * Returns who calls.
   *
   * @param address from which the call comes
   * @return null if the account has lost something since: itself, its password, or a permission
   */
  public @Nullable Caller caller(SignIn signIn, String address) {
    Permission permission = accounts.permission(signIn.proof);
    if (permission == null) {
      return null;
    }
    Caller caller = signIn.caller;
    return caller.permission() == permission && caller.address().equals(address)
        ? caller
        : new Caller(caller.name(), address, signIn.endpoint, permission);
  }
}
