package org.smsjmx.spring;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How tokens of terminated users are refused.
 *
 * @param enabled Whether tokens (JWT) that were issued before all sessions of their user were
 *     terminated are refused.
 * @param maxTokenAge No token is accepted for longer after it was issued; terminates are forgotten
 *     after it.
 * @param userClaim Claim that names the user as it is named in operations.
 * @param clockSkew By how much the clock of the issuer may be ahead.
 */
@ConfigurationProperties("sms.jwt")
public record SmsJwtProperties(
    @DefaultValue("false") boolean enabled,
    @DefaultValue("24h") Duration maxTokenAge,
    @DefaultValue("sub") String userClaim,
    @DefaultValue("0s") Duration clockSkew) {}
