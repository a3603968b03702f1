package org.smsjmx.session;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a refresh does to each attribute of a credential. Of all attributes of the old or the new
 * credential the first rule that matches decides; without one the new value is taken. Names ignore
 * case. Principal and groups are always the new ones.
 *
 * @param rules in the order in which they are asked
 */
public record RefreshRules(List<Rule> rules) {

  /** The original's: authentication level and tag values belong to the session and are kept. */
  public static final RefreshRules DEFAULT =
      new RefreshRules(
          List.of(new Rule("authentication_level", true), new Rule("tagvalue_*", true)));

  public RefreshRules {
    rules = List.copyOf(rules);
  }

  /** A rule for attributes. */
  public static final class Rule {

    private final Wildcard names;
    private final boolean preserve;

    /**
     * Makes one.
     *
     * @param attribute name, {@code *} stands for any text
     * @param preserve whether the old value is kept, else the new one is taken
     * @throws IllegalArgumentException if the name is blank
     */
    public Rule(String attribute, boolean preserve) {
      if (attribute.isBlank()) {
        throw new IllegalArgumentException("attribute must not be blank");
      }
      this.names = new Wildcard(UserName.fold(attribute));
      this.preserve = preserve;
    }
  }

  /**
   * What a refresh makes of a credential.
   *
   * @param credential the one after it; the registry's own if nothing else of the old one is kept
   * @param change what changed
   */
  record Refreshed(Credential credential, CredentialChange change) {}

  /** Returns what a refresh makes of a credential, with what the registry says now. */
  Refreshed refresh(Credential old, Credential fresh) {
    if (old == fresh) {
      return new Refreshed(fresh, CredentialChange.NONE);
    }
    List<String> added = new ArrayList<>();
    List<String> removed = new ArrayList<>();
    List<String> replaced = new ArrayList<>();
    List<String> preserved = new ArrayList<>();
    fresh
        .attributes()
        .forEach(
            (name, is) -> {
              List<String> was = value(old, name);
              if (!is.equals(was)) {
                (preserves(name) ? preserved : was == null ? added : replaced).add(name);
              }
            });
    for (String name : old.attributes().keySet()) {
      if (value(fresh, name) == null) {
        (preserves(name) ? preserved : removed).add(name);
      }
    }
    CredentialChange change =
        new CredentialChange(
            without(fresh.groups(), old.groups()),
            without(old.groups(), fresh.groups()),
            sorted(added),
            sorted(removed),
            sorted(replaced),
            sorted(preserved));
    return new Refreshed(keeping(preserved, old, fresh), change);
  }

  private static Credential keeping(List<String> names, Credential old, Credential fresh) {
    if (names.isEmpty()) {
      return fresh;
    }
    Map<String, List<String>> attributes = new HashMap<>(fresh.attributes());
    for (String name : names) {
      List<String> kept = value(old, name);
      if (kept == null) {
        attributes.remove(name);
      } else {
        attributes.put(name, kept);
      }
    }
    return new Credential(fresh.principal(), fresh.groups(), attributes);
  }

  /** Returns the values of an attribute, null if there are none. Attributes are few. */
  private static @Nullable List<String> value(Credential credential, String name) {
    List<String> exact = credential.attributes().get(name);
    if (exact != null) {
      return exact;
    }
    for (Map.Entry<String, List<String>> attribute : credential.attributes().entrySet()) {
      if (attribute.getKey().equalsIgnoreCase(name)) {
        return attribute.getValue();
      }
    }
    return null;
  }

  private boolean preserves(String name) {
    String folded = UserName.fold(name);
    for (Rule rule : rules) {
      if (rule.names.matches(folded)) {
        return rule.preserve;
      }
    }
    return false;
  }

  private static List<String> sorted(List<String> names) {
    names.sort(String.CASE_INSENSITIVE_ORDER);
    return names;
  }

  private static List<String> without(List<String> groups, List<String> others) {
    if (groups.equals(others)) {
      return List.of();
    }
    Set<String> left = new TreeSet<>(groups);
    others.forEach(left::remove);
    return List.copyOf(left);
  }
}
