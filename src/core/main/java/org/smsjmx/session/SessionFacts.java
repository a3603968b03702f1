package org.smsjmx.session;

import org.jspecify.annotations.Nullable;

/**
 * What an application knows of a session beside whose it is, for administrators to tell sessions
 * apart. The session keeps it as it was at sign-in. Of each the first {@value #MAXIMUM} characters
 * are kept.
 *
 * @param address the client's address, null if unknown
 * @param userAgent what the client says that it is, null if unknown
 * @param authenticationType how the user signed in, such as {@code FORM}; null if unknown
 * @param issuer the identity provider that vouched for the user ({@code iss} of OpenID Connect);
 *     null if none did
 * @param subject the user's id there ({@code sub}), null if unknown
 * @param sid the id of the provider's session ({@code sid}), null if unknown
 */
public record SessionFacts(
    @Nullable String address,
    @Nullable String userAgent,
    @Nullable String authenticationType,
    @Nullable String issuer,
    @Nullable String subject,
    @Nullable String sid) {

  /** How many characters of a fact are kept: it may come from anybody. */
  public static final int MAXIMUM = 256;

  /** Nothing is known; it takes no memory in a session. */
  public static final SessionFacts NONE = new SessionFacts(null, null, null, null, null, null);

  public SessionFacts {
    address = bounded(address);
    userAgent = bounded(userAgent);
    authenticationType = bounded(authenticationType);
    issuer = bounded(issuer);
    subject = bounded(subject);
    sid = bounded(sid);
  }

  private static @Nullable String bounded(@Nullable String fact) {
    if (fact == null || fact.length() <= MAXIMUM) {
      return fact;
    }
    boolean splits = Character.isHighSurrogate(fact.charAt(MAXIMUM - 1));
    return fact.substring(0, splits ? MAXIMUM - 1 : MAXIMUM);
  }

  /** Returns whether nothing is known. */
  public boolean isEmpty() {
    return address == null
        && userAgent == null
        && authenticationType == null
        && issuer == null
        && subject == null
        && sid == null;
  }
}
