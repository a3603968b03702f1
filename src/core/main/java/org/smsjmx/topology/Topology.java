package org.smsjmx.topology;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The servers, replica sets and realms.
 *
 * @param realms all realms
 * @param otherServers servers without the session management extension
 */
public record Topology(List<Realm> realms, List<ServerName> otherServers) {

  /** What the name of a server, replica set or realm may hold. */
  public static final String NAME_RULE = "[A-Za-z0-9._-]+";

  private static final Pattern NAME = Pattern.compile(NAME_RULE);

  /**
   * Checks the whole.
   *
   * @throws IllegalArgumentException if there is no realm, a realm or replica set stands twice, or
   *     a server with the extension is named among the others
   */
  public Topology {
    realms = List.copyOf(realms);
    otherServers = List.copyOf(otherServers);
    if (realms.isEmpty()) {
      throw new IllegalArgumentException("at least one realm is needed");
    }
    Set<String> seen = new HashSet<>();
    for (Realm realm : realms) {
      requireNew("realm", realm.name(), seen);
    }
    seen.clear();
    for (Realm realm : realms) {
      for (ReplicaSet set : realm.replicaSets()) {
        requireNew("replica set", set.name(), seen);
      }
    }
    seen.clear();
    for (ServerName other : otherServers) {
      requireNew("other server", other.value(), seen);
    }
    for (Realm realm : realms) {
      for (ServerName server : realm.servers()) {
        if (otherServers.contains(server)) {
          throw new IllegalArgumentException(
              "server %s stands in realm %s and among the other servers"
                  .formatted(server, realm.name()));
        }
      }
    }
  }

  /**
   * Returns the smallest topology: one realm with one replica set of one server.
   *
   * @param realm name of the realm and of its replica set
   * @param server name of the server
   */
  public static Topology of(String realm, ServerName server) {
    return new Topology(
        List.of(new Realm(realm, List.of(new ReplicaSet(realm, List.of(server))))), List.of());
  }

  /** Returns the servers with the session management extension, each once. */
  public List<ServerName> servers() {
    return realms.stream().flatMap(realm -> realm.servers().stream()).distinct().toList();
  }

  /** Returns the realm of that name. */
  public Optional<Realm> realm(String name) {
    return realms.stream().filter(realm -> realm.name().equals(name)).findFirst();
  }

  /** Returns the realms in which the server takes part. */
  public List<Realm> realmsOf(ServerName server) {
    return realms.stream().filter(realm -> realm.servers().contains(server)).toList();
  }

  /** Returns the replica sets that the server has joined. */
  public List<ReplicaSet> replicaSetsOf(ServerName server) {
    return realms.stream()
        .flatMap(realm -> realm.replicaSets().stream())
        .filter(set -> set.replicas().contains(server))
        .toList();
  }

  static void requireName(String what, String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "name of a %s must be %s: '%s'".formatted(what, NAME_RULE, name));
    }
  }

  private static void requireNew(String what, String name, Set<String> seen) {
    if (!seen.add(name)) {
      throw new IllegalArgumentException("%s %s stands twice".formatted(what, name));
    }
  }
}
