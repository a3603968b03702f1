package org.smsjmx.session;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.TreeSet;
import org.smsjmx.text.Wildcard;

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

  /** So few are looked through faster than a set of them is made. */
  private static final int FEW = 16;

  public RefreshRules {
    rules = List.copyOf(rules);
  }

  /** A rule for attributes. */
  public static final class Rule {

    private final Wildcard names;
    private final boolean preserve;

    /**
     * Says what becomes of attributes.
     *
     * @param attribute name, {@code *} stands for any text
     * @param preserve whether the old value is kept, else the new one is taken
     * @throws IllegalArgumentException if the name is blank
     */
    public Rule(String attribute, boolean preserve) {
      if (attribute.isBlank()) {
        throw new IllegalArgumentException("attribute must not be blank");
      }
      this.names = new Wildcard(folded(attribute));
      this.preserve = preserve;
    }
  }

  /**
   * Returns a form in which names are equal that are so in {@link String#CASE_INSENSITIVE_ORDER}.
   */
  private static String folded(String name) {
    StringBuilder folded = new StringBuilder(name.length());
    name.codePoints()
        .map(c -> Character.toLowerCase(Character.toUpperCase(c)))
        .forEach(folded::appendCodePoint);
    return folded.toString();
  }

  /**
   * What a refresh makes of a credential.
   *
   * @param credential the one after it; the registry's own if nothing else of the old one is kept
   * @param change what changed
   */
  public record Refreshed(Credential credential, CredentialChange change) {}

  /**
   * Returns what a refresh makes of a credential.
   *
   * @param old what the session holds
   * @param fresh what the registry says now
   */
  public Refreshed refresh(Credential old, Credential fresh) {
    if (old.equals(fresh)) {
      return new Refreshed(fresh, CredentialChange.NONE);
    }
    List<String> added = new ArrayList<>();
    List<String> removed = new ArrayList<>();
    List<String> replaced = new ArrayList<>();
    List<String> preserved = new ArrayList<>();
    Credential.Builder after = new Credential.Builder(fresh);
    Credential.Attributes was = new Credential.Attributes(old);
    Credential.Attributes is = new Credential.Attributes(fresh);
    while (was.isOn() || is.isOn()) {
      int order = was.compareName(is);
      boolean had = order <= 0;
      boolean has = order >= 0;
      if (had && has && was.hasValuesOf(is)) {
        after.add(is);
      } else {
        String name = has ? is.name() : was.name();
        if (preserves(name)) {
          preserved.add(name);
          if (had) {
            after.add(has ? is : was, was);
          }
        } else {
          (had && has ? replaced : has ? added : removed).add(name);
          if (has) {
            after.add(is);
          }
        }
      }
      if (had) {
        was.next();
      }
      if (has) {
        is.next();
      }
    }
    List<String> groups = fresh.groups();
    List<String> oldGroups = old.groups();
    CredentialChange change =
        new CredentialChange(
            without(groups, oldGroups),
            without(oldGroups, groups),
            added,
            removed,
            replaced,
            preserved);
    return new Refreshed(preserved.isEmpty() ? fresh : after.build(), change);
  }

  private boolean preserves(String name) {
    String folded = folded(name);
    for (Rule rule : rules) {
      if (rule.names.matches(folded)) {
        return rule.preserve;
      }
    }
    return false;
  }

  private static List<String> without(List<String> groups, List<String> others) {
    Collection<String> known = others.size() > FEW ? new HashSet<>(others) : others;
    List<String> left = new ArrayList<>();
    for (String group : groups) {
      if (!known.contains(group)) {
        left.add(group);
      }
    }
    return left.size() < 2 ? left : List.copyOf(new TreeSet<>(left));
  }
}
