package org.smsjmx.session;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A live session as it was at one moment. Its times are times of day, by the clock as it was set at
 * that moment.
 *
 * @param id its id
 * @param user the user, named as at sign-in
 * @param server the server at which the user signed in
 * @param createdAt when the user signed in
 * @param lastAccessAt when the session was last used
 * @param expiresAt end of its lifetime, null if that is unlimited; it ends sooner when unused
 * @param credential what is known of the user
 * @param credentialVersion 1 at sign-in, one more with each refresh
 * @param refreshedAt when the credential was last refreshed, null if never
 * @param facts what else is known of it
 */
public record Session(
    SessionId id,
    UserInRealm user,
    String server,
    Instant createdAt,
    Instant lastAccessAt,
    @Nullable Instant expiresAt,
    Credential credential,
    int credentialVersion,
    @Nullable Instant refreshedAt,
    SessionFacts facts) {}
