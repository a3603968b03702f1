package org.smsjmx.remote;

import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.smsjmx.management.Audit;
import org.smsjmx.management.Caller;

/**
 * Checks names and passwords for both endpoints. A failed sign-in is counted and audited; from the
 * sixth of an address in a minute on its answer is held back for a second. The right password is
 * answered at once, whatever came before, so that nobody locks out others behind the same address.
 */
public final class Authentication {

  private static final int FREE_FAILURES = 5;
  private static final Duration WINDOW = Duration.ofMinutes(1);
  private static final Duration DELAY = Duration.ofSeconds(1);
  private static final int REMEMBERED_ADDRESSES = 10_000;

  private final Accounts accounts;
  private final Audit audit;
  private final LongSupplier nanos;

  /** When the last free failures of an address were; the address that is quiet longest leaves. */
  private final Map<String, long[]> failures =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, long[]> eldest) {
          return size() > REMEMBERED_ADDRESSES;
        }
      };

  /**
   * @param accounts who may come in
   * @param audit told of failures
   */
  public Authentication(Accounts accounts, Audit audit) {
    this(accounts, audit, System::nanoTime);
  }

  Authentication(Accounts accounts, Audit audit, LongSupplier nanos) {
    this.accounts = accounts;
    this.audit = audit;
    this.nanos = nanos;
  }

  /** Says that name or password is wrong, and how long to hold back the answer. */
  public static final class FailedException extends Exception {

    private final Duration delay;

    FailedException(Duration delay) {
      super(null, null, false, false);
      this.delay = delay;
    }

    public Duration delay() {
      return delay;
    }
  }

  /**
   * Signs an administrator in.
   *
   * @param endpoint through which the client comes
   * @param address the client's
   * @throws FailedException if there is no such account or the password is wrong
   */
  public Caller signIn(String name, String password, String endpoint, String address)
      throws FailedException {
    Caller caller = accounts.authenticate(name, password, endpoint, address);
    if (caller == null) {
      boolean delayed = tooMany(address);
      audit.signInFailed(name, endpoint, address, delayed);
      throw new FailedException(delayed ? DELAY : Duration.ZERO);
    }
    return caller;
  }

  /**
   * Returns the caller who signed in before.
   *
   * @return the caller, null if the account may not come in (any more)
   */
  public @Nullable Caller caller(String name, String endpoint, String address) {
    return accounts.caller(name, endpoint, address);
  }

  /** Notes a failure; returns whether there were too many of the address. */
  private boolean tooMany(String address) {
    long now = nanos.getAsLong();
    synchronized (failures) {
      long[] times = failures.get(address);
      if (times == null) {
        times = new long[FREE_FAILURES];
        Arrays.fill(times, now - WINDOW.toNanos() - 1);
        failures.put(address, times);
      }
      boolean tooMany = now - times[0] <= WINDOW.toNanos();
      System.arraycopy(times, 1, times, 0, FREE_FAILURES - 1);
      times[FREE_FAILURES - 1] = now;
      return tooMany;
    }
  }
}
