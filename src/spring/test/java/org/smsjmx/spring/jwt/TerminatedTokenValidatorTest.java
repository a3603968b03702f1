package org.smsjmx.spring.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smsjmx.application.SessionService;
import org.smsjmx.management.SmsNames;
import org.smsjmx.session.Credential;
import org.smsjmx.session.EndReason;
import org.smsjmx.session.SessionListener;
import org.smsjmx.session.UserInRealm;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtValidationException;
import org.springframework.security.oauth2.jwt.JwtValidators;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;

class TerminatedTokenValidatorTest {

  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final SetClock clock = new SetClock();
  private final SessionService service = open("jwt");
  private final TerminatedTokenValidator validator = validator(Duration.ZERO, 1_000);

  @AfterEach
  void close() {
    validator.close();
    service.close();
  }

  private static SessionService open(String instance) {
    return SessionService.open(
        instance, "shop", user -> new Credential(user, List.of(), Map.of()), name -> null);
  }

  private TerminatedTokenValidator validator(Duration skew, int maximumUsers) {
    return new TerminatedTokenValidator(service, "sub", DAY, skew, maximumUsers, clock);
  }

  @Test
  void aTokenFromBeforeTheTerminateIsRefusedAndALaterOneIsNot() {
    Jwt before = token("dlucas", clock.instant().minus(SECOND));
    assertThat(isAccepted(before)).isTrue();

    terminate("dlucas");

    assertThat(isAccepted(before)).isFalse();
    clock.advance(SECOND);
    assertThat(isAccepted(before)).isFalse();
    assertThat(isAccepted(token("dlucas", clock.instant()))).isTrue();
    assertThat(isAccepted(token("johnq", clock.instant().minusSeconds(60)))).isTrue();
  }

  @Test
  void aTokenOfTheSameSecondIsRefused() {
    terminate("dlucas");

    assertThat(isAccepted(token("dlucas", second(clock.instant())))).isFalse();
    clock.advance(Duration.ofMillis(599));
    assertThat(isAccepted(token("dlucas", second(clock.instant())))).isFalse();
    clock.advance(Duration.ofMillis(1));
    assertThat(isAccepted(token("dlucas", second(clock.instant())))).isTrue();
  }

  @Test
  void theErrorIsOneOfTheTokenAndNamesNobody() {
    terminate("dlucas");

    assertThat(validator.validate(token("dlucas", clock.instant())).getErrors())
        .extracting(OAuth2Error::getErrorCode, OAuth2Error::getDescription)
        .containsExactly(
            tuple(
                "invalid_token",
                "The token was issued before the sessions of its user were terminated"));
  }

  @Test
  void namesAreComparedAsTheTableComparesThem() {
    terminate("DLucas");
    terminate("Mary  Jones");

    assertThat(isAccepted(token("dlucas", clock.instant()))).isFalse();
    assertThat(isAccepted(token("mary jones", clock.instant()))).isFalse();
  }

  @Test
  void aTerminateInAnotherRealmIsNone() {
    service.sessions().terminateAll(new UserInRealm("dlucas", "other"));

    assertThat(isAccepted(token("dlucas", clock.instant()))).isTrue();
  }

  @Test
  void aTerminateAtAnotherServerOfTheRealmCounts() throws Exception {
    try (SessionService other = open("jwt-other")) {
      ManagementFactory.getPlatformMBeanServer()
          .invoke(
              SmsNames.server(other.server()),
              "terminateAllSessions",
              new Object[] {"dlucas", "shop"},
              new String[] {String.class.getName(), String.class.getName()});
    }

    assertThat(isAccepted(token("dlucas", clock.instant()))).isFalse();
  }

  @Test
  void aSessionThatEndsAloneRefusesNoToken() {
    UserInRealm user = new UserInRealm("dlucas", "shop");
    service.sessions().signOut(service.sessions().signIn(user, service.server()));
    service.sessions().terminate(service.sessions().signIn(user, service.server()));

    assertThat(isAccepted(token("dlucas", clock.instant()))).isTrue();
  }

  @Test
  void theLastTerminateCounts() {
    terminate("dlucas");
    clock.advance(Duration.ofHours(1));
    Jwt between = token("dlucas", clock.instant());
    assertThat(isAccepted(between)).isTrue();

    terminate("dlucas");

    assertThat(isAccepted(between)).isFalse();
  }

  @Test
  void aTokenThatIsOlderThanTokensMayBeIsRefused() {
    Jwt token = token("dlucas", clock.instant());
    clock.advance(DAY);
    assertThat(isAccepted(token)).isTrue();

    clock.advance(Duration.ofNanos(1));

    assertThat(isAccepted(token)).isFalse();
  }

