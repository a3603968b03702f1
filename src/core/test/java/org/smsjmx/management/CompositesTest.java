package org.smsjmx.management;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Array;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.TabularData;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smsjmx.session.Credential;
import org.smsjmx.session.SessionTimeouts;
import org.smsjmx.session.Sessions;
import org.smsjmx.session.UserInRealm;
import org.smsjmx.session.memory.InMemorySessionTable;
import org.smsjmx.topology.ServerName;
import org.smsjmx.topology.Topology;

/** What collectors and other clients get of values that have parts. */
final class CompositesTest {

  private static final String REALM = "shop.example.com";
  private static final ServerName SERVER = new ServerName("shop-webseald-host1");

  private final MBeanServer mbeanServer = MBeanServerFactory.newMBeanServer();
  private final InstantSource clock = InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z"));

  /** Their sessions never expire, and none was refreshed: what may be missing is. */
  private final Sessions sessions =
      new Sessions(
          new InMemorySessionTable(new SessionTimeouts(Duration.ZERO, Duration.ZERO), clock),
          user -> new Credential(user, List.of(), Map.of()),
          clock);

  private final Registration registration =
      new Management(mbeanServer, Topology.of(REALM, SERVER), sessions, clock)
          .registerAll(new Untraced());

  private final List<String> nulls = new ArrayList<>();
  private int composites;

  private static final class Untraced implements Trace {
    @Override
    public int level() {
      return 0;
    }

    @Override
    public void set(int level) {}
  }

  @AfterEach
  void unregister() {
    registration.close();
  }

  @Test
  void nothingIsNullInsideAComposite() throws JMException {
    sessions.signIn(new UserInRealm("dlucas", REALM), SERVER.value());
    walkAttributes();
    ObjectName server = SmsNames.server(SERVER.value());
    walk("list", call(server, "listSessions", "*", REALM, 10));
    walk("preview", call(server, "previewRefresh", "dlucas", REALM));
    walk("report", call(server, "refreshAllSessionsWithReport", "dlucas", REALM, null));
    walk("refreshed", call(SmsNames.service(), "refreshEverywhere", "dlucas", null));
    walk("refreshRealm", call(SmsNames.realm(REALM), "refreshRealm", REALM));
    walkAttributes();
    walk("terminated", call(SmsNames.service(), "terminateEverywhere", "dlucas", null));

    assertThat(composites).isGreaterThan(10);
    assertThat(nulls).isEmpty();
  }

  private Object call(ObjectName name, String operation, Object... arguments) throws JMException {
    String[] signature =
        Arrays.stream(arguments)
            .map(argument -> argument instanceof Integer ? int.class : String.class)
            .map(Class::getName)
            .toArray(String[]::new);
    return mbeanServer.invoke(name, operation, arguments, signature);
  }

  private void walkAttributes() throws JMException {
    for (ObjectName name : mbeanServer.queryNames(new ObjectName("sms:*"), null)) {
      for (MBeanAttributeInfo attribute : mbeanServer.getMBeanInfo(name).getAttributes()) {
        Object value = mbeanServer.getAttribute(name, attribute.getName());
        if (value != null) {
          walk(name + " " + attribute.getName(), value);
        }
      }
    }
  }

  private void walk(String path, Object value) {
    if (value == null) {
      nulls.add(path);
    } else if (value instanceof CompositeData composite) {
      composites++;
      composite
          .getCompositeType()
          .keySet()
          .forEach(key -> walk(path + "." + key, composite.get(key)));
    } else if (value instanceof TabularData table) {
      table.values().forEach(row -> walk(path, row));
    } else if (value.getClass().isArray()) {
      for (int i = 0; i < Array.getLength(value); i++) {
        walk(path + "[" + i + "]", Array.get(value, i));
      }
    }
  }
}
