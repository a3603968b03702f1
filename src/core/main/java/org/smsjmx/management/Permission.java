package org.smsjmx.management;

import java.util.Locale;

/**
 * What an account may do. Each holds the former, but for {@link #AUDIT}, which stands beside them.
 */
public enum Permission {
  /** Read attributes, list. */
  VIEW,
  /** Refresh credentials. */
  REFRESH,
  /** End sessions. */
  TERMINATE,
  /** Everything. */
  ADMINISTER,
  /** Read the audit, and what {@link #VIEW} lets read; change nothing. */
  AUDIT;

  /** Returns whether this one includes the other. */
  public boolean includes(Permission other) {
    if (this == AUDIT || other == AUDIT) {
      return this == other || (this == AUDIT ? other == VIEW : this == ADMINISTER);
    }
    return compareTo(other) >= 0;
  }

  /** Returns whether an operation that needs this changes nothing. */
  boolean onlyReads() {
    return this == VIEW || this == AUDIT;
  }

  /** Returns the word for it in sms.yaml. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
