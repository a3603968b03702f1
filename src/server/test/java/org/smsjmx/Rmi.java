package org.smsjmx;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.management.JMException;
import javax.management.JMX;
import javax.management.MBeanServerConnection;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;
import javax.management.RuntimeMBeanException;
import javax.management.openmbean.CompositeData;
import javax.management.remote.JMXConnector;
import org.smsjmx.Door.Outcome;
import org.smsjmx.management.ServerMXBean;

/** A JMX connection, to be closed. */
final class Rmi implements AutoCloseable {

  private final JMXConnector connector;
  private final MBeanServerConnection connection;

  Rmi(JMXConnector connector) {
    this.connector = connector;
    try {
      this.connection = connector.getMBeanServerConnection();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  MBeanServerConnection connection() {
    return connection;
  }

  static ObjectName name(String mbean) {
    try {
      return new ObjectName(mbean);
    } catch (MalformedObjectNameException e) {
      throw new IllegalArgumentException(mbean, e);
    }
  }

  /** Returns a proxy for the MBean of a server. */
  ServerMXBean server(String server) {
    return JMX.newMXBeanProxy(
        connection, name("sms:type=Server,name=" + server), ServerMXBean.class);
  }

  Object read(String mbean, String attribute) {
    try {
      return connection.getAttribute(name(mbean), attribute);
    } catch (JMException e) {
      throw new AssertionError(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the door that this connection is. */
  Door door() {
    return new Door() {
      @Override
      public Outcome call(String mbean, String operation, Object... arguments) {
        return Rmi.this.call(mbean, operation, arguments);
      }

      @Override
      public String toString() {
        return "RMI";
      }
    };
  }

  /** Calls an operation. */
  Outcome call(String mbean, String operation, Object... arguments) {
    String[] signature =
        Arrays.stream(arguments)
            .map(argument -> argument instanceof Integer ? "int" : String.class.getName())
            .toArray(String[]::new);
    try {
      Object result = connection.invoke(name(mbean), operation, arguments, signature);
      return new Outcome(plain(result), 200, "");
    } catch (RuntimeMBeanException e) {
      return refused(e.getTargetException());
    } catch (SecurityException e) {
      return refused(e);
    } catch (JMException e) {
      throw new AssertionError(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Outcome refused(RuntimeException reason) {
    return new Outcome(null, reason instanceof SecurityException ? 403 : 500, reason.getMessage());
  }

  /** Turns a value into what JSON would have. */
  private static Object plain(Object value) {
    if (value instanceof Integer number) {
      return number.longValue();
    }
    if (value instanceof CompositeData composite) {
      Map<String, Object> map = new LinkedHashMap<>();
      composite.getCompositeType().keySet().forEach(key -> map.put(key, plain(composite.get(key))));
      return map;
    }
    if (value instanceof Object[] array) {
      return Arrays.stream(array).map(Rmi::plain).toList();
    }
    return value instanceof List<?> list ? list.stream().map(Rmi::plain).toList() : value;
  }

  @Override
  public void close() {
    try {
      connector.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
