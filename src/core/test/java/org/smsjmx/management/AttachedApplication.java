package org.smsjmx.management;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.smsjmx.audit.AuditFile;
import org.smsjmx.session.Credential;
import org.smsjmx.session.SessionTimeouts;
import org.smsjmx.session.Sessions;
import org.smsjmx.session.memory.InMemorySessionTable;
import org.smsjmx.topology.ServerName;

/** An application with a server, for a JVM of its own; its argument is the file of its audit. */
final class AttachedApplication {

  static final ServerName SERVER = new ServerName("shop-host1");
  static final String REALM = "shop.example.com";

  private AttachedApplication() {}

  public static void main(String[] args) throws Exception {
    InstantSource clock = InstantSource.system();
    Sessions sessions =
        new Sessions(
            new InMemorySessionTable(SessionTimeouts.DEFAULT, clock),
            user -> new Credential(user, List.of(), Map.of()),
            clock);
    try (Audit audit = new Audit(clock, false, AuditFile.Settings.of(Path.of(args[0])))) {
      Management management =
          new Management(ManagementFactory.getPlatformMBeanServer(), sessions, audit, clock);
      management.join(SERVER, REALM);
      ManagementFactory.getPlatformMBeanServer()
          .invoke(
              SmsNames.server(SERVER.value()),
              "terminateAllSessions",
              new Object[] {"dlucas", REALM},
              new String[] {String.class.getName(), String.class.getName()});
      System.out.println("ready");
      System.in.read();
    }
  }
}
