package org.smsjmx.management;

/**
 * {@code sms:type=Sessions,server=<server-host>,realm=<realm>}: the sessions of one realm that
 * signed in at one server, for collectors that read numbers alone. The same numbers stand in
 * SessionsByRealm of {@code sms:type=Server}: count one or the other.
 */
@Description("Numbers of the sessions of one realm that signed in at one server")
public interface SessionsMXBean {

  @Description("Live sessions; -1 if a shared store does not tell")
  long getSessionCount();

  @Description("Sessions that signed in, since the start")
  long getSignedInTotal();

  @Description("Sessions ended by their user")
  long getSignedOutTotal();

  @Description("Sessions ended by an administrator")
  long getTerminatedTotal();

  @Description("Sessions ended by lifetime or inactivity; -1 if not known")
  long getExpiredTotal();

  @Description("Sessions ended by a further sign-in of their user, since the user may have no more")
  long getDisplacedTotal();

  @Description("Credentials refreshed in the sessions")
  long getRefreshedTotal();
}
