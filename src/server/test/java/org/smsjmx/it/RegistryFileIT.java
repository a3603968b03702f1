package org.smsjmx.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smsjmx.fixture.Doors.CRUZ;
import static org.smsjmx.fixture.Doors.IBM;
import static org.smsjmx.fixture.Doors.WEBSEAL2;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smsjmx.fixture.ChangedConfiguration;
import org.smsjmx.fixture.Door;
import org.smsjmx.fixture.Doors;
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
  private static Doors doors;
  private static Path ldif;
  private static String content;

  @BeforeAll
  static void openDoors() {
    server = ChangedConfiguration.server();
    ldif = ChangedConfiguration.ldif();
    content = ServerProcess.read(ldif);
    doors = Doors.paused(server);
  }

  @AfterAll
  static void closeDoors() {
    doors.close();
  }

  @BeforeEach
  void signIn() {
    doors.signIn("johnq", IBM, CRUZ, 2);
    doors.signIn("johnq", IBM, WEBSEAL2, 1);
  }

  @AfterEach
  void restoreFile() {
    ChangedConfiguration.write(ldif, content);
    assertThat(refresh()).isPositive();
  }

  private static int refresh() {
    return doors.rmi().door().server(CRUZ, "refreshAllSessions", "johnq", IBM).number();
  }

  private static List<?> groups() {
    return (List<?>) doors.sessions("johnq", IBM).get(0).get("groups");
  }

  @Test
  void aRefreshShowsTheNewGroupsAndKeepsIdsAndTimes() {
    List<Map<?, ?>> before = doors.sessions("johnq", IBM);

    ChangedConfiguration.append(ldif, NEW_GROUP);

    assertThat(doors.sessions("johnq", IBM)).as("until a refresh").isEqualTo(before);
    assertThat(refresh()).isEqualTo(before.size());
    List<Map<?, ?>> after = doors.sessions("johnq", IBM);
    assertThat(after).hasSameSizeAs(before);
    for (int i = 0; i < after.size(); i++) {
      assertThat(after.get(i).get("groups").toString()).isEqualTo("[employees, auditors]");
      assertThat(after.get(i).get("credentialVersion"))
          .isEqualTo((Long) before.get(i).get("credentialVersion") + 1);
      for (String kept : List.of("id", "server", "createdAt", "lastAccessAt", "expiresAt")) {
        assertThat(after.get(i).get(kept)).as(kept).isEqualTo(before.get(i).get(kept));
      }
    }
  }

  @Test
  void aNewSignInHasTheNewGroups() {
    doors.rmi().door().server(CRUZ, "terminateAllSessions", "johnq", IBM);
    ChangedConfiguration.append(ldif, NEW_GROUP);

    doors.signIn("johnq", IBM, CRUZ, 1);

    assertThat(groups().toString()).isEqualTo("[employees, auditors]");
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

  private static int warnings() {
    return (int) server.err().lines().filter(line -> line.contains("WARN")).count();
  }

  @Test
  void aUserWhoWasTakenAwayKeepsSessionsUntilTheyAreTerminated() {
    List<Map<?, ?>> before = doors.sessions("johnq", IBM);
    ChangedConfiguration.write(ldif, content.replace("uid: johnq\n", "uid: johnqx\n"));
    Door door = doors.rmi().door();

    assertThat(door.server(CRUZ, "refreshAllSessions", "johnq", IBM).error())
        .startsWith("HPDMG0754W   ");
    assertThat(door.server(CRUZ, "refreshSession", before.get(0).get("id"), IBM).error())
        .startsWith("HPDMG0754W   ");
    assertThat(doors.sessions("johnq", IBM)).isEqualTo(before);
    assertThat(door.server(CRUZ, "terminateAllSessions", "johnq", IBM).number())
        .isEqualTo(before.size());
    ChangedConfiguration.write(ldif, content);
    doors.signIn("johnq", IBM, CRUZ, 1);
  }
}
