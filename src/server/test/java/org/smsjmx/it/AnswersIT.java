package org.smsjmx.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smsjmx.fixture.Endpoints.CRUZ;
import static org.smsjmx.fixture.Endpoints.IBM;
import static org.smsjmx.fixture.JolokiaClient.exec;
import static org.smsjmx.fixture.JolokiaClient.outcome;
import static org.smsjmx.fixture.JolokiaClient.parse;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.management.openmbean.CompositeData;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.smsjmx.fixture.ChangedConfiguration;
import org.smsjmx.fixture.Endpoint.Outcome;
import org.smsjmx.fixture.JolokiaClient;
import org.smsjmx.fixture.Rmi;
import org.smsjmx.fixture.ServerProcess;

/** Large answers, at a server with little memory. */
@Tag("packages")
final class AnswersIT {

  private static final String SERVER = "sms:type=Server,name=" + CRUZ;
  private static final String STRING = String.class.getName();
  private static final int MOST = 10_000;
  private static final int FEWER = MOST - 100;
  private static final int MANY = 20_000;

  private static ServerProcess server;
  private static JolokiaClient viewer;

  @BeforeAll
  static void start() {
    Path configuration = ServerProcess.copyOfConfiguration();
    ChangedConfiguration.replace(
        configuration.resolve("sms.yaml"),
        "  sec_master: administer\n",
        "  sec_master: administer\n  viewer: view\n");
    Path data = ServerProcess.temporaryDirectory("data");
    ServerProcess.accountFile(data, "viewer look");
    server =
        ServerProcess.start()
            .environment("JAVA_TOOL_OPTIONS", "-Xmx384m")
            .config(configuration)
            .data(data)
            .option("--sessions", "0")
            .ready();
    viewer = server.jolokia("viewer", "look");
    signIn("dlucas", MANY);
    signIn("johnq", FEWER);
  }

  private static void signIn(String user, int count) {
    Outcome done =
        server.jolokia().byPost().call("sms:type=Simulation", "signIn", user, IBM, CRUZ, count);
    assertThat(done.number()).isEqualTo(count);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Outcome list(String user, int maximum) {
    return viewer.byPost().server(CRUZ, "listSessions", user, IBM, maximum);
  }

  @Test
  void asManySessionsAreListedAsFitAndMoreAreRefusedWithTheLimit() {
    assertThat(list("johnq", Integer.MAX_VALUE).status()).isEqualTo(200);
    assertThat(list("dlucas", MOST).status()).isEqualTo(200);

    Outcome refused = list("dlucas", MOST + 1);

    assertThat(refused.status()).isNotEqualTo(200);
    assertThat(refused.error()).startsWith("CTGSI0313E   ").contains("10000", "200");
  }

  @Test
  void listsOfListsAreSentWhileTheyAreMadeAndEndAtALimitThatTheyName() throws Exception {
    String body =
        Collections.nCopies(200, exec(SERVER, "listSessions", "johnq", IBM, MOST)).toString();
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      List<Future<HttpResponse<String>>> answers = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        answers.add(threads.submit(() -> viewer.post(body)));
      }
      for (Future<HttpResponse<String>> answer : answers) {
        while (!answer.isDone()) {
          assertThat(server.jolokia().byPost().server(CRUZ, "terminateAllSessions", "nobody", IBM))
              .matches(outcome -> outcome.number() == 0);
        }
        List<?> members = (List<?>) parse(answer.get().body());
        assertThat(members).hasSize(200);
        assertThat(outcome(members.get(0)).status()).isEqualTo(200);
        assertThat(outcome(members.get(199)).status()).isEqualTo(413);
        assertThat(outcome(members.get(199)).error()).contains(String.valueOf(64 << 20));
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(server.err()).doesNotContain("OutOfMemoryError", " ERROR ");
  }

  @Test
  void manyLargeAnswersToJmxClientsAreMadeOneAfterTheOther() throws Exception {
    ExecutorService threads = Executors.newCachedThreadPool();
    List<Rmi> clients = new ArrayList<>();
    try {
      for (int i = 0; i < 40; i++) {
        clients.add(server.rmi("viewer", "look"));
      }
      CyclicBarrier together = new CyclicBarrier(clients.size());
      List<Future<Integer>> answers = new ArrayList<>();
      for (Rmi client : clients) {
        answers.add(
            threads.submit(
                () -> {
                  together.await();
                  return ((CompositeData[])
                          ((CompositeData)
                                  client
                                      .connection()
                                      .invoke(
                                          Rmi.name(SERVER),
                                          "listSessions",
                                          new Object[] {"dlucas", IBM, MOST},
                                          new String[] {STRING, STRING, "int"}))
                              .get("sessions"))
                      .length;
                }));
      }
      for (Future<Integer> answer : answers) {
        assertThat(answer.get()).isEqualTo(MOST);
      }
    } finally {
      threads.shutdownNow();
      clients.forEach(Rmi::close);
    }
    assertThat(server.err()).doesNotContain("OutOfMemoryError", " ERROR ");
  }
}
