package org.smsjmx.session;

import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.smsjmx.text.PackedStrings;

/**
 * What a server knows of a signed-in user, built from the user registry. Two are equal when they
 * say the same.
 *
 * <p>It is kept in one piece and unpacked when it is asked for, so that those of many users take
 * little memory, and two are compared without fetching each of their parts from it.
 */
public final class Credential {

  /** The attribute that says of a credential that it is {@link #fixed}, and why. */
  public static final String FIXED = "credential_fixed";

  /** Principal; groups; name and values of each attribute, ordered by name ignoring case. */
  private final byte[] packed;

  /**
   * Makes a credential of what the registry says.
   *
   * @param principal the user's name in the registry
   * @param groups names of the groups that the user belongs to, in the registry's order
   * @param attributes further attributes by name
   * @throws IllegalArgumentException if names of attributes differ in letter case only
   */
  public Credential(String principal, List<String> groups, Map<String, List<String>> attributes) {
    Map<String, List<String>> ordered = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    ordered.putAll(attributes);
    if (ordered.size() < attributes.size()) {
      throw new IllegalArgumentException(
          "attributes must differ in more than letter case: " + attributes.keySet());
    }
    PackedStrings.Writer writer = new PackedStrings.Writer().add(principal).add(groups);
    ordered.forEach((name, values) -> writer.add(name).add(values));
    this.packed = writer.whole();
  }

  private Credential(byte[] packed) {
    this.packed = packed;
  }

  /**
   * Returns a credential from its bytes.
   *
   * @param bytes what {@link #toBytes} gave
   */
  public static Credential of(byte[] bytes) {
    return new Credential(bytes.clone());
  }

  /**
   * Returns this credential as one that no refresh changes: whoever holds the session cannot build
   * another one. A refresh counts the session as kept.
   *
   * @param kind what it was built of, for an administrator to see why
   */
  public Credential fixed(String kind) {
    Map<String, List<String>> attributes = new HashMap<>(attributes());
    attributes.put(FIXED, List.of(kind));
    return new Credential(principal(), groups(), attributes);
  }

  /** Returns what a fixed credential was built of, null if it is not fixed. */
  public @Nullable String fixed() {
    for (Attributes each = new Attributes(this); each.isOn(); each.next()) {
      if (each.name().equalsIgnoreCase(FIXED)) {
        List<String> kind = each.values();
        return kind.isEmpty() ? "" : kind.get(0);
      }
    }
    return null;
  }

  /** Returns a form in which a table may keep it outside the heap. */
  public byte[] toBytes() {
    return packed.clone();
  }

  /** Returns the user's name in the registry. */
  public String principal() {
    return new PackedStrings(packed, 0).next();
  }

  /** Returns names of the groups that the user belongs to, in the registry's order. */
  public List<String> groups() {
    PackedStrings texts = new PackedStrings(packed, 0);
    texts.skip();
    return texts.nextList();
  }

  /** Returns further attributes by name. */
  public Map<String, List<String>> attributes() {
    Map<String, List<String>> attributes = new HashMap<>();
    for (Attributes each = new Attributes(this); each.isOn(); each.next()) {
      attributes.put(each.name(), each.values());
    }
    return Collections.unmodifiableMap(attributes);
  }

  /**
   * Returns the values of one attribute, null if there is none; then it takes no memory.
   *
   * @param name of small ASCII letters and other characters without case; letter case is ignored
   */
  public @Nullable List<String> attribute(String name) {
    PackedStrings texts = new PackedStrings(packed, 0);
    texts.skip();
    texts.skip();
    while (texts.hasNext()) {
      if (texts.skipIfEqual(name)) {
        return texts.nextList();
      }
      texts.skip();
      texts.skip();
    }
    return null;
  }

  /** Goes over the attributes, in the order of their names ignoring case. */
  static final class Attributes {

    private final byte[] packed;
    private final PackedStrings texts;
    private int name;
    private int values;

    /** Begins with the first one of a credential. */
    Attributes(Credential credential) {
      packed = credential.packed;
      texts = new PackedStrings(packed, 0);
      texts.skip();
      texts.skip();
      next();
    }

    /** Returns whether this is on an attribute, and not behind the last. */
    boolean isOn() {
      return name < packed.length;
    }

    void next() {
      name = texts.at();
      if (isOn()) {
        texts.skip();
        values = texts.at();
        texts.skip();
      }
    }

    String name() {
      return new PackedStrings(packed, name).next();
    }

    List<String> values() {
      return new PackedStrings(packed, values).nextList();
    }

    /** Compares the names, ignoring case; behind the last is after all. */
    int compareName(Attributes other) {
      if (!isOn() || !other.isOn()) {
        return Boolean.compare(other.isOn(), isOn());
      }
      return same(name, values, other, other.name, other.values)
          ? 0
          : name().compareToIgnoreCase(other.name());
    }

    boolean hasValuesOf(Attributes other) {
      return same(values, texts.at(), other, other.values, other.texts.at());
    }

    private boolean same(int from, int to, Attributes other, int otherFrom, int otherTo) {
      return Arrays.equals(packed, from, to, other.packed, otherFrom, otherTo);
    }
  }

  /** A credential in the making: principal and groups of another one, attributes added in order. */
  static final class Builder {

    private final PackedStrings.Writer writer = new PackedStrings.Writer();

    Builder(Credential like) {
      PackedStrings texts = new PackedStrings(like.packed, 0);
      texts.skip();
      texts.skip();
      writer.copy(like.packed, 0, texts.at());
    }

    void add(Attributes one) {
      add(one, one);
    }

    /** Adds one under the name of another. */
    void add(Attributes named, Attributes valued) {
      writer.copy(named.packed, named.name, named.values);
      writer.copy(valued.packed, valued.values, valued.texts.at());
    }

    Credential build() {
      return new Credential(writer.whole());
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other
        || (other instanceof Credential that && Arrays.equals(packed, that.packed));
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(packed);
  }

  @Override
  public String toString() {
    return "Credential[principal=%s, groups=%s, attributes=%s]"
        .formatted(principal(), groups(), attributes());
  }
}
