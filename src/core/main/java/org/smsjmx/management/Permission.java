package org.smsjmx.management;

import java.util.Locale;

/** What an account may do; each holds the former. */
public enum Permission {
  /** Read attributes, list. */
  VIEW,
  /** Refresh credentials. */
  REFRESH,
  /** End sessions. */
  TERMINATE,
  /** Everything. */
  ADMINISTER;

  /** Returns whether this one includes the other. */
  public boolean includes(Permission other) {
    return compareTo(other) >= 0;
  }

  /** Returns the word for it in sms.yaml. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
