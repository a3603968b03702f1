package org.smsjmx.spring.jwt;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.smsjmx.application.SessionService;
import org.smsjmx.session.SessionListener;
import org.smsjmx.session.UserInRealm;
import org.smsjmx.session.UserNames;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidatorResult;
import org.springframework.security.oauth2.jwt.Jwt;

/**
 * Refuses the tokens of a user that were issued before all sessions of the user were last
 * terminated, or in that second: {@code iat} counts whole seconds. What is issued later is
 * accepted.
 *
 * <p>A token that does not say when it was issued, or names a time to come, may be from before. It
 * is refused as long as such tokens may live. A token is refused, too, once it is older than the
 * oldest that may live, since by then it is forgotten who was terminated.
 *
 * <p>What it knows is in the memory of this JVM: terminates before its start are not known, nor are
 * those at other nodes, unless the table of the service tells of them.
 */
public final class TerminatedTokenValidator implements OAuth2TokenValidator<Jwt>, AutoCloseable {

  /** So many users are remembered; some 15 MB. */
  static final int MAXIMUM_USERS = 100_000;

  private static final Duration LONGEST = Duration.ofDays(36_500);

  /** From the {@code iat} that Spring makes up to the end of the token. */
  private static final Duration MADE = Duration.ofSeconds(1);

  private static final OAuth2TokenValidatorResult TERMINATED =
      refused("The token was issued before the sessions of its user were terminated");

  private static final OAuth2TokenValidatorResult TOO_OLD =
      refused("The token is older than tokens may be");

  private final String realm;
  private final UserNames names;
  private final String userClaim;
  private final Duration maxTokenAge;
  private final Duration clockSkew;
  private final InstantSource clock;
  private final Terminations terminations;
  private final SessionListener.Subscription subscription;

  /**
   * Hears of terminates from now on.
   *
   * @param service the application's sessions; tokens are for users of its realm
   * @param userClaim which claim names the user as the service knows it, such as {@code sub};
   *     tokens without it belong to no user that could be terminated
   * @param maxTokenAge no token is accepted for longer; above zero, up to 36,500 days
   * @param clockSkew by how much the issuer's clock may be ahead; zero or more, up to 36,500 days
   * @throws IllegalArgumentException if a duration is out of bounds
   */
  public TerminatedTokenValidator(
      SessionService service, String userClaim, Duration maxTokenAge, Duration clockSkew) {
    this(service, userClaim, maxTokenAge, clockSkew, MAXIMUM_USERS, InstantSource.system());
  }

  TerminatedTokenValidator(
      SessionService service,
      String userClaim,
      Duration maxTokenAge,
      Duration clockSkew,
      int maximumUsers,
      InstantSource clock) {
    require(maxTokenAge, !maxTokenAge.isZero(), "sms.jwt.max-token-age", "above zero");
    require(clockSkew, true, "sms.jwt.clock-skew", "zero or more");
    this.realm = service.realm();
    this.names = service.sessions().userNames();
    this.userClaim = userClaim;
    this.maxTokenAge = maxTokenAge;
    this.clockSkew = clockSkew;
    this.clock = clock;
    // a clock that is ahead makes a token look younger, and it lives so much longer here
    this.terminations = new Terminations(realm, maxTokenAge.plus(clockSkew), maximumUsers, clock);
    this.subscription = service.sessions().listen(terminations);
  }

  private static void require(Duration value, boolean valid, String property, String bound) {
    if (!valid || value.isNegative() || value.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "%s must be %s, and at most 36500 days: %s".formatted(property, bound, value));
    }
  }

  private static OAuth2TokenValidatorResult refused(String description) {
    return OAuth2TokenValidatorResult.failure(
        new OAuth2Error(OAuth2ErrorCodes.INVALID_TOKEN, description, null));
  }

  @Override
  public OAuth2TokenValidatorResult validate(Jwt token) {
    Instant now = clock.instant();
    Instant issuedAt = issuedAt(token, now);
    if (issuedAt != null && issuedAt.isBefore(now.minus(maxTokenAge))) {
      return TOO_OLD;
    }
    Instant terminated = terminations.last(user(token));
    boolean after =
        terminated == null
            || (issuedAt != null
                && issuedAt.getEpochSecond() > terminated.plus(clockSkew).getEpochSecond());
    return after ? OAuth2TokenValidatorResult.success() : TERMINATED;
  }

  /**
   * Returns when the token was issued, null if that is not known. Spring lets a token without
   * {@code iat} begin a second before it expires, which is no time that it was issued at.
   */
  private @Nullable Instant issuedAt(Jwt token, Instant now) {
    Instant issuedAt = token.getIssuedAt();
    Instant expiresAt = token.getExpiresAt();
    if (issuedAt == null || issuedAt.isAfter(now.plus(clockSkew))) {
      return null;
    }
    boolean made = expiresAt != null && Duration.between(issuedAt, expiresAt).equals(MADE);
    return made ? null : issuedAt;
  }

  /** Returns the user as names are compared; null if there can be no session of that name. */
  private @Nullable String user(Jwt token) {
    String user = token.getClaimAsString(userClaim);
    try {
      return user == null ? null : new UserInRealm(user, realm, names).key();
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** Hears of no more terminates. */
  @Override
  public void close() {
    subscription.close();
  }
}
