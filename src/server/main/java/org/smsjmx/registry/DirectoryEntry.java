package org.smsjmx.registry;

import com.unboundid.asn1.ASN1OctetString;
import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.LDAPException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.smsjmx.text.Ascii;

/**
 * What an entry says. Attributes and values have no order (RFC 4511, 4.1.7), so they are given in
 * one that depends on nothing but which they are.
 */
final class DirectoryEntry {

  private final Dn dn;
  private final Map<String, List<Attribute>> byType = new HashMap<>();

  /**
   * Makes an entry of what a file or a directory says.
   *
   * @param dn its name
   * @param attributes its attributes, with all values of each
   */
  DirectoryEntry(Dn dn, Collection<Attribute> attributes) {
    this.dn = dn;
    for (Attribute attribute : attributes) {
      byType
          .computeIfAbsent(AttributeTypes.type(attribute.getName()), type -> new ArrayList<>(1))
          .add(attribute);
    }
  }

  /** Returns its name. */
  Dn dn() {
    return dn;
  }

  /**
   * Returns all values of an attribute, each once, in their natural order. Those under options, as
   * {@code cn;lang-de}, are values of the attribute too (RFC 4512, 2.5.2).
   *
   * @param description name of the attribute; with options, only values that carry them
   */
  List<String> values(String description) {
    List<Attribute> attributes = byType.get(AttributeTypes.type(description));
    if (attributes == null) {
      return List.of();
    }
    Set<String> options = options(description);
    SortedSet<String> values = new TreeSet<>();
    for (Attribute attribute : attributes) {
      if (options.isEmpty() || options(attribute.getName()).containsAll(options)) {
        for (ASN1OctetString value : attribute.getRawValues()) {
          values.add(text(value.getValue()));
        }
      }
    }
    return List.copyOf(values);
  }

  private static Set<String> options(String description) {
    return description.indexOf(';') < 0
        ? Set.of()
        : Attribute.getOptions(description).stream()
            .map(Ascii::lowerCase)
            .collect(Collectors.toUnmodifiableSet());
  }

  /** Returns what is no text in base64: two values stay two. */
  private static String text(byte[] value) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value)).toString();
    } catch (CharacterCodingException e) {
      return Base64.getEncoder().encodeToString(value);
    }
  }

  /** Returns whether it is of an object class, which is named ignoring case (RFC 4517, 4.2.26). */
  boolean isA(String objectClass) {
    return values("objectClass").stream()
        .anyMatch(c -> Ascii.equalsIgnoringCase(c.trim(), objectClass));
  }

  /**
   * Returns the value of an attribute that stands in the entry's name, else the least one; the name
   * as such if the entry has no value.
   *
   * @throws LDAPException if it has neither
   */
  String nameBy(String attribute) throws LDAPException {
    String inDn = dn.named(attribute);
    List<String> values = values(attribute);
    if (inDn == null) {
      return values.isEmpty() ? dn.name(attribute) : values.get(0);
    }
    return inDn;
  }
}
