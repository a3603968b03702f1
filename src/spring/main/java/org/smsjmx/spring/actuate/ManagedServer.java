package org.smsjmx.spring.actuate;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import javax.management.JMException;
import javax.management.JMRuntimeException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.RuntimeMBeanException;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.TabularData;
import org.jspecify.annotations.Nullable;
import org.smsjmx.management.Caller;
import org.smsjmx.management.SmsNames;

/**
 * The MBean of the application's server, called inside the JVM: what comes through here passes
 * permission check, audit, notification and counters as what comes by JMX.
 */
final class ManagedServer {

  private final MBeanServer mbeanServer = ManagementFactory.getPlatformMBeanServer();
  private final ObjectName name;

  /**
   * Calls nothing yet.
   *
   * @param server the name of the server
   */
  ManagedServer(String server) {
    this.name = SmsNames.server(server);
  }

  /**
   * Returns an attribute, made of maps, lists, texts, numbers and nulls.
   *
   * @throws IllegalStateException if the server has left
   */
  @Nullable Object attribute(String attribute) {
    try {
      return plain(mbeanServer.getAttribute(name, attribute));
    } catch (RuntimeMBeanException e) {
      throw e.getTargetException();
    } catch (JMException | JMRuntimeException e) {
      throw new IllegalStateException("%s cannot be read of %s".formatted(attribute, name), e);
    }
  }

  /**
   * Returns an attribute that counts by name.
   *
   * @throws IllegalStateException if the server has left
   */
  Map<String, Long> counts(String attribute) {
    Map<String, Long> counts = new TreeMap<>();
    if (attribute(attribute) instanceof Map<?, ?> read) {
      read.forEach((key, count) -> counts.put((String) key, (Long) count));
    }
    return counts;
  }

  /**
   * Does an operation in the name of a caller.
   *
   * @param arguments texts, whole numbers and nulls, which stand for a text
   * @return what it returns, made of maps, lists, texts, numbers and nulls
   * @throws IllegalArgumentException if the operation refuses what is asked
   * @throws SecurityException if the caller may not do it
   * @throws IllegalStateException if it fails, or the server has left
   */
  @Nullable Object call(Caller caller, String operation, @Nullable Object... arguments) {
    String[] signature =
        Arrays.stream(arguments)
            .map(argument -> argument instanceof Integer ? "int" : String.class.getName())
            .toArray(String[]::new);
    try (Caller.Scope scope = caller.enter()) {
      return plain(mbeanServer.invoke(name, operation, arguments, signature));
    } catch (RuntimeMBeanException e) {
      throw e.getTargetException();
    } catch (JMException | JMRuntimeException e) {
      throw new IllegalStateException("%s cannot be called at %s".formatted(operation, name), e);
    }
  }

  private static @Nullable Object plain(@Nullable Object value) {
    if (value instanceof CompositeData members) {
      Map<String, @Nullable Object> plain = new LinkedHashMap<>();
      members
          .getCompositeType()
          .keySet()
          .forEach(member -> plain.put(member, plain(members.get(member))));
      return plain;
    }
    if (value instanceof TabularData rows) {
      Map<Object, @Nullable Object> plain = new LinkedHashMap<>();
      for (Object row : rows.values()) {
        CompositeData entry = (CompositeData) row;
        plain.put(entry.get("key"), plain(entry.get("value")));
      }
      return plain;
    }
    return value instanceof Object[] elements
        ? Arrays.stream(elements).map(ManagedServer::plain).toList()
        : value;
  }
}
