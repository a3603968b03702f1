package org.smsjmx.registry;

import com.unboundid.ldap.sdk.Entry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
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

  /** Returns the credential of a user's entry, which has {@link #USER}. */
  Credential credential(Entry user, List<String> groups) {
    Map<String, List<String>> values = new HashMap<>();
    attributes.forEach(
        (name, directoryName) -> {
          String[] found = user.getAttributeValues(directoryName);
          if (found != null) {
            values.put(name, List.of(found));
          }
        });
    return new Credential(Objects.requireNonNull(user.getAttributeValue(USER)), groups, values);
  }
}
