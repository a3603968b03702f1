package org.smsjmx.bench;

import java.util.function.Supplier;

/** The stores that are measured, ours first. */
enum Peers {
  OURS("sms-jmx", OurTable::new, ""),
  TWO_MAPS(
      "two maps",
      TwoMaps::new,
      "two ConcurrentHashMaps, by id and by user, without any guarantee against a sign-in that"
          + " overlaps"),
  TOMCAT(
      "Tomcat",
      TomcatManager::new,
      "StandardManager 10.1; has no index by user, so all sessions are looked at"),
  SPRING_SECURITY(
      "Spring Security",
      SpringSecurityRegistry::new,
      "SessionRegistryImpl 7.1: a registry beside the container's sessions, holds no credential;"
          + " terminateAll marks each as expired, and memory comes back when the container drops it; the two largest users were given a"
          + " ConcurrentHashMap's set of ids, since its own is copied at each sign-in"),
  SPRING_SESSION(
      "Spring Session",
      SpringSessionMap::new,
      "MapSessionRepository 4.1 over a ConcurrentHashMap; has no index by user, so all sessions are"
          + " looked at; expired ones are found when they are asked for"),
  CAFFEINE(
      "Caffeine",
      CaffeineCache::new,
      "Caffeine 3.2, expiry after access, with a map from user to ids beside it"),
  SHIRO(
      "Shiro",
      ShiroManager::new,
      "DefaultSessionManager 2.2 with MemorySessionDAO; has no index by user, so all sessions are"
          + " looked at");

  private final String title;
  private final Supplier<Peer> make;
  private final String note;

  Peers(String title, Supplier<Peer> make, String note) {
    this.title = title;
    this.make = make;
    this.note = note;
  }

  String title() {
    return title;
  }

  /** Returns what to know of it beside the figures. */
  String note() {
    return note;
  }

  Peer make() {
    return make.get();
  }
}
