package org.smsjmx.remote;

/** System properties through which the JDK's servers take their limits. */
public final class SystemProperties {

  private SystemProperties() {}

  /** Sets a property that the command line of Java has left unset. */
  public static void setDefault(String name, Object value) {
    if (System.getProperty(name) == null) {
      System.setProperty(name, value.toString());
    }
  }
}
