package org.smsjmx.management;

import java.util.List;
import org.smsjmx.session.SessionTotals;
import org.smsjmx.session.Sessions;
import org.smsjmx.topology.ServerName;

/** The MBean of one realm's sessions at one server. */
final class SessionsBean extends DescribedBean implements SessionsMXBean {

  private final Sessions sessions;
  private final ServerName server;
  private final String realm;

  SessionsBean(Sessions sessions, ServerName server, String realm) {
    super(SessionsMXBean.class, List.of());
    this.sessions = sessions;
    this.server = server;
    this.realm = realm;
  }

  @Override
  public long getSessionCount() {
    return totals().sessions();
  }

  @Override
  public long getSignedInTotal() {
    return totals().signedIn();
  }

  @Override
  public long getSignedOutTotal() {
    return totals().signedOut();
  }

  @Override
  public long getTerminatedTotal() {
    return totals().terminated();
  }

  @Override
  public long getExpiredTotal() {
    return totals().expired();
  }

  @Override
  public long getDisplacedTotal() {
    return totals().displaced();
  }

  @Override
  public long getRefreshedTotal() {
    return totals().refreshed();
  }

  private SessionTotals totals() {
    return sessions.totalsOfServer(server.value()).getOrDefault(realm, SessionTotals.NONE);
  }
}
