package org.smsjmx.management;

/** The trace level of a test's service. */
final class Untraced implements Trace {

  @Override
  public int level() {
    return 0;
  }

  @Override
  public void set(int level) {}
}
