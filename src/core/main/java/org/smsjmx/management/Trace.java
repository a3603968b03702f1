package org.smsjmx.management;

/** The trace level of the running service: how much it writes to its log. */
public interface Trace {

  /** The most detailed level. */
  int MAXIMUM = 3;

  /** Returns the level, 0 (warnings only) to {@value #MAXIMUM}. */
  int level();

  /**
   * Sets the level until the service ends.
   *
   * @param level 0 (warnings only) to {@value #MAXIMUM}
   */
  void set(int level);
}
