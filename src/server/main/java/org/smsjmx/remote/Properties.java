package org.smsjmx.remote;

/** System properties through which the JDK's servers take their limits. */
final class Properties {

  private Properties() {}

  /** Sets a property, unless whoever started Java has set it. */
  static void setDefault(String name, Object value) {
    if (System.getProperty(name) == null) {
      System.setProperty(name, value.toString());
    }
  }
}
