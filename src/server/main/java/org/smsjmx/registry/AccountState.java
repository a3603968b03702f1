package org.smsjmx.registry;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.smsjmx.session.UserRegistry.NoCredentialException;

/**
 * Whether an account may be used, as directories say it: Active Directory by {@code
 * userAccountControl} and {@code accountExpires} (MS-ADTS, 2.2.16; MS-ADA1, 2.2), 389 Directory
 * Server by {@code nsAccountLock}, password policies by {@code pwdAccountLockedTime}, and POSIX
 * accounts by {@code shadowExpire}.
 *
 * @param disabled what says that it is disabled, null if nothing does
 * @param expiresAt from when on it may not be used, null for never
 */
record AccountState(@Nullable String disabled, @Nullable Instant expiresAt) {

  /** What tells it; a directory gives some of them only when they are asked for. */
  static final List<String> ATTRIBUTES =
      List.of(
          "userAccountControl",
          "accountExpires",
          "nsAccountLock",
          "pwdAccountLockedTime",
          "shadowExpire");

  private static final long ACCOUNT_DISABLE = 0x2;

  /** No end: an administrator has to unlock the account. */
  private static final String LOCKED_FOR_EVER = "000001010000Z";

  private static final Instant WINDOWS_EPOCH = Instant.parse("1601-01-01T00:00:00Z");
  private static final long TICKS_PER_SECOND = 10_000_000;

  /** Reads it from an entry; what cannot be read is as good as disabled. */
  static AccountState of(DirectoryEntry user) {
    String disabled = null;
    Instant expiresAt = null;
    for (String attribute : ATTRIBUTES) {
      for (String value : user.values(attribute)) {
        try {
          disabled = disables(attribute, value.strip()) ? attribute : disabled;
          Instant end = end(attribute, value.strip());
          expiresAt =
              expiresAt == null || (end != null && end.isBefore(expiresAt)) ? end : expiresAt;
        } catch (NumberFormatException | DateTimeException | ArithmeticException e) {
          disabled = attribute + " cannot be read";
        }
      }
    }
    return new AccountState(disabled, expiresAt);
  }

  private static boolean disables(String attribute, String value) {
    return switch (attribute) {
      case "userAccountControl" -> (Long.parseLong(value) & ACCOUNT_DISABLE) != 0;
      case "nsAccountLock" -> value.equalsIgnoreCase("true");
      case "pwdAccountLockedTime" -> value.equals(LOCKED_FOR_EVER);
      default -> false;
    };
  }

  private static @Nullable Instant end(String attribute, String value) {
    return switch (attribute) {
      case "accountExpires" -> {
        long ticks = Long.parseLong(value);
        yield ticks == 0 || ticks == Long.MAX_VALUE
            ? null
            : WINDOWS_EPOCH.plusSeconds(ticks / TICKS_PER_SECOND);
      }
      case "shadowExpire" -> {
        long days = Long.parseLong(value);
        yield days < 0 ? null : Instant.EPOCH.plus(Duration.ofDays(days));
      }
      default -> null;
    };
  }

  /**
   * Makes sure that the account may be used.
   *
   * @throws NoCredentialException if it is disabled, or expired by then
   */
  void require(String user, Instant now) {
    if (disabled != null) {
      throw new NoCredentialException(
          "the account of %s is disabled (%s)".formatted(user, disabled));
    }
    if (expiresAt != null && !now.isBefore(expiresAt)) {
      throw new NoCredentialException("the account of %s expired at %s".formatted(user, expiresAt));
    }
  }
}