  @Test
  void aTerminateIsForgottenWhenNoTokenIsFromBefore() {
    terminate("dlucas");
    Jwt withoutIssue = token("dlucas", null);
    clock.advance(DAY);
    assertThat(isAccepted(withoutIssue)).isFalse();

    clock.advance(Duration.ofNanos(1));

    assertThat(isAccepted(withoutIssue)).isTrue();
  }

  @Test
  void aTokenWithoutTimeOfIssueIsRefusedOnlyToTerminatedUsers() {
    terminate("dlucas");
    clock.advance(Duration.ofHours(23));

    assertThat(isAccepted(token("dlucas", null))).isFalse();
    assertThat(isAccepted(token("johnq", null))).isTrue();
  }

  @Test
  void aTimeOfIssueToComeIsNotBelieved() {
    Jwt ahead = token("dlucas", clock.instant().plusSeconds(5));
    assertThat(isAccepted(ahead)).isTrue();

    terminate("dlucas");

    assertThat(isAccepted(ahead)).isFalse();
    assertThat(isAccepted(token("dlucas", Instant.MAX.minusSeconds(100)))).isFalse();
  }

  @Test
  void anIssuersClockMayBeAhead() {
    try (TerminatedTokenValidator tolerant = validator(Duration.ofSeconds(10), 1_000)) {
      Jwt before = token("dlucas", clock.instant().plusSeconds(10));
      terminate("dlucas");

      clock.advance(Duration.ofSeconds(10));
      assertThat(tolerant.validate(before).hasErrors()).isTrue();
      clock.advance(DAY);
      assertThat(tolerant.validate(before).hasErrors()).isTrue();
      assertThat(tolerant.validate(token("dlucas", clock.instant())).hasErrors()).isFalse();
    }
  }

  @Test
  void tokensOfNobodyWhoCanBeTerminatedAreAccepted() {
    terminate("dlucas");
    Jwt nobody =
        Jwt.withTokenValue("t")
            .header("alg", "none")
            .issuedAt(clock.instant())
            .claim("scope", "read")
            .build();
    Jwt list = token(List.of("dlucas", "x"), clock.instant());

    assertThat(isAccepted(nobody)).isTrue();
    assertThat(isAccepted(list)).isTrue();
    assertThat(isAccepted(token(Map.of("a", Map.of()), clock.instant()))).isTrue();
    assertThat(isAccepted(token("x".repeat(10_000), clock.instant()))).isTrue();
    assertThat(isAccepted(token("", clock.instant()))).isTrue();
    assertThat(isAccepted(token("dlucas\u0000*\uD800", clock.instant()))).isTrue();
  }

  @Test
  void aUserWhoseNameIsANumberIsNamedAsSpringNamesIt() {
    terminate("4711");

    assertThat(isAccepted(token(4711, clock.instant()))).isFalse();
  }

  @Test
  void beyondSoManyUsersEverybodyIsRefusedUpToTheOldest() {
    try (TerminatedTokenValidator small = validator(Duration.ZERO, 2)) {
      terminate("first");
      Instant oldest = clock.instant();
      clock.advance(Duration.ofMinutes(1));
      terminate("second");
      clock.advance(Duration.ofMinutes(1));
      assertThat(small.validate(token("johnq", oldest)).hasErrors()).isFalse();

      terminate("third");

      assertThat(small.validate(token("first", oldest)).hasErrors()).isTrue();
      assertThat(small.validate(token("johnq", oldest)).hasErrors()).isTrue();
      Instant later = oldest.plusSeconds(1);
      assertThat(small.validate(token("johnq", later)).hasErrors()).isFalse();
      assertThat(small.validate(token("second", later)).hasErrors()).isTrue();
      clock.advance(DAY);
      assertThat(small.validate(token("johnq", null)).hasErrors()).isFalse();
    }
  }

  @Test
  void aUserWhoIsTerminatedAgainIsNotTheOldest() {
    try (TerminatedTokenValidator small = validator(Duration.ZERO, 2)) {
      terminate("first");
      clock.advance(SECOND);
      terminate("second");
      Instant oldest = clock.instant();
      clock.advance(SECOND);
      terminate("first");
      clock.advance(SECOND);
      terminate("third");

      assertThat(small.validate(token("johnq", oldest)).hasErrors()).isTrue();
      assertThat(small.validate(token("johnq", oldest.plus(SECOND))).hasErrors()).isFalse();
      assertThat(small.validate(token("first", oldest.plus(SECOND))).hasErrors()).isTrue();
    }
  }

  @Test
  void whatIsOverIsGivenBack() {
    Terminations terminations = new Terminations("shop", DAY, 10, clock);
    try (var subscription = service.sessions().listen(terminations)) {
      terminate("first");
      terminate("second");
      assertThat(terminations.size()).isEqualTo(2);
      clock.advance(DAY.plus(SECOND));

      assertThat(terminations.last("first")).isNull();

      assertThat(terminations.size()).isZero();
    }
  }

