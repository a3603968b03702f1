package org.smsjmx.session;

import java.util.Map;

/**
 * The limits of concurrent sessions that administrators have set in a realm.
 *
 * @param ofRealm of each user of whom nothing nearer is said; {@link SessionLimit#UNSET} if none
 * @param ofUsers by user name, as the administrator gave it; none of them is unset
 */
public record SessionLimits(SessionLimit ofRealm, Map<String, SessionLimit> ofUsers) {

  /** Nothing is set. */
  public static final SessionLimits NONE = new SessionLimits(SessionLimit.UNSET, Map.of());

  public SessionLimits {
    ofUsers = Map.copyOf(ofUsers);
  }
}
