package org.smsjmx.management;

import java.util.ArrayList;
import java.util.List;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** MBeans that were registered; closing it unregisters exactly these. */
public final class Registration implements AutoCloseable {

  private final MBeanServer server;
  private final List<ObjectName> names = new ArrayList<>();

  Registration(MBeanServer server) {
    this.server = server;
  }

  /**
   * Registers one more.
   *
   * @throws IllegalStateException if the name is taken; what was registered before is undone
   */
  Registration add(ObjectName name, DescribedBean bean) {
    try {
      names.add(server.registerMBean(bean, name).getObjectName());
      return this;
    } catch (JMException e) {
      close();
      throw new IllegalStateException("cannot register %s: %s".formatted(name, e.getMessage()), e);
    }
  }

  boolean isOpen() {
    return !names.isEmpty();
  }

  @Override
  public void close() {
    for (ObjectName name : names) {
      try {
        server.unregisterMBean(name);
      } catch (InstanceNotFoundException e) {
        // it is unregistered already, which is what was wanted
      } catch (JMException e) {
        throw new IllegalStateException("cannot unregister " + name, e);
      }
    }
    names.clear();
  }
}
