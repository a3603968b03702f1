package org.smsjmx.topology;

import java.util.List;

/**
 * A session realm: replica sets with one user registry. For user and administrator a session is a
 * single entity across it.
 *
 * @param name its name
 * @param replicaSets its replica sets
 */
public record Realm(String name, List<ReplicaSet> replicaSets) {

  /**
   * Checks the realm.
   *
   * @throws IllegalArgumentException if the name is not {@value Topology#NAME_RULE}, or if the
   *     realm is empty
   */
  public Realm {
    Topology.requireName("realm", name);
    replicaSets = List.copyOf(replicaSets);
    if (replicaSets.isEmpty()) {
      throw new IllegalArgumentException("realm %s needs at least one replica set".formatted(name));
    }
  }

  /** Returns the servers that take part in the realm, each once, in the order of the sets. */
  public List<ServerName> servers() {
    return replicaSets.stream().flatMap(set -> set.replicas().stream()).distinct().toList();
  }
}
