package org.smsjmx.registry;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.smsjmx.session.Credential;

/**
 * How a directory's entry becomes a credential.
 *
 * @param attributes attribute of the directory by attribute of the credential
 */
public record DirectoryMapping(Map<String, String> attributes) {

  /** Common name and mail address. */
  public static final DirectoryMapping DEFAULT =
      new DirectoryMapping(Map.of("cn", "cn", "mail", "mail"));

  static final String USER = "uid";
  static final String GROUP = "cn";

  /**
   * Checks the names.
   *
   * @throws IllegalArgumentException if a name is blank, or two are equal ignoring case: refresh
   *     rules could not tell them apart
   */
  public DirectoryMapping {
    attributes = Map.copyOf(attributes);
    Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    attributes.forEach(
        (name, directoryName) -> {
          if (name.isBlank() || directoryName.isBlank()) {
            throw new IllegalArgumentException("attributes must not be blank");
          }
          if (!names.add(name)) {
            throw new IllegalArgumentException(
                "attributes must differ in more than letter case: "
                    + name.toLowerCase(Locale.ROOT));
          }
        });
  }

  /** Returns the attributes to ask the directory for, beside others. */
  List<String> asked(String... others) {
    List<String> asked = new ArrayList<>(attributes.values());
    asked.addAll(List.of(others));
    return asked;
  }

  /**
   * Makes the credential of a user's entry. Groups and values stand in their natural order, each
   * once: a directory gives them in any order, and a group may be found on several ways.
   *
   * @param names attributes that name the user: the first that the entry has names the credential
   * @throws IllegalArgumentException if the entry has none of them
   */
  Credential credential(DirectoryEntry user, List<String> names, Collection<String> groups) {
    Map<String, List<String>> values = new HashMap<>();
    attributes.forEach(
        (name, directoryName) -> {
          List<String> found = user.values(directoryName);
          if (!found.isEmpty()) {
            values.put(name, found);
          }
        });
    String principal =
        names.stream()
            .map(name -> principal(user, name))
            .filter(Objects::nonNull)
            .findFirst()
            .orElseThrow(
                () -> new IllegalArgumentException("has no " + String.join(" or ", names)));
    return new Credential(principal, List.copyOf(new TreeSet<>(groups)), values);
  }

  /**
   * Returns the value of an attribute that the entry's DN names, else the least one; null if there
   * is none. Blanks at its ends mean nothing (RFC 4518, 2.6.1).
   */
  private static @Nullable String principal(DirectoryEntry user, String attribute) {
    List<String> values = user.values(attribute);
    String inDn = user.dn().named(attribute);
    String named = inDn == null ? null : Dn.prepared(inDn);
    return values.stream()
        .filter(value -> named != null && Dn.prepared(value).equals(named))
        .findFirst()
        .or(() -> values.stream().findFirst())
        .map(String::strip)
        .orElse(null);
  }
}
