package org.smsjmx.topology;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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

  /** Returns the realm with a further server, in the replica set of the realm's name. */
  Realm with(ServerName server) {
    List<ReplicaSet> sets = new ArrayList<>(replicaSets);
    for (int i = 0; i < sets.size(); i++) {
      if (sets.get(i).name().equals(name)) {
        sets.set(i, sets.get(i).with(server));
        return new Realm(name, sets);
      }
    }
    sets.add(new ReplicaSet(name, List.of(server)));
    return new Realm(name, sets);
  }

  /** Returns the realm without a server; empty if it had no other one. */
  Optional<Realm> without(ServerName server) {
    List<ReplicaSet> left =
        replicaSets.stream().flatMap(set -> set.without(server).stream()).toList();
    return left.isEmpty() ? Optional.empty() : Optional.of(new Realm(name, left));
  }
}
