package org.smsjmx.registry;

import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.RDN;
import com.unboundid.ldap.sdk.ResultCode;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A distinguished name. Two are equal when they name the same entry (RFC 4517, 4.2.15): letter
 * case, blanks, escapes (RFC 4514, 2.4), forms of letters, and the order within a part do not
 * matter.
 */
final class Dn {

  private final String text;
  private final String key;
  private final @Nullable RDN first;

  private Dn(String text, String key, @Nullable RDN first) {
    this.text = text;
    this.key = key;
    this.first = first;
  }

  /**
   * Reads one as it is written in RFC 4514, or in the older RFC 2253.
   *
   * @throws LDAPException if it is none
   */
  static Dn of(String text) throws LDAPException {
    DN parsed = new DN(text);
    StringBuilder key = new StringBuilder();
    for (RDN part : parsed.getRDNs()) {
      String[] types = part.getAttributeNames();
      String[] values = part.getAttributeValues();
      List<String> pairs = new ArrayList<>(types.length);
      for (int i = 0; i < types.length; i++) {
        String value = prepared(values[i]);
        pairs.add(AttributeTypes.type(types[i]) + '=' + value.length() + ':' + value);
      }
      Collections.sort(pairs);
      pairs.forEach(pair -> key.append(pair).append('+'));
      key.append(',');
    }
    return new Dn(text, key.toString(), parsed.getRDN());
  }

  /**
   * Returns the form under which values of names are compared: letter case, compatible forms of
   * letters and needless blanks are gone (RFC 4518, 2.2, 2.3 and 2.6.1). A letter without a case
   * partner of its own, as the dotless i, stays what it is.
   */
  static String prepared(String value) {
    boolean isAscii = value.chars().allMatch(c -> c < 128);
    String composed = isAscii ? value : Normalizer.normalize(value, Normalizer.Form.NFKC);
    StringBuilder prepared = new StringBuilder(composed.length());
    boolean blank = false;
    for (int i = 0; i < composed.length(); ) {
      int c = composed.codePointAt(i);
      i += Character.charCount(c);
      if (c != ' ') {
        if (blank && prepared.length() > 0) {
          prepared.append(' ');
        }
        prepared.appendCodePoint(Character.toLowerCase(c));
      }
      blank = c == ' ';
    }
    return isAscii ? prepared.toString() : Normalizer.normalize(prepared, Normalizer.Form.NFKC);
  }

  /** Returns the value of a type in the first part, the least of several; null if there is none. */
  @Nullable String named(String type) {
    if (first == null) {
      return null;
    }
    String wanted = AttributeTypes.type(type);
    String[] types = first.getAttributeNames();
    String[] values = first.getAttributeValues();
    String least = null;
    for (int i = 0; i < types.length; i++) {
      if (AttributeTypes.type(types[i]).equals(wanted)
          && (least == null || values[i].compareTo(least) < 0)) {
        least = values[i];
      }
    }
    return least;
  }

  /**
   * Returns the value of a type in the first part, or of another type where the first part has none
   * of it.
   *
   * @throws LDAPException if it is empty
   */
  String name(String type) throws LDAPException {
    if (first == null) {
      throw new LDAPException(ResultCode.INVALID_DN_SYNTAX, "an empty DN names no group");
    }
    String named = named(type);
    return named != null ? named : Collections.min(List.of(first.getAttributeValues()));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Dn that && key.equals(that.key);
  }

  @Override
  public int hashCode() {
    return key.hashCode();
  }

  /** Returns it as it was written. */
  @Override
  public String toString() {
    return text;
  }
}
