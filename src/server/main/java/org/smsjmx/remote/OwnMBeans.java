package org.smsjmx.remote;

import javax.management.InstanceNotFoundException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.smsjmx.management.ManagedBean;
import org.smsjmx.management.SmsNames;

/**
 * Tells our MBeans from those of other copies of this software in the same JVM, such as those of
 * another web application: a copy that does not know who calls would take any caller for the
 * operating-system user, who may do everything.
 */
public final class OwnMBeans {

  /** Why a call is denied, in words for the client. */
  public static final String FOREIGN =
      "This MBean is one of another application of this JVM; it is called through the servers of this"
          + " one.";

  private final MBeanServer mbeans;

  public OwnMBeans(MBeanServer mbeans) {
    this.mbeans = mbeans;
  }

  /** Returns whether an MBean is named as one of ours, and is one of another copy. */
  public boolean isForeign(ObjectName name) {
    if (!name.getDomain().equals(SmsNames.DOMAIN)) {
      return false;
    }
    try {
      ClassLoader loader = mbeans.getClassLoaderFor(name);
      return loader != ManagedBean.class.getClassLoader()
          && Class.forName(ManagedBean.class.getName(), false, loader) != ManagedBean.class;
    } catch (InstanceNotFoundException e) {
      return false; // which the call will tell
    } catch (ClassNotFoundException e) {
      return true;
    }
  }
}
