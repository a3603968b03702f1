package org.smsjmx.audit;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A line of a chain: it begins with its number and with the hash of the line before it, which may
 * stand in another file or be of another run.
 *
 * @param text without the line end
 * @param utf8 the same in UTF-8
 */
record ChainedLine(String text, byte[] utf8) {

  /** What stands first in a line; lines of version 0.1.0 lack the hash. */
  private static final Pattern FIRST =
      Pattern.compile(
          "\\{\"number\":(\\d{1,18}),(?:\"previous\":\"([0-9a-f]{64})\",)?\"run\":\"([^\"\\\\]*)\","
              + "\"time\":\"([^\"\\\\]*)\",.*}");

  private static final Pattern OPERATION = Pattern.compile(",\"operation\":\"(\\w+)\"");

  private static final ThreadLocal<MessageDigest> SHA_256 =
      ThreadLocal.withInitial(
          () -> {
            try {
              return MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
              throw new IllegalStateException("every Java runtime has SHA-256", e);
            }
          });

  /**
   * Chains a line to the one before it.
   *
   * @param number its own
   * @param previous hash of the one before
   * @param object a JSON object
   */
  static ChainedLine of(long number, String previous, String object) {
    String text =
        "{\"number\":" + number + ",\"previous\":\"" + previous + "\"," + object.substring(1);
    return new ChainedLine(text, text.getBytes(StandardCharsets.UTF_8));
  }

  String hash() {
    return hash(utf8);
  }

  /** Returns the hash of a line, which is given without its line end. */
  static String hash(byte[] line) {
    return HexFormat.of().formatHex(SHA_256.get().digest(line));
  }

  /**
   * What a line says first.
   *
   * @param number in its run
   * @param previous hash of the line before, null in a line of version 0.1.0
   * @param run when its run began
   * @param time when it was made
   * @param operation what it is about, empty if it does not say so
   */
  record Parts(long number, @Nullable String previous, String run, String time, String operation) {

    /** Returns what the line says, null if it is no whole line of an audit. */
    static @Nullable Parts of(String line) {
      Matcher first = FIRST.matcher(line);
      if (!first.matches()) {
        return null;
      }
      Matcher operation = OPERATION.matcher(line);
      return new Parts(
          Long.parseLong(first.group(1)),
          first.group(2),
          first.group(3),
          first.group(4),
          operation.find() ? operation.group(1) : "");
    }
  }
}