  @Test
  void aClockThatWasSetBackAcceptsNoOlderToken() {
    terminate("dlucas");
    Jwt before = token("dlucas", clock.instant().minusSeconds(30));
    clock.advance(Duration.ofMinutes(-1));
    terminate("dlucas");
    clock.advance(Duration.ofMinutes(2));

    assertThat(isAccepted(before)).isFalse();
  }

  /**
   * The other thread pushes the user out, so that the floor takes over; no look may see neither.
   */
  @Test
  void noLookSeesAUserForgottenBeforeTheFloorHasRisen() throws Exception {
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try {
      for (int round = 0; round < 20_000; round++) {
        Terminations terminations = new Terminations("shop", DAY, 1, clock);
        terminations.ended(terminated("victim"));
        CountDownLatch begin = new CountDownLatch(1);
        Future<?> pushing =
            threads.submit(
                () -> {
                  begin.countDown();
                  terminations.ended(terminated("other"));
                  return null;
                });
        begin.await();
        for (boolean pushed = false; !pushed; ) {
          pushed = pushing.isDone();
          assertThat(terminations.last("victim")).isEqualTo(clock.instant());
        }
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static SessionListener.Ended terminated(String user) {
    return new SessionListener.Ended(
        new UserInRealm(user, "shop"), EndReason.TERMINATED_BY_ADMIN, true, List.of());
  }

  @Test
  void closedItHearsNoMore() {
    validator.close();

    terminate("dlucas");

    assertThat(isAccepted(token("dlucas", clock.instant()))).isTrue();
  }

  @Test
  void boundsAreNamed() {
    assertThatThrownBy(
            () -> new TerminatedTokenValidator(service, "sub", Duration.ZERO, Duration.ZERO))
        .hasMessage("sms.jwt.max-token-age must be above zero, and at most 36500 days: PT0S");
    assertThatThrownBy(() -> new TerminatedTokenValidator(service, "sub", DAY, SECOND.negated()))
        .hasMessage("sms.jwt.clock-skew must be zero or more, and at most 36500 days: PT-1S");
  }

  /** Spring makes up an iat for such a token, and what it makes up lies after the terminate. */
  @Test
  void aSignedTokenWithoutIatIsRefusedByTheDecoder() throws Exception {
    byte[] key = UUID.randomUUID().toString().getBytes();
    NimbusJwtDecoder decoder =
        NimbusJwtDecoder.withSecretKey(new SecretKeySpec(key, "HmacSHA256")).build();
    try (TerminatedTokenValidator live =
        new TerminatedTokenValidator(service, "sub", DAY, Duration.ZERO)) {
      decoder.setJwtValidator(
          new DelegatingOAuth2TokenValidator<>(JwtValidators.createDefault(), live));
      Instant now = Instant.now();
      String running = signed(key, new JWTClaimsSet.Builder().expirationTime(at(now, 600)));
      String expired = signed(key, new JWTClaimsSet.Builder().expirationTime(at(now, 0)));
      String dated =
          signed(
              key, new JWTClaimsSet.Builder().issueTime(at(now, -5)).expirationTime(at(now, 600)));
      assertThat(decoder.decode(running).getIssuedAt()).isNotNull();
      assertThat(decoder.decode(expired)).isNotNull();
      assertThat(decoder.decode(dated)).isNotNull();

      terminate("dlucas");

      for (String token : List.of(running, expired, dated)) {
        assertThatThrownBy(() -> decoder.decode(token))
            .isInstanceOf(JwtValidationException.class)
            .hasMessageContaining("sessions of its user were terminated");
      }
    }
  }

  private static Date at(Instant now, int seconds) {
    return Date.from(now.plusSeconds(seconds));
  }

  private static String signed(byte[] key, JWTClaimsSet.Builder claims) throws JOSEException {
    SignedJWT token =
        new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims.subject("dlucas").build());
    token.sign(new MACSigner(key));
    return token.serialize();
  }

  private void terminate(String user) {
    service.sessions().terminateAll(new UserInRealm(user, "shop"));
  }

  private boolean isAccepted(Jwt token) {
    return !validator.validate(token).hasErrors();
  }

  private static Instant second(Instant time) {
    return Instant.ofEpochSecond(time.getEpochSecond());
  }

  private static Jwt token(Object subject, Instant issuedAt) {
    Jwt.Builder token = Jwt.withTokenValue("t").header("alg", "none").claim("sub", subject);
    return issuedAt == null ? token.build() : token.claim("iat", issuedAt).build();
  }
}
