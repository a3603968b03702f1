package org.smsjmx.topology;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Servers that protect the same web space: a session made by one is usable at the others.
 *
 * @param name usually the DNS name of the site
 * @param replicas its servers
 */
public record ReplicaSet(String name, List<ServerName> replicas) {

  /**
   * Checks the set.
   *
   * @throws IllegalArgumentException if the name is not {@value Topology#NAME_RULE}, or if the set
   *     is empty or names a server twice
   */
  public ReplicaSet {
    Topology.requireName("replica set", name);
    replicas = List.copyOf(replicas);
    if (replicas.isEmpty()) {
      throw new IllegalArgumentException(
          "replica set %s needs at least one server".formatted(name));
    }
    Set<ServerName> seen = new HashSet<>();
    for (ServerName replica : replicas) {
      if (!seen.add(replica)) {
        throw new IllegalArgumentException(
            "server %s stands twice in replica set %s".formatted(replica, name));
      }
    }
  }

  /** Returns the set with a further server. */
  ReplicaSet with(ServerName server) {
    List<ServerName> all = new ArrayList<>(replicas);
    all.add(server);
    return new ReplicaSet(name, all);
  }

  /** Returns the set without a server; empty if it had no other one. */
  Optional<ReplicaSet> without(ServerName server) {
    List<ServerName> left = replicas.stream().filter(each -> !each.equals(server)).toList();
    return left.isEmpty() ? Optional.empty() : Optional.of(new ReplicaSet(name, left));
  }
}
