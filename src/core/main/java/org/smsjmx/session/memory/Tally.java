package org.smsjmx.session.memory;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ObjIntConsumer;

/** Numbers of sessions by server, and their sum. The servers of one user are few. */
final class Tally {

  private Counters[] servers = {};
  private int[] numbers = {};
  private int total;

  void add(Counters server, int sessions) {
    int i = 0;
    while (i < servers.length && servers[i] != server) {
      i++;
    }
    if (i == servers.length) {
      servers = Arrays.copyOf(servers, i + 1);
      numbers = Arrays.copyOf(numbers, i + 1);
      servers[i] = server;
    }
    numbers[i] += sessions;
    total += sessions;
  }

  void add(Tally others) {
    others.forEach(this::add);
  }

  /** Returns the numbers by the names of the servers. */
  Map<String, Long> byServer() {
    Map<String, Long> byServer = new TreeMap<>();
    forEach((server, number) -> byServer.merge(server.server, (long) number, Long::sum));
    return byServer;
  }

  int total() {
    return total;
  }

  void forEach(ObjIntConsumer<Counters> action) {
    for (int i = 0; i < servers.length; i++) {
      action.accept(servers[i], numbers[i]);
    }
  }
}
