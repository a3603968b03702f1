package org.smsjmx.management;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import javax.management.JMException;
import javax.management.MBeanServer;
import org.smsjmx.audit.AuditFile;
import org.smsjmx.session.Credential;
import org.smsjmx.session.RefreshRules;
import org.smsjmx.session.SessionListener;
import org.smsjmx.session.SessionTimeouts;
import org.smsjmx.session.Sessions;
import org.smsjmx.session.TimeSource;
import org.smsjmx.session.UserInRealm;
import org.smsjmx.session.UserNames;
import org.smsjmx.session.UserRegistry;
import org.smsjmx.session.memory.InMemorySessionTable;
import org.smsjmx.topology.ServerName;

/** A {@link Copy}, of the classes that its own class loader has. */
public final class CopyInLoader implements Copy {

  private final MBeanServer mbeanServer;
  private final String realm;
  private final ServerName first;
  private final InMemorySessionTable table;
  private final Sessions sessions;
  private final Audit audit;
  private final Management management;
  private final List<Membership> memberships = new ArrayList<>();
  private final List<String> callers = new CopyOnWriteArrayList<>();
  private boolean closed;
  private volatile Function<String, List<String>> groups = user -> List.of("customers");

  /**
   * Registers its first server.
   *
   * @param names how names of users are compared: a {@link UserNames}
   * @param auditFile null for the application's logging
   */
  public CopyInLoader(
      String names, MBeanServer mbeanServer, String realm, Path auditFile, String server) {
    TimeSource clock = TimeSource.system();
    this.mbeanServer = mbeanServer;
    this.realm = realm;
    this.first = new ServerName(server);
    table =
        new InMemorySessionTable(
            SessionTimeouts.DEFAULT, RefreshRules.DEFAULT, UserNames.valueOf(names), clock);
    sessions = new Sessions(table, this::read, clock);
    audit = new Audit(clock, false, auditFile == null ? null : AuditFile.Settings.of(auditFile));
    management = new Management(mbeanServer, sessions, audit, clock);
    sessions.listen(
        new SessionListener() {
          @Override
          public void ended(Ended event) {
            callers.add(Caller.current().name());
          }

          @Override
          public void refreshed(Refreshed event) {
            callers.add(Caller.current().name());
          }
        });
    register(server);
  }

  private Credential read(String user) {
    List<String> found;
    try {
      found = groups.apply(user);
    } catch (IllegalStateException e) {
      throw new UserRegistry.RegistryUnavailableException(e.getMessage());
    }
    if (found == null) {
      throw new UserRegistry.UnknownUserException(user);
    }
    return new Credential(user, found, Map.of());
  }

  @Override
  public void register(String server) {
    memberships.add(management.join(new ServerName(server), realm));
  }

  @Override
  public void unregister() {
    memberships.forEach(Membership::close);
    memberships.clear();
  }

  @Override
  public void signIn(String user, int times) {
    sessions.signIn(new UserInRealm(user, realm, sessions.userNames()), first.value(), times);
  }

  @Override
  public int sessions() {
    return (int) sessions.total().sessions();
  }

  @Override
  public void registry(Function<String, List<String>> said) {
    groups = said;
  }

  @Override
  public List<String> callers() {
    return callers;
  }

  @Override
  public void terminate(String server, String user) throws JMException {
    Thread.currentThread().setContextClassLoader(CopyInLoader.class.getClassLoader());
    try {
      String[] texts = {String.class.getName(), String.class.getName()};
      mbeanServer.invoke(
          SmsNames.server(server), "terminateAllSessions", new Object[] {user, realm}, texts);
    } finally {
      Thread.currentThread().setContextClassLoader(ClassLoader.getSystemClassLoader());
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      unregister();
      audit.close();
      table.close();
    }
  }
}
