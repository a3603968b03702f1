package org.smsjmx.session;

import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a refresh changes in credentials, by names only.
 *
 * @param groupsAdded groups that are new
 * @param groupsRemoved groups that are gone
 * @param attributesAdded attributes that are new
 * @param attributesRemoved attributes that are gone
 * @param attributesReplaced attributes with another value
 * @param attributesPreserved attributes whose old value a rule keeps, though the registry has
 *     another
 */
public record CredentialChange(
    List<String> groupsAdded,
    List<String> groupsRemoved,
    List<String> attributesAdded,
    List<String> attributesRemoved,
    List<String> attributesReplaced,
    List<String> attributesPreserved) {

  /** Nothing. */
  public static final CredentialChange NONE =
      new CredentialChange(List.of(), List.of(), List.of(), List.of(), List.of(), List.of());

  public CredentialChange {
    groupsAdded = List.copyOf(groupsAdded);
    groupsRemoved = List.copyOf(groupsRemoved);
    attributesAdded = List.copyOf(attributesAdded);
    attributesRemoved = List.copyOf(attributesRemoved);
    attributesReplaced = List.copyOf(attributesReplaced);
    attributesPreserved = List.copyOf(attributesPreserved);
  }

  /** Returns whether a credential becomes another one. */
  public boolean changes() {
    return !(groupsAdded.isEmpty()
        && groupsRemoved.isEmpty()
        && attributesAdded.isEmpty()
        && attributesRemoved.isEmpty()
        && attributesReplaced.isEmpty());
  }

  /** Returns what both change: the names of either, in order. */
  public CredentialChange and(CredentialChange other) {
    if (!changes() || !other.changes()) {
      return changes() ? this : other;
    }
    return new CredentialChange(
        union(groupsAdded, other.groupsAdded),
        union(groupsRemoved, other.groupsRemoved),
        union(attributesAdded, other.attributesAdded),
        union(attributesRemoved, other.attributesRemoved),
        union(attributesReplaced, other.attributesReplaced),
        union(attributesPreserved, other.attributesPreserved));
  }

  private static List<String> union(List<String> some, List<String> others) {
    SortedSet<String> all = new TreeSet<>(some);
    all.addAll(others);
    return List.copyOf(all);
  }
}
