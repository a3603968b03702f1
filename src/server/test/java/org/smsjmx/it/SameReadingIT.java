package org.smsjmx.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smsjmx.fixture.ChangedConfiguration.password;
import static org.smsjmx.fixture.JolokiaClient.json;

import java.lang.reflect.Array;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.openmbean.TabularData;
import org.jolokia.json.JSONObject;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.smsjmx.fixture.ChangedConfiguration;
import org.smsjmx.fixture.JolokiaClient;
import org.smsjmx.fixture.Rmi;
import org.smsjmx.fixture.ServerProcess;

/** What a viewer reads by one endpoint it reads by the other. */
final class SameReadingIT {

  private static final String VIEWER = "view";

  private static final Set<String> HIDDEN =
      Set.of(
          "java.lang:type=Runtime InputArguments",
          "java.lang:type=Runtime SystemProperties",
          "java.lang:type=Runtime ClassPath",
          "java.lang:type=Runtime LibraryPath",
          "java.lang:type=Runtime BootClassPath",
          "com.sun.management:type=HotSpotDiagnostic DiagnosticOptions",
          "jdk.management.jfr:type=FlightRecorder Recordings");

  private static ServerProcess server;
  private static Rmi rmi;
  private static JolokiaClient jolokia;

  @BeforeAll
  static void open() {
    server = ChangedConfiguration.server();
    rmi = server.rmi(VIEWER, password(VIEWER));
    jolokia = server.jolokia(VIEWER, password(VIEWER));
  }

  @AfterAll
  static void close() {
    rmi.close();
  }

  /** A value, or that there is none since the MBean fails. */
  private record Reading(boolean failed, @Nullable Object value) {}

  private static Map<String, Reading> all() throws Exception {
    Map<String, Reading> all = new TreeMap<>();
    MBeanServerConnection connection = rmi.connection();
    for (ObjectName mbean : connection.queryNames(null, null)) {
      for (MBeanAttributeInfo attribute : connection.getMBeanInfo(mbean).getAttributes()) {
        if (attribute.isReadable()) {
          all.put(mbean + " " + attribute.getName(), read(mbean, attribute.getName()));
        }
      }
    }
    return all;
  }

  private static Reading read(ObjectName mbean, String attribute) throws Exception {
    try {
      return new Reading(false, rmi.connection().getAttribute(mbean, attribute));
    } catch (JMException | RuntimeException e) {
      assertThat(e).isNotInstanceOf(SecurityException.class);
      return new Reading(true, null);
    }
  }

  private static JSONObject byHttp(String mbeanAndAttribute) {
    int blank = mbeanAndAttribute.lastIndexOf(' ');
    return (JSONObject)
        jolokia.post(
            (Object)
                json(
                    "type",
                    "read",
                    "mbean",
                    mbeanAndAttribute.substring(0, blank),
                    "attribute",
                    mbeanAndAttribute.substring(blank + 1)));
  }

  @Test
  void everyAttributeOfEveryMBeanIsShownByBothEndpointsOrByNone() throws Exception {
    Map<String, Reading> first = all();
    assertThat(first).containsKeys("java.lang:type=Runtime VmName", "sms:type=Service Version");
    Set<String> hidden = new TreeSet<>();
    first.forEach(
        (attribute, reading) -> {
          JSONObject answer = byHttp(attribute);
          long status = ((Number) answer.get("status")).longValue();
          if (status == 403) {
            hidden.add(attribute);
            assertThat(reading.failed() || isEmpty(reading.value())).as(attribute).isTrue();
          } else {
            assertThat(status == 200).as(attribute + answer).isEqualTo(!reading.failed());
          }
        });
    assertThat(hidden).isEqualTo(HIDDEN);
    all()
        .forEach(
            (attribute, again) -> {
              // what changes with time is another one each time
              boolean comparable =
                  again.value() instanceof String || again.value() instanceof Boolean;
              if (comparable && again.equals(first.get(attribute)) && !hidden.contains(attribute)) {
                assertThat(byHttp(attribute).get("value")).as(attribute).isEqualTo(again.value());
              }
            });
  }

  private static boolean isEmpty(@Nullable Object value) {
    return value == null
        || value.equals("")
        || (value instanceof TabularData table && table.isEmpty())
        || (value.getClass().isArray() && Array.getLength(value) == 0);
  }
}
