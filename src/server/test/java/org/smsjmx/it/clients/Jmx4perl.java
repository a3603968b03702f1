package org.smsjmx.it.clients;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.smsjmx.fixture.Endpoint;
import org.smsjmx.fixture.ServerProcess;
import org.smsjmx.fixture.Tools;
import org.smsjmx.fixture.Tools.Ran;

/** The command line jmx4perl, installed or unpacked in {@code /opt/jmx4perl}. */
final class Jmx4perl implements Endpoint {

  private static final Path UNPACKED = Path.of("/opt/jmx4perl");
  private static final String ERROR = "ERROR: ";

  private final ServerProcess server;
  private final String account;
  private final String password;

  Jmx4perl(ServerProcess server, String account, String password) {
    assumeInstalled();
    this.server = server;
    this.account = account;
    this.password = password;
  }

  static void assumeInstalled() {
    assumeTrue(
        Tools.isInstalled("jmx4perl")
            || Tools.isInstalled("perl") && Files.isDirectory(UNPACKED.resolve("scripts")),
        "jmx4perl is not installed");
  }

  /** Runs one of its programs. */
  static Ran run(String program, String input, List<String> arguments) {
    List<String> command = new ArrayList<>();
    if (Tools.isInstalled("jmx4perl")) {
      command.add(program);
    } else {
      command.addAll(
          List.of(
              "perl", "-I" + UNPACKED.resolve("lib"), UNPACKED.resolve("scripts/" + program) + ""));
    }
    command.addAll(arguments);
    // its arguments are UTF-8
    return Tools.run(
        Map.of("PERL_UNICODE", "A", "LC_ALL", "C.UTF-8", "PAGER", "cat", "TERM", "dumb"),
        input,
        command);
  }

  /** Runs {@code jmx4perl} as this account. */
  Ran run(String... arguments) {
    List<String> all =
        new ArrayList<>(
            List.of(server.http() + "/jolokia", "--user", account, "--password", password));
    all.addAll(List.of(arguments));
    return run("jmx4perl", "", all);
  }

  @Override
  public Outcome call(String mbean, String operation, Object... arguments) {
    List<String> words = new ArrayList<>(List.of("exec", mbean, operation));
    Arrays.stream(arguments).map(Object::toString).forEach(words::add);
    Ran ran = run(words.toArray(String[]::new));
    if (ran.exitCode() == 0) {
      return new Outcome(Long.valueOf(ran.out().lines().toList().get(1)), 200, "");
    }
    if (!ran.err().startsWith(ERROR)) {
      throw new AssertionError(ran);
    }
    String error = ran.err().substring(ERROR.length());
    return new Outcome(null, error.startsWith("CTGSI0303E") ? 403 : 500, error);
  }

  @Override
  public String toString() {
    return "jmx4perl";
  }
}
