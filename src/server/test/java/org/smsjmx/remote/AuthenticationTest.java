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

/** Which failed sign-ins are answered late. */
final class AuthenticationTest {

  private static final String PASSWORD = "right";
  private static final Duration AT_ONCE = Duration.ZERO;
  private static final Duration LATE = Duration.ofSeconds(1);

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000_000);
  private Authentication authentication;

  @BeforeEach
  void make(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("jmxremote.password");
    Accounts.setPassword(file, "sec_master", PASSWORD);
    Accounts accounts = new Accounts(file, Map.of("sec_master", Permission.ADMINISTER));
    authentication =
        new Authentication(accounts, new Audit(InstantSource.system(), false), nanos::get);
  }

  private Duration fail(String address) {
    return catchThrowableOfType(
            Authentication.FailedException.class,
            () -> authentication.signIn("sec_master", "wrong", "http", address))
        .delay();
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  @Test
  void theSixthInAMinuteAndThoseAfterItAreLate() {
    for (int i = 1; i <= 5; i++) {
      assertThat(fail("a")).as("number " + i).isEqualTo(AT_ONCE);
      pass(Duration.ofSeconds(10));
    }
    assertThat(fail("a")).isEqualTo(LATE);
    assertThat(fail("a")).isEqualTo(LATE);
  }

  @Test
  void fiveInAnyMinuteAreNot() {
    for (int i = 1; i <= 50; i++) {
      assertThat(fail("a")).as("number " + i).isEqualTo(AT_ONCE);
      pass(Duration.ofMillis(12_001));
    }
  }

  @Test
  void aQuietMinuteMakesUpForAllThatWas() {
    for (int i = 0; i < 100; i++) {
      fail("a");
    }
    pass(Duration.ofSeconds(60).plusNanos(1));

    assertThat(fail("a")).isEqualTo(AT_ONCE);
  }

  @Test
  void addressesDoNotPayForEachOther() {
    for (int i = 0; i < 100; i++) {
      fail("a");
    }
    assertThat(fail("b")).isEqualTo(AT_ONCE);
  }

  @Test
  void theRightPasswordComesInWhateverWasBefore() throws Authentication.FailedException {
    for (int i = 0; i < 100; i++) {
      fail("a");
    }
    assertThat(authentication.signIn("sec_master", PASSWORD, "http", "a").name())
        .isEqualTo("sec_master");
    assertThat(fail("a")).as("and is no way to start afresh").isEqualTo(LATE);
  }

  @Test
  void whoTriesFromManyAddressesFillsNoMemory() {
    for (int i = 0; i < 10; i++) {
      fail("a");
    }
    for (int i = 0; i < 10_000; i++) {
      fail("other " + i);
    }
    assertThat(fail("a")).as("the address that was quiet longest is forgotten").isEqualTo(AT_ONCE);
  }
}
