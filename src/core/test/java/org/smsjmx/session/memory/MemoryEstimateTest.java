package org.smsjmx.session.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.lang.ref.Reference;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smsjmx.session.Credential;
import org.smsjmx.session.SessionTable;
import org.smsjmx.session.SessionTimeouts;
import org.smsjmx.session.SignIns;
import org.smsjmx.session.UserInRealm;

/** Measures the heap in a JVM of its own, before and after sign-ins, and after the last end. */
final class MemoryEstimateTest {

  @ParameterizedTest(name = "{0} users with {1} sessions each")
  @CsvSource({"50000, 4", "200000, 1", "20, 10000"})
  void theEstimateIsCloseAndWhatSessionsTookIsGivenBack(int users, int sessions) throws Exception {
    List<Long> measured = measure(users, sessions);
    long taken = measured.get(0);
    long estimated = measured.get(1);
    long left = measured.get(2);
    assertThat(estimated).isCloseTo(taken, withinPercentage(30));
    assertThat(left).isLessThan(taken / 10);
  }

  private static List<Long> measure(int users, int sessions) throws Exception {
    Process jvm =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseG1GC",
                "-cp",
                System.getProperty("java.class.path"),
                Measured.class.getName(),
                Integer.toString(users),
                Integer.toString(sessions))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    List<Long> numbers = new ArrayList<>();
    try (var lines = jvm.inputReader()) {
      lines.lines().map(Long::valueOf).forEach(numbers::add);
    }
    assertThat(jvm.waitFor()).isZero();
    return numbers;
  }

  /**
   * Prints the bytes that the table takes, what it estimates, and what is left when all is over.
   */
  static final class Measured {

    public static void main(String[] args) {
      int users = Integer.parseInt(args[0]);
      int sessions = Integer.parseInt(args[1]);
      SessionTable table =
          new InMemorySessionTable(SessionTimeouts.DEFAULT, InstantSource.system());
      Credential credential = new Credential("any", List.of(), Map.of());

      signIn(table, credential, 1, 1);
      table.terminateAll(user(0));
      long before = used();
      signIn(table, credential, users, sessions);
      System.out.println(used() - before);
      System.out.println(table.memoryBytes());
      for (int i = 0; i < users; i++) {
        table.terminateAll(user(i));
      }
      table.expire(); // as servers do every second
      System.out.println(used() - before);
      Reference.reachabilityFence(table);
    }

    /** As servers do: each sign-in brings its own copy of the name. */
    private static void signIn(SessionTable table, Credential credential, int users, int sessions) {
      for (int session = 0; session < sessions; session++) {
        for (int i = 0; i < users; i++) {
          UserInRealm user = user(i);
          SignIns.enter(table, user, "cruz", credential, table.beginSignIn());
        }
      }
    }

    private static UserInRealm user(int number) {
      return new UserInRealm("user%06d".formatted(number), "ibm.com");
    }

    private static long used() {
      for (int i = 0; i < 5; i++) { // one is not thorough
        System.gc();
      }
      return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
  }
}
