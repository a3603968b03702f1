package org.smsjmx.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smsjmx.management.Audit;
import org.smsjmx.management.Permission;

/** How many passwords are checked, and whose sign-ins wait for whom. */
final class AuthenticationTest {

  private static final String RIGHT = "right";
  private static final int A_SECOND = CheckBudget.A_SECOND;

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000_000);
  private Authentication authentication;
  private Duration pause = Duration.ZERO;

  @BeforeEach
  void make(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("jmxremote.password");
    Accounts.setPassword(file, "sec_master", RIGHT);
    Accounts.setPassword(file, "other", RIGHT);
    Accounts accounts =
        new Accounts(
            file, () -> Map.of("sec_master", Permission.ADMINISTER, "other", Permission.VIEW));
    authentication =
        new Authentication(
            accounts, new Audit(InstantSource.system(), false), nanos::get, () -> pass(pause));
  }

  private enum Outcome {
    IN,
    WRONG,
    UNCHECKED
  }

  private Outcome signIn(String name, String password, String address, boolean vouched) {
    Authentication.RefusedException refused =
        catchThrowableOfType(
            Authentication.RefusedException.class,
            () -> authentication.signIn(name, password, "http", address, vouched));
    if (refused == null) {
      return Outcome.IN;
    }
    return refused.isUnchecked() ? Outcome.UNCHECKED : Outcome.WRONG;
  }

  private Outcome signIn(String name, String password, String address) {
    return signIn(name, password, address, false);
  }

  /** Guesses, and returns how many guesses were checked. */
  private int guess(int times, String name, String address) {
    int checked = 0;
    for (int i = 0; i < times; i++) {
      checked += signIn(name, "guess" + i, address) == Outcome.WRONG ? 1 : 0;
    }
    return checked;
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  @Test
  void tenGuessesASecondAreCheckedForAnAccountFromWhereverTheyCome() {
    int checked = 0;
    for (int second = 0; second < 5; second++) {
      for (int i = 0; i < 100; i++) {
        checked += guess(1, "sec_master", "10.%d.%d.1".formatted(second, i));
      }
      pass(Duration.ofSeconds(1));
    }
    assertThat(checked).isEqualTo(5 * A_SECOND);
  }

  @Test
  void tenGuessesASecondAreCheckedForABlockWhomeverTheyAreFor() {
    int checked = 0;
    for (int second = 0; second < 5; second++) {
      for (int i = 0; i < 100; i++) {
        checked += guess(1, "account" + i, "10.0.0.1");
      }
      pass(Duration.ofSeconds(1));
    }
    assertThat(checked).isEqualTo(5 * A_SECOND);
  }

  @Test
  void loopbackIsOneBlockAndSoIsANetworkOfIpv6() {
    int checked = 0;
    for (int i = 0; i < 100; i++) {
      checked += guess(1, "loopback" + i, "127.%d.2.3".formatted(i));
      checked += guess(1, "loopback also" + i, "::1");
      checked += guess(1, "ipv6" + i, "2001:db8:1:2:3:4:5:%x".formatted(i));
    }
    assertThat(checked).isEqualTo(2 * A_SECOND);
    assertThat(guess(1, "another", "2001:db8:1:3::1")).isEqualTo(1);
  }

  @Test
  void theRightPasswordIsRefusedUncheckedToo() {
    guess(100, "sec_master", "10.0.0.1");

    assertThat(signIn("sec_master", RIGHT, "10.0.0.1")).isEqualTo(Outcome.UNCHECKED);
  }

  @Test
  void aTenthOfASecondAfterTheGuessingABlockIsNotHeldUpAnyMore() {
    guess(100, "sec_master", "127.0.0.1");

    pass(Duration.ofMillis(101));

    assertThat(signIn("sec_master", RIGHT, "127.0.0.1")).isEqualTo(Outcome.IN);
  }

  @Test
  void aSignInRightAfterGuessesWaitsAMoment() {
    guess(100, "sec_master", "127.0.0.1");
    pause = Duration.ofMillis(150);

    assertThat(signIn("sec_master", RIGHT, "127.0.0.1")).isEqualTo(Outcome.IN);
  }

  @Test
  void aBlockThatSignedInIsNotHeldUpByGuessesFromElsewhere() {
    assertThat(signIn("sec_master", RIGHT, "10.0.0.1")).isEqualTo(Outcome.IN);

    for (int i = 0; i < 100; i++) {
      guess(10, "sec_master", "10.1.0." + i);
      assertThat(signIn("sec_master", RIGHT, "10.0.0.1")).isEqualTo(Outcome.IN);
    }
  }

  @Test
  void aBlockThatSignedInIsNotHeldUpByGuessesOfOtherAccountsNextToIt() {
    assertThat(signIn("sec_master", RIGHT, "127.0.0.1")).isEqualTo(Outcome.IN);

    guess(100, "other", "127.0.0.1");

    assertThat(signIn("sec_master", RIGHT, "127.0.0.1")).isEqualTo(Outcome.IN);
  }

  @Test
  void inABlockThatSignedInGuessesAreBoundedAsWell() {
    signIn("sec_master", RIGHT, "10.0.0.1");
    int checked = 0;
    for (int second = 0; second < 5; second++) {
      checked += guess(100, "sec_master", "10.0.0.1");
      pass(Duration.ofSeconds(1));
    }
    assertThat(checked).isEqualTo(5 * A_SECOND);
  }

  @Test
  void aBlockIsKnownForADay() {
    signIn("sec_master", RIGHT, "10.0.0.1");
    pass(Duration.ofHours(24).minusSeconds(1));
    guess(100, "sec_master", "10.1.0.1");
    assertThat(signIn("sec_master", RIGHT, "10.0.0.1")).isEqualTo(Outcome.IN);

    pass(Duration.ofHours(24).plusSeconds(1));
    guess(100, "sec_master", "10.1.0.1");
    assertThat(signIn("sec_master", RIGHT, "10.0.0.1")).isEqualTo(Outcome.UNCHECKED);
  }

  @Test
  void manySignInsWithTheRightPasswordAreNoGuesses() {
    for (int i = 0; i < 1_000; i++) {
      assertThat(signIn("sec_master", RIGHT, "10.0.0.1")).isEqualTo(Outcome.IN);
    }
  }

  @Test
  void clientsWithACertificateAreNotHeldUp() {
    guess(100, "sec_master", "10.0.0.1");

    assertThat(signIn("sec_master", RIGHT, "10.0.0.1", true)).isEqualTo(Outcome.IN);
  }

  @Test
  void whoTriesFromManyBlocksFillsNoMemory() {
    CheckBudget budget = new CheckBudget(nanos::get);
    while (budget.take("sec_master", "10.0.0.1")) {
      budget.done("sec_master", "10.0.0.1", false);
    }
    for (int i = 0; i < 20_000; i++) {
      String address = "11.%d.%d.%d".formatted(i >> 16, i >> 8 & 255, i & 255);
      budget.take("account" + i, address);
      budget.done("account" + i, address, false);
    }
    assertThat(budget.take("unused", "10.0.0.1"))
        .as("the block that was quiet longest is forgotten")
        .isTrue();
  }

  @Test
  void longNamesThatBeginAlikeShareABudgetAndSoFillNoMemory() {
    CheckBudget budget = new CheckBudget(nanos::get);
    String begin = "x".repeat(100);
    for (int i = 0; i < A_SECOND; i++) {
      assertThat(budget.take(begin + i, "10.0.0." + i)).isTrue();
      budget.done(begin + i, "10.0.0." + i, false);
    }
    assertThat(budget.take(begin + "y", "10.0.1.1")).isFalse();
    assertThat(budget.take("y", "10.0.1.1")).isTrue();
  }
}
