package org.smsjmx.session.memory;

import java.util.Arrays;
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

  int total() {
    return total;
  }

  void forEach(ObjIntConsumer<Counters> action) {
    for (int i = 0; i < servers.length; i++) {
      action.accept(servers[i], numbers[i]);
    }
  }
}
