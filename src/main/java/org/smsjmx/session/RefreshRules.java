package org.smsjmx.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

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

  /** Returns the credential that a session has after a refresh. */
  Credential refreshed(Credential old, Credential fresh) {
    TreeMap<String, List<String>> attributes = byName(fresh);
    TreeMap<String, List<String>> former = byName(old);
    for (String name : namesOf(old, fresh)) {
      if (preserves(name)) {
        attributes.remove(name);
        List<String> kept = former.get(name);
        if (kept != null) {
          attributes.put(name, kept);
        }
      }
    }
    return attributes.equals(fresh.attributes())
        ? fresh
        : new Credential(fresh.principal(), fresh.groups(), attributes);
  }

  /** Returns what {@link #refreshed} changes, by names only. */
  CredentialChange change(Credential old, Credential fresh) {
    Map<String, List<String>> before = byName(old);
    Map<String, List<String>> offered = byName(fresh);
    List<String> added = new ArrayList<>();
    List<String> removed = new ArrayList<>();
    List<String> replaced = new ArrayList<>();
    List<String> preserved = new ArrayList<>();
    for (String name : namesOf(old, fresh)) {
      List<String> was = before.get(name);
      List<String> is = offered.get(name);
      if (is == null || was == null || !is.equals(was)) {
        if (preserves(name)) {
          preserved.add(name);
        } else if (was == null) {
          added.add(name);
        } else if (is == null) {
          removed.add(name);
        } else {
          replaced.add(name);
        }
      }
    }
    return new CredentialChange(
        without(fresh.groups(), old.groups()),
        without(old.groups(), fresh.groups()),
        added,
        removed,
        replaced,
        preserved);
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

  private static TreeMap<String, List<String>> byName(Credential credential) {
    TreeMap<String, List<String>> attributes = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    attributes.putAll(credential.attributes());
    return attributes;
  }

  private static Set<String> namesOf(Credential old, Credential fresh) {
    Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    names.addAll(fresh.attributes().keySet());
    names.addAll(old.attributes().keySet());
    return names;
  }

  private static List<String> without(List<String> groups, List<String> others) {
    return groups.stream().filter(group -> !others.contains(group)).sorted().toList();
  }
}
