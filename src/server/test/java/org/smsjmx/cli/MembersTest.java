package org.smsjmx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class MembersTest {

  private static final String JOINED = "2026-11-21T10:00:00Z";

  /** One server in two realms, and one that is in one of them only. */
  private static final Members MEMBERS =
      new Members(
          new TreeMap<>(
              Map.of(
                  "a-host1", facts(List.of("north", "south"), List.of("mail", "shop")),
                  "b-host1", facts(List.of("south"), List.of("shop")))));

  private static RemoteService.ServerFacts facts(List<String> realms, List<String> replicaSets) {
    return new RemoteService.ServerFacts("a", "host1", realms, replicaSets, JOINED, 0L);
  }

  @Test
  void realmsAreThoseOfAllServers() {
    assertThat(MEMBERS.realms()).containsExactly("north", "south");
  }

  @Test
  void aReplicaSetIsInTheRealmsOfAllItsServers() {
    assertThat(MEMBERS.replicaSets("south")).containsExactly("mail", "shop");
    assertThat(MEMBERS.replicaSets("north")).containsExactly("mail");
    assertThat(MEMBERS.replicaSets("east")).isEmpty();
  }

  @Test
  void theReplicasOfASetAreTheServersThatNameIt() {
    assertThat(MEMBERS.replicas("shop"))
        .containsExactly(
            new RemoteService.Replica("a-host1", JOINED),
            new RemoteService.Replica("b-host1", JOINED));
    assertThat(MEMBERS.replicas("mail"))
        .containsExactly(new RemoteService.Replica("a-host1", JOINED));
  }
}
