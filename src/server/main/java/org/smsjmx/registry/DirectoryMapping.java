package org.smsjmx.registry;

import com.unboundid.ldap.sdk.Attribute;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.smsjmx.session.Credential;
import org.smsjmx.session.UserNames;
import org.smsjmx.text.StringPreparation;

/**
 * How a directory's entry becomes a credential.
 *
 * @param attributes attribute of the directory by attribute of the credential
 * @param nameAttribute attribute that names a user; null for the registry's own: {@code uid} in a
 *     file, what the user filter asks for in a directory
 * @param nestedGroups whether the groups that hold a user's group are groups of the user
 * @param refuseDisabled whether accounts that are disabled or have expired give no credential
 * @param userNames how names of users are compared
 */
public record DirectoryMapping(
    Map<String, String> attributes,
    @Nullable String nameAttribute,
    boolean nestedGroups,
    boolean refuseDisabled,
    UserNames userNames) {

  /** Common name and mail address, direct groups, all accounts. */
  public static final DirectoryMapping DEFAULT =
      new DirectoryMapping(Map.of("cn", "cn", "mail", "mail"));

  static final String USER = "uid";
  static final String GROUP = "cn";

  /**
   * Maps direct groups only, and all accounts, also disabled ones.
   *
   * @param attributes attribute of the directory by attribute of the credential
   */
  public DirectoryMapping(Map<String, String> attributes) {
    this(attributes, null, false, false);
  }

  /**
   * Compares names of users as directories do.
   *
   * @param attributes attribute of the directory by attribute of the credential
   * @param nameAttribute attribute that names a user, null for the registry's own
   * @param nestedGroups whether the groups that hold a user's group are groups of the user
   * @param refuseDisabled whether accounts that are disabled or have expired give no credential
   */
  public DirectoryMapping(
      Map<String, String> attributes,
      @Nullable String nameAttribute,
      boolean nestedGroups,
      boolean refuseDisabled) {
    this(attributes, nameAttribute, nestedGroups, refuseDisabled, UserNames.DIRECTORY);
  }

  /**
   * Checks the names.
   *
   * @throws IllegalArgumentException if a name is blank, or two are equal ignoring case: refresh
   *     rules could not tell them apart
   */
  public DirectoryMapping {
    attributes = Map.copyOf(attributes);
    if (nameAttribute != null && !Attribute.nameIsValid(nameAttribute)) {
      throw new IllegalArgumentException(
          "name-attribute must be the name of an attribute: " + nameAttribute);
    }
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

  /** Returns the attributes to ask the directory for, beside those that name the user. */
  List<String> asked() {
    List<String> asked = new ArrayList<>(attributes.values());
    if (refuseDisabled) {
      asked.addAll(AccountState.ATTRIBUTES);
    }
    return asked;
  }

  /**
   * Makes the credential of a user's entry. Groups and values stand in their natural order, each
   * once: a directory gives them in any order, and a group may be found on several ways.
   */
  Credential credential(String principal, DirectoryEntry user, Collection<String> groups) {
    Map<String, List<String>> values = new HashMap<>();
    attributes.forEach(
        (name, directoryName) -> {
          List<String> found = user.values(directoryName);
          if (!found.isEmpty()) {
            values.put(name, found);
          }
        });
    return new Credential(principal, List.copyOf(new TreeSet<>(groups)), values);
  }

  /**
   * Returns the name by which a user is shown: of the first attribute that has a value, the one
   * that stands in the entry's DN, else the least. Blanks at its ends mean nothing (RFC 4518,
   * 2.6.1).
   *
   * @param names attributes that name users
   * @return null if the entry has none of them
   */
  static @Nullable String principal(DirectoryEntry user, List<String> names) {
    for (String name : names) {
      List<String> values = user.values(name);
      String inDn = user.dn().named(name);
      if (!values.isEmpty()) {
        return values.stream()
            .filter(value -> inDn != null && matches(value, inDn))
            .findFirst()
            .orElse(values.get(0))
            .strip();
      }
    }
    return null;
  }

  private static boolean matches(String value, String other) {
    return StringPreparation.prepareOrKeep(value).equals(StringPreparation.prepareOrKeep(other));
  }
}
