package org.smsjmx.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TopologyTest {

  private static final ServerName CRUZ = new ServerName("default-webseald-cruz");
  private static final ServerName DALLAS = new ServerName("default-webseald-dallas");

  @ParameterizedTest
  @CsvSource({
    "default-webseald-cruz, default-webseald, cruz",
    "default-webseald-example.dallas.ibm.com, default-webseald, example.dallas.ibm.com",
    "webseal2-webseald-example.dallas.ibm.com, webseal2-webseald, example.dallas.ibm.com",
    "my-site-webseald-host-1, my-site-webseald, host-1",
    "a-webseald-b-webseald-c, a-webseald, b-webseald-c",
    "ivmgrd-master, ivmgrd, master",
    "ivacld-host-1.example.com, ivacld, host-1.example.com",
    "webseald-cruz, webseald, cruz",
    "alone, alone, ''",
    "ends-, ends, ''",
    "-begins, '', begins",
    "x-webseald-, x-webseald, ''"
  })
  void aServerNameIsSplitIntoInstanceAndHost(String name, String instance, String host) {
    ServerName server = new ServerName(name);

    assertThat(server.instanceName()).isEqualTo(instance);
    assertThat(server.hostName()).isEqualTo(host);
    assertThat(server).hasToString(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "a b", "a*", "a?", "a,b", "a=b", "a:b", "a\"b", "a\n", "ä", "a/b"})
  void namesHoldLettersDigitsDotsUnderscoresAndHyphensOnly(String name) {
    List<ReplicaSet> sets = List.of(set("set", CRUZ));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ServerName(name))
        .withMessageContaining(Topology.NAME_RULE);
    assertThatIllegalArgumentException().isThrownBy(() -> new Realm(name, sets));
    assertThatIllegalArgumentException().isThrownBy(() -> set(name, CRUZ));
  }

  @Test
  void aSetOrRealmThatIsEmptyIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> set("www"))
        .withMessage("replica set www needs at least one server");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Realm("ibm.com", List.of()))
        .withMessage("realm ibm.com needs at least one replica set");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Topology(List.of(), List.of()))
        .withMessage("at least one realm is needed");
  }

  @Test
  void aServerStandsOnceInASet() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> set("www", CRUZ, DALLAS, CRUZ))
        .withMessage("server default-webseald-cruz stands twice in replica set www");
  }

  @Test
  void realmsSetsAndOtherServersStandOnce() {
    Realm realm = realm("ibm.com", set("www", CRUZ));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> topology(realm, realm("ibm.com", set("shop", CRUZ))))
        .withMessage("realm ibm.com stands twice");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> topology(realm, realm("partners", set("www", CRUZ))))
        .withMessage("replica set www stands twice");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> topology(realm("ibm.com", set("www", CRUZ), set("www", DALLAS))))
        .withMessage("replica set www stands twice");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Topology(List.of(realm), List.of(DALLAS, DALLAS)))
        .withMessage("other server default-webseald-dallas stands twice");
  }

  @Test
  void aServerHasTheExtensionOrNot() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Topology(List.of(realm("ibm.com", set("www", CRUZ))), List.of(CRUZ)))
        .withMessageContaining("default-webseald-cruz")
        .withMessageContaining("ibm.com");
  }

  @Test
  void aServerTakesPartInTheRealmsOfItsSets() {
    Realm ibm = realm("ibm.com", set("www", CRUZ, DALLAS), set("shop", DALLAS));
    Realm partners = realm("partners", set("partners", CRUZ));
    Topology topology = topology(ibm, partners);

    assertThat(topology.servers()).containsExactly(CRUZ, DALLAS);
    assertThat(ibm.servers()).containsExactly(CRUZ, DALLAS);
    assertThat(topology.realmsOf(CRUZ)).containsExactly(ibm, partners);
    assertThat(topology.realmsOf(DALLAS)).containsExactly(ibm);
    assertThat(topology.replicaSetsOf(DALLAS).stream().map(ReplicaSet::name))
        .containsExactly("www", "shop");
    assertThat(topology.realm("partners")).contains(partners);
    assertThat(topology.realm("Partners")).as("exact").isEmpty();
    assertThat(topology.realmsOf(new ServerName("nobody"))).isEmpty();
  }

  @Test
  void theSmallestTopologyHasOneOfEach() {
    Topology topology = Topology.of("shop.example.com", CRUZ);

    assertThat(topology.servers()).containsExactly(CRUZ);
    assertThat(topology.replicaSetsOf(CRUZ)).containsExactly(set("shop.example.com", CRUZ));
  }

  @Test
  void aFurtherServerTakesPartInTheReplicaSetOfTheRealmsName() {
    ServerName next = new ServerName("next");
    assertThat(Topology.EMPTY.with(CRUZ, "shop")).isEqualTo(Topology.of("shop", CRUZ));
    assertThat(Topology.of("shop", CRUZ).with(DALLAS, "shop").with(next, "shop"))
        .isEqualTo(topology(realm("shop", set("shop", CRUZ, DALLAS, next))));

    Realm ibm = realm("ibm.com", set("www", CRUZ), set("ibm.com", DALLAS), set("last", CRUZ));
    Realm partners = realm("partners", set("p", DALLAS));
    assertThat(topology(ibm, partners).with(next, "ibm.com"))
        .isEqualTo(
            topology(
                realm("ibm.com", set("www", CRUZ), set("ibm.com", DALLAS, next), set("last", CRUZ)),
                partners));
    assertThat(topology(ibm, partners).with(next, "partners"))
        .isEqualTo(topology(ibm, realm("partners", set("p", DALLAS), set("partners", next))));
    assertThat(topology(ibm, partners).with(next, "new").realm("new"))
        .contains(realm("new", set("new", next)));
  }

  @Test
  void aServerThatIsThereAlreadyIsNoFurtherOne() {
    Topology topology = new Topology(List.of(realm("shop", set("shop", CRUZ))), List.of(DALLAS));
    for (String realm : List.of("shop", "other")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> topology.with(CRUZ, realm))
          .withMessage("server default-webseald-cruz stands twice");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> topology.with(DALLAS, realm))
          .withMessageContaining("among the other servers");
    }
  }

  @Test
  void aServerLeavesAllItsSetsAndEmptySetsAndRealmsGo() {
    Realm ibm = realm("ibm.com", set("www", CRUZ, DALLAS), set("shop", CRUZ));
    Realm partners = realm("partners", set("partners", CRUZ));
    Topology topology = topology(ibm, partners);

    assertThat(topology.without(CRUZ)).isEqualTo(topology(realm("ibm.com", set("www", DALLAS))));
    assertThat(topology.without(DALLAS))
        .isEqualTo(topology(realm("ibm.com", set("www", CRUZ), set("shop", CRUZ)), partners));
    assertThat(topology.without(new ServerName("nobody"))).isEqualTo(topology);
    assertThat(topology.without(CRUZ).without(DALLAS)).isEqualTo(Topology.EMPTY);
    assertThat(Topology.EMPTY.without(CRUZ)).isEqualTo(Topology.EMPTY);
    assertThat(topology.realmsOf(CRUZ)).as("unchanged").containsExactly(ibm, partners);
  }

  @Test
  void serversWithoutTheExtensionStayWhoeverJoinsAndLeaves() {
    ServerName other = new ServerName("ivmgrd-master");
    Topology topology = new Topology(List.of(realm("shop", set("shop", CRUZ))), List.of(other));

    assertThat(topology.with(DALLAS, "new").otherServers()).containsExactly(other);
    assertThat(topology.with(DALLAS, "new").without(DALLAS)).isEqualTo(topology);
    Topology left = topology.without(CRUZ);
    assertThat(left.realms()).isEmpty();
    assertThat(left.servers()).isEmpty();
    assertThat(left.otherServers()).containsExactly(other);
    assertThat(left.with(CRUZ, "shop")).isEqualTo(topology);
  }

  @Test
  void theEmptyTopologyHasNothing() {
    assertThat(Topology.EMPTY.realms()).isEmpty();
    assertThat(Topology.EMPTY.servers()).isEmpty();
    assertThat(Topology.EMPTY.otherServers()).isEmpty();
    assertThat(Topology.EMPTY.realm("shop")).isEmpty();
    assertThat(Topology.EMPTY.takesPart(CRUZ, "shop")).isFalse();
  }

  @Test
  void serversAreOrderedByName() {
    assertThat(Stream.of(DALLAS, CRUZ).sorted()).containsExactly(CRUZ, DALLAS);
  }

  private static ReplicaSet set(String name, ServerName... servers) {
    return new ReplicaSet(name, List.of(servers));
  }

  private static Realm realm(String name, ReplicaSet... sets) {
    return new Realm(name, List.of(sets));
  }

  private static Topology topology(Realm... realms) {
    return new Topology(List.of(realms), List.of());
  }
}
