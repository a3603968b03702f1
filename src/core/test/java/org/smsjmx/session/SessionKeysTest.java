package org.smsjmx.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SessionKeysTest {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration HOUR = Duration.ofHours(1);

  private Instant now = START;
  private final SessionKeys keys = keysFor(HOUR);

  private SessionKeys keysFor(Duration lifetime) {
    return new SessionKeys(
        new SessionTimeouts(lifetime, Duration.ZERO), TimeSource.steady(() -> now));
  }

  @Test
  void readsWhatItWrote() {
    Random random = new Random(1);
    for (int i = 0; i < 1_000; i++) {
      SessionId id = new SessionId(random.nextLong(), random.nextLong());
      assertThat(keys.parse(keys.text(id))).isEqualTo(id);
    }
  }

  @Test
  void refusesATextInWhichAnyBitWasChanged() {
    byte[] bytes = Base64.getUrlDecoder().decode(keys.text(new SessionId(1, 2)));
    for (int bit = 0; bit < bytes.length * 8; bit++) {
      byte[] changed = bytes.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      assertRefused(Base64.getUrlEncoder().encodeToString(changed));
    }
  }

  @Test
  void refusesATextThatAnotherServiceSigned() {
    assertRefused(keysFor(HOUR).text(new SessionId(1, 2)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "AAAA",
        "String",
        "../../etc/passwd",
        "%00",
        "\u0000\u0000",
        "------------------------------------------------",
        "================================================",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "\uD800AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
      })
  void refusesTextsThatAreNoSessionId(String text) {
    assertRefused(text);
  }

  @Test
  void formerTextsStayValidUntilTheirSessionsMustHaveEnded() {
    SessionId id = new SessionId(1, 2);
    String former = keys.text(id);
    assertThat(keys.change().id()).isEqualTo(2);
    assertThat(keys.text(id)).isNotEqualTo(former);
    now = START.plus(HOUR).minusMillis(1);
    assertThat(keys.parse(former)).isEqualTo(id);
    now = START.plus(HOUR);
    assertRefused(former);
    assertThat(keys.parse(keys.text(id))).isEqualTo(id);
  }

  @Test
  void aClockThatIsSetNeitherEndsFormerTextsNorProlongsThem() {
    for (int hours : new int[] {2, -2}) {
      HandClock clock = new HandClock();
      SessionKeys keys = new SessionKeys(SessionTimeouts.DEFAULT, clock);
      SessionId id = new SessionId(1, 2);
      String former = keys.text(id);
      keys.change();
      clock.set(Duration.ofHours(hours));

      assertThat(keys.parse(former)).isEqualTo(id);
      assertThat(keys.keys().get(0).expiresAt()).isEqualTo(clock.instant().plus(HOUR));
      clock.advance(HOUR);
      assertThatIllegalArgumentException().isThrownBy(() -> keys.parse(former));
    }
  }

  @Test
  void formerTextsStayValidForEverWhereSessionsDo() {
    SessionKeys forEver = keysFor(Duration.ZERO);
    SessionId id = new SessionId(1, 2);
    String former = forEver.text(id);
    forEver.change();
    now = START.plus(Duration.ofDays(10_000));
    assertThat(forEver.parse(former)).isEqualTo(id);
  }

  @Test
  void tellsWhenKeysWereMadeAndWhenTheyExpire() {
    assertThat(keys.current()).isEqualTo(new SessionKeys.Key(1, START, null));
    now = START.plusSeconds(60);
    assertThat(keys.change()).isEqualTo(new SessionKeys.Key(2, now, null));
    assertThat(keys.keys())
        .containsExactly(new SessionKeys.Key(1, START, now.plus(HOUR)), keys.current());
  }

  @Test
  void forgetsKeysThatNoSessionCanNeedAnyMore() {
    for (int i = 0; i < 10; i++) {
      now = now.plus(HOUR);
      keys.change();
    }
    assertThat(keys.keys()).extracting(SessionKeys.Key::id).containsExactly(10, 11);
  }

  private void assertRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> keys.parse(text))
        .withMessage("session id was not made by this service, or is too old");
  }
}
