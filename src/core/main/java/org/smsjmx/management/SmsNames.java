package org.smsjmx.management;

import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;

/** The names of the MBeans; they are spelt here alone. */
public final class SmsNames {

  /** The JMX domain. */
  public static final String DOMAIN = "sms";

  private static final ObjectName SERVERS = name("Server,*");

  private SmsNames() {}

  /** Returns {@code sms:type=Server,name=<server-host>}. */
  public static ObjectName server(String server) {
    return name("Server,name=" + server);
  }

  /** Returns the pattern of the names of all servers. */
  static ObjectName servers() {
    return SERVERS;
  }

  /** Returns {@code sms:type=Realm,name=<realm>}. */
  public static ObjectName realm(String realm) {
    return name("Realm,name=" + realm);
  }

  /** Returns {@code sms:type=ReplicaSet,name=<set>}. */
  public static ObjectName replicaSet(String set) {
    return name("ReplicaSet,name=" + set);
  }

  /** Returns {@code sms:type=Service}. */
  public static ObjectName service() {
    return name("Service");
  }

  /** Returns {@code sms:type=Simulation}. */
  public static ObjectName simulation() {
    return name("Simulation");
  }

  /** Returns {@code sms:type=Sessions,server=<server-host>,realm=<realm>}. */
  public static ObjectName sessions(String server, String realm) {
    return name("Sessions,server=%s,realm=%s".formatted(server, realm));
  }

  /** Returns {@code sms:type=Operations,server=<server-host>,operation=<name>}. */
  public static ObjectName serverOperation(String server, String operation) {
    return name("Operations,server=%s,operation=%s".formatted(server, operation));
  }

  /** Returns {@code sms:type=Operations,realm=<realm>,operation=<name>}. */
  public static ObjectName realmOperation(String realm, String operation) {
    return name("Operations,realm=%s,operation=%s".formatted(realm, operation));
  }

  /** Returns {@code sms:type=Operations,operation=<name>}. */
  public static ObjectName serviceOperation(String operation) {
    return name("Operations,operation=" + operation);
  }

  private static ObjectName name(String rest) {
    try {
      return new ObjectName(DOMAIN + ":type=" + rest);
    } catch (MalformedObjectNameException e) {
      throw new IllegalArgumentException("not a name for an MBean: " + rest);
    }
  }
}
