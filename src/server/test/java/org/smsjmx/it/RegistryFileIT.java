package org.smsjmx.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smsjmx.fixture.Endpoints.CRUZ;
import static org.smsjmx.fixture.Endpoints.IBM;
import static org.smsjmx.fixture.Endpoints.SERVICE;
import static org.smsjmx.fixture.Endpoints.WEBSEAL2;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smsjmx.fixture.ChangedConfiguration;
import org.smsjmx.fixture.Endpoint;
import org.smsjmx.fixture.Endpoints;
import org.smsjmx.fixture.JolokiaClient;
import org.smsjmx.fixture.ServerProcess;

/** What comes of editing users.ldif while the server runs. */
final class RegistryFileIT {

  private static final String NEW_GROUP =
      """

      dn: cn=auditors,ou=groups,dc=ibm,dc=com
      objectClass: groupOfNames
      cn: auditors
      member: uid=johnq,ou=people,dc=ibm,dc=com
      """;

  private static ServerProcess server;
  private static Endpoints endpoints;
  private static Path ldif;
  private static String content;

  @BeforeAll
  static void openEndpoints() {
    server = ChangedConfiguration.server();
    ldif = ChangedConfiguration.ldif();
    content = ServerProcess.read(ldif);
    endpoints = Endpoints.paused(server);
  }

  @AfterAll
  static void closeEndpoints() {
    endpoints.close();
  }

  @BeforeEach
  void signIn() {
    endpoints.signIn("johnq", IBM, CRUZ, 2);
    endpoints.signIn("johnq", IBM, WEBSEAL2, 1);
  }

  @AfterEach
  void restoreFile() {
    ChangedConfiguration.write(ldif, content);
    assertThat(refresh()).isPositive();
  }

  private static int refresh() {
    return endpoints.rmi().endpoint().server(CRUZ, "refreshAllSessions", "johnq", IBM).number();
  }

  private static List<?> groups() {
    return (List<?>) endpoints.sessions("johnq", IBM).get(0).get("groups");
  }

  @Test
  void aRefreshShowsTheNewGroupsAndKeepsIdsAndTimes() {
    List<Map<?, ?>> before = endpoints.sessions("johnq", IBM);

    ChangedConfiguration.append(ldif, NEW_GROUP);

    assertThat(endpoints.sessions("johnq", IBM)).as("until a refresh").isEqualTo(before);
    assertThat(refresh()).isEqualTo(before.size());
    List<Map<?, ?>> after = endpoints.sessions("johnq", IBM);
    assertThat(after).hasSameSizeAs(before);
    for (int i = 0; i < after.size(); i++) {
      assertThat(after.get(i).get("groups").toString()).isEqualTo("[auditors, employees]");
      assertThat(after.get(i).get("credentialVersion"))
          .isEqualTo((Long) before.get(i).get("credentialVersion") + 1);
      for (String kept : List.of("id", "server", "createdAt", "lastAccessAt", "expiresAt")) {
        assertThat(after.get(i).get(kept)).as(kept).isEqualTo(before.get(i).get(kept));
      }
    }
  }

  @Test
  void aNewSignInHasTheNewGroups() {
    endpoints.rmi().endpoint().server(CRUZ, "terminateAllSessions", "johnq", IBM);
    ChangedConfiguration.append(ldif, NEW_GROUP);

    endpoints.signIn("johnq", IBM, CRUZ, 1);

    assertThat(groups().toString()).isEqualTo("[auditors, employees]");
  }

  @Test
  void aBrokenEditKeepsTheLastGoodContentAndIsLogged() {
    int warnings = warnings();
    ChangedConfiguration.write(
        ldif, content.replace("dn: cn=employees", "cn=employees") + NEW_GROUP);

    assertThat(refresh()).isPositive();

    assertThat(groups().toString()).isEqualTo("[employees]");
    assertThat(warnings()).isEqualTo(warnings + 1);
    refresh();
    assertThat(warnings()).as("once").isEqualTo(warnings + 1);
    assertThat(server.err().lines().filter(line -> line.contains("users.ldif")).toList())
        .last()
        .asString()
        .containsPattern("users\\.ldif:\\d+: ");
  }

  @Test
  void aFileThatIsGoneKeepsTheLastGoodContent() throws IOException {
    int warnings = warnings();
    Files.delete(ldif);

    assertThat(refresh()).isPositive();

    assertThat(groups().toString()).isEqualTo("[employees]");
    assertThat(warnings()).isEqualTo(warnings + 1);
  }

  @Test
  void theServiceShowsSinceWhenTheFileCannotBeRead() {
    JolokiaClient jolokia = server.jolokia();
    assertThat(jolokia.read(SERVICE, "RegistryStaleSince")).isNull();
    assertThat(jolokia.read(SERVICE, "RegistryStaleSeconds")).isEqualTo(0L);

    Instant before = Instant.now();
    ChangedConfiguration.write(ldif, content + " \ndn: cn=auditors,ou=groups,dc=ibm,dc=com\n");

    assertThat(Instant.parse((String) jolokia.read(SERVICE, "RegistryStaleSince")))
        .isBetween(before, Instant.now());
    assertThat((Long) jolokia.read(SERVICE, "RegistryStaleSeconds")).isPositive();
    assertThat((String) jolokia.read(SERVICE, "RegistryFailure"))
        .contains("users.ldif:", "a second dn:");
    assertThat(jolokia.read(SERVICE, "RegistryAvailable")).isEqualTo(true);

    ChangedConfiguration.write(ldif, content);

    assertThat(jolokia.read(SERVICE, "RegistryStaleSince")).isNull();
    assertThat(jolokia.read(SERVICE, "RegistryFailure")).isEqualTo("");
  }

  private static int warnings() {
    return (int) server.err().lines().filter(line -> line.contains("WARN")).count();
  }

  @Test
  void aUserWhoWasTakenAwayKeepsSessionsUntilTheyAreTerminated() {
    List<Map<?, ?>> before = endpoints.sessions("johnq", IBM);
    ChangedConfiguration.write(ldif, content.replace("uid: johnq\n", "uid: johnqx\n"));
    Endpoint endpoint = endpoints.rmi().endpoint();

    assertThat(endpoint.server(CRUZ, "refreshAllSessions", "johnq", IBM).error())
        .startsWith("HPDMG0754W   ");
    assertThat(endpoint.server(CRUZ, "refreshSession", before.get(0).get("id"), IBM).error())
        .startsWith("HPDMG0754W   ");
    assertThat(endpoints.sessions("johnq", IBM)).isEqualTo(before);
    assertThat(endpoint.server(CRUZ, "terminateAllSessions", "johnq", IBM).number())
        .isEqualTo(before.size());
    ChangedConfiguration.write(ldif, content);
    endpoints.signIn("johnq", IBM, CRUZ, 1);
  }
}
