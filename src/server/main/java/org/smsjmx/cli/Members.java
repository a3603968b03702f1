package org.smsjmx.cli;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import org.smsjmx.cli.RemoteService.Replica;
import org.smsjmx.cli.RemoteService.ServerFacts;

/**
 * Servers with their realms and replica sets, as the MBeans of the servers tell: an application has
 * no others. Each names its realms and its sets, but not which sets are in which realm; so a set
 * counts as one of a realm if all its servers take part in that.
 *
 * @param servers by name
 */
record Members(SortedMap<String, ServerFacts> servers) {

  List<String> realms() {
    Set<String> realms = new TreeSet<>();
    servers.values().forEach(server -> realms.addAll(server.realms()));
    return List.copyOf(realms);
  }

  List<String> replicaSets(String realm) {
    Set<String> sets = new TreeSet<>();
    servers.values().forEach(server -> sets.addAll(server.replicaSets()));
    sets.removeIf(set -> !of(set).stream().allMatch(server -> server.realms().contains(realm)));
    return List.copyOf(sets);
  }

  List<Replica> replicas(String replicaSet) {
    List<Replica> replicas = new ArrayList<>();
    servers.forEach(
        (name, server) -> {
          if (server.replicaSets().contains(replicaSet)) {
            replicas.add(new Replica(name, server.joinedAt()));
          }
        });
    return replicas;
  }

  private Collection<ServerFacts> of(String replicaSet) {
    return servers.values().stream()
        .filter(server -> server.replicaSets().contains(replicaSet))
        .toList();
  }
}
