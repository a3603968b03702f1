package org.smsjmx.text;

import java.util.Comparator;

/**
 * Names whose letters are those of ASCII, in any case: object classes and attributes of directories
 * (RFC 4512, 1.4). Other characters have no case here, so that no two names are one that a
 * directory tells apart, whatever the runtime's tables say.
 */
public final class Ascii {

  /** Compares names, ignoring letter case. */
  public static final Comparator<String> IGNORING_CASE = Ascii::compareIgnoringCase;

  private static final int TO_LOWER = 'a' - 'A';

  private Ascii() {}

  /** Returns a name with small letters. */
  public static String lowerCase(String name) {
    for (int i = 0; i < name.length(); i++) {
      if (lowerCase(name.charAt(i)) != name.charAt(i)) {
        StringBuilder lower = new StringBuilder(name);
        for (int j = i; j < lower.length(); j++) {
          lower.setCharAt(j, lowerCase(lower.charAt(j)));
        }
        return lower.toString();
      }
    }
    return name;
  }

  private static char lowerCase(char c) {
    return c >= 'A' && c <= 'Z' ? (char) (c + TO_LOWER) : c;
  }

  /** Returns whether two names are equal, ignoring letter case. */
  public static boolean equalsIgnoringCase(String one, String other) {
    return one.length() == other.length() && compareIgnoringCase(one, other) == 0;
  }

  private static int compareIgnoringCase(String one, String other) {
    int length = Math.min(one.length(), other.length());
    for (int i = 0; i < length; i++) {
      int order = lowerCase(one.charAt(i)) - lowerCase(other.charAt(i));
      if (order != 0) {
        return order;
      }
    }
    return one.length() - other.length();
  }
}
