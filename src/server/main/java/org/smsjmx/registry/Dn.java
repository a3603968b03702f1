package org.smsjmx.registry;

import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.RDN;
import com.unboundid.ldap.sdk.ResultCode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.smsjmx.text.StringPreparation;

/**
 * A distinguished name. Two are equal when they name the same entry (RFC 4517, 4.2.15): escapes
 * (RFC 4514, 2.4) and the order within a part do not matter, and values are compared ignoring case
 * (RFC 4517, 4.2.11; {@link StringPreparation}).
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
        String value = StringPreparation.prepareOrKeep(values[i]);
        pairs.add(AttributeTypes.type(types[i]) + '=' + value.length() + ':' + value);
      }
      Collections.sort(pairs);
      pairs.forEach(pair -> key.append(pair).append('+'));
      key.append(',');
    }
    return new Dn(text, key.toString(), parsed.getRDN());
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
