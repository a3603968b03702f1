package org.smsjmx.topology;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The servers, replica sets and realms. What is asked about one of them costs nothing for the
 * others.
 */
public final class Topology {

  /** What the name of a server, replica set or realm may hold. */
  public static final String NAME_RULE = "[A-Za-z0-9._-]+";

  private static final Pattern NAME = Pattern.compile(NAME_RULE);

  /** No servers yet, for those that join. */
  public static final Topology EMPTY = new Topology(List.of());

  private final List<Realm> realms;
  private final List<ServerName> otherServers;
  private final Map<String, Realm> byName = new HashMap<>();

  /* In the order of the realms. */
  private final Map<ServerName, List<Realm>> realmsByServer = new LinkedHashMap<>();
  private final Map<ServerName, List<ReplicaSet>> setsByServer = new HashMap<>();

  private Topology(List<ServerName> otherServers) {
    this.realms = List.of();
    this.otherServers = otherServers;
  }

  /**
   * Checks the whole.
   *
   * @param realms all realms
   * @param otherServers servers without the session management extension
   * @throws IllegalArgumentException if there is no realm, a realm or replica set stands twice, or
   *     a server with the extension is named among the others
   */
  public Topology(List<Realm> realms, List<ServerName> otherServers) {
    this.realms = List.copyOf(realms);
    this.otherServers = List.copyOf(otherServers);
    if (realms.isEmpty()) {
      throw new IllegalArgumentException("at least one realm is needed");
    }
    Set<String> sets = new HashSet<>();
    for (Realm realm : realms) {
      requireNew("realm", realm.name(), byName.putIfAbsent(realm.name(), realm) == null);
    }
    for (Realm realm : realms) {
      for (ReplicaSet set : realm.replicaSets()) {
        requireNew("replica set", set.name(), sets.add(set.name()));
        for (ServerName server : set.replicas()) {
          setsByServer.computeIfAbsent(server, s -> new ArrayList<>()).add(set);
        }
      }
    }
    Set<ServerName> others = new HashSet<>();
    for (ServerName other : otherServers) {
      requireNew("other server", other.value(), others.add(other));
    }
    for (Realm realm : realms) {
      for (ServerName server : realm.servers()) {
        if (others.contains(server)) {
          throw new IllegalArgumentException(
              "server %s stands in realm %s and among the other servers"
                  .formatted(server, realm.name()));
        }
        realmsByServer.computeIfAbsent(server, s -> new ArrayList<>()).add(realm);
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

  /**
   * Returns the topology in which a further server takes part in a realm, in the replica set of the
   * same name; both are made if they are missing.
   *
   * @param server in no realm yet
   * @param realm name of a realm
   * @throws IllegalArgumentException if there is such a server already, or a replica set of that
   *     name in another realm
   */
  public Topology with(ServerName server, String realm) {
    if (realmsByServer.containsKey(server)) {
      throw new IllegalArgumentException("server %s stands twice".formatted(server));
    }
    List<Realm> all = new ArrayList<>(realms);
    Realm before = byName.get(realm);
    if (before == null) {
      all.add(new Realm(realm, List.of(new ReplicaSet(realm, List.of(server)))));
    } else {
      all.set(all.indexOf(before), before.with(server));
    }
    return new Topology(all, otherServers);
  }

  /** Returns the topology without a server, and without sets and realms that had no other one. */
  public Topology without(ServerName server) {
    List<Realm> left = realms.stream().flatMap(realm -> realm.without(server).stream()).toList();
    return left.isEmpty() ? new Topology(otherServers) : new Topology(left, otherServers);
  }

  /** Returns all realms. */
  public List<Realm> realms() {
    return realms;
  }

  /** Returns the servers without the session management extension. */
  public List<ServerName> otherServers() {
    return otherServers;
  }

  /** Returns the servers with the session management extension, each once. */
  public List<ServerName> servers() {
    return List.copyOf(realmsByServer.keySet());
  }

  /** Returns the realm of that name. */
  public Optional<Realm> realm(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /** Returns the realms in which the server takes part. */
  public List<Realm> realmsOf(ServerName server) {
    return List.copyOf(realmsByServer.getOrDefault(server, List.of()));
  }

  /** Returns whether the server takes part in the realm. */
  public boolean takesPart(ServerName server, String realm) {
    for (Realm each : realmsByServer.getOrDefault(server, List.of())) {
      if (each.name().equals(realm)) {
        return true;
      }
    }
    return false;
  }

  /** Returns the replica sets that the server has joined. */
  public List<ReplicaSet> replicaSetsOf(ServerName server) {
    return List.copyOf(setsByServer.getOrDefault(server, List.of()));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Topology that
        && realms.equals(that.realms)
        && otherServers.equals(that.otherServers);
  }

  @Override
  public int hashCode() {
    return Objects.hash(realms, otherServers);
  }

  @Override
  public String toString() {
    return "realms " + realms + ", other servers " + otherServers;
  }

  static void requireName(String what, String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "name of a %s must be %s: '%s'".formatted(what, NAME_RULE, name));
    }
  }

  private static void requireNew(String what, String name, boolean isNew) {
    if (!isNew) {
      throw new IllegalArgumentException("%s %s stands twice".formatted(what, name));
    }
  }
}
