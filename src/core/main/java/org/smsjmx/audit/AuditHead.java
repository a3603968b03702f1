package org.smsjmx.audit;

/**
 * The end of a chain of audit lines. Kept outside the machine, it is an anchor: no line up to it
 * can be changed unseen.
 *
 * @param number of the last line in its run, 0 if there is none
 * @param hash SHA-256 of the last line without its line end, in hexadecimal; zeros if there is none
 */
public record AuditHead(long number, String hash) {

  /** That of a chain without a line. */
  public static final AuditHead NONE = new AuditHead(0, "0".repeat(64));
}
