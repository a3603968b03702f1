package org.smsjmx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.smsjmx.Tools.Ran;

/** Our scripts {@code sms-terminate} and {@code sms-refresh}. */
final class Script implements Door {

  private static final Pattern DONE = Pattern.compile("(\\d+) sessions? of .*\n");
  private static final Map<String, String> SCRIPTS =
      Map.of("terminateAllSessions", "sms-terminate", "refreshAllSessions", "sms-refresh");

  private final String shell;
  private final String account;
  private final Map<String, String> environment;

  /**
   * Makes one.
   *
   * @param shell which runs them
   */
  Script(String shell, ServerProcess server, String account, String password) {
    this.shell = shell;
    this.account = account;
    this.environment =
        Map.of("SMS_URL", server.http() + "/jolokia", "SMS_ADMIN_PASSWORD", password);
  }

  @Override
  public Outcome call(String mbean, String operation, Object... arguments) {
    List<String> words = new ArrayList<>(List.of("--account", account));
    words.addAll(List.of("--server", mbean.replaceFirst(".*name=", ""), "--"));
    Arrays.stream(arguments).map(Object::toString).forEach(words::add);
    Ran ran = run(SCRIPTS.get(operation), words.toArray(String[]::new));
    Matcher done = DONE.matcher(ran.out());
    if (ran.exitCode() == 0 && done.matches()) {
      return new Outcome(Long.valueOf(done.group(1)), 200, "");
    }
    if (ran.exitCode() != 1 || !ran.out().isEmpty()) {
      throw new AssertionError(ran);
    }
    String error = ran.err().strip().replaceFirst("^sms-\\w+: ", "");
    return new Outcome(null, error.startsWith("CTGSI0303E") ? 403 : 500, error);
  }

  /** Runs one of our scripts. */
  Ran run(String script, String... arguments) {
    Tools.assumeInstalled(shell);
    Tools.assumeInstalled("curl");
    List<String> command = new ArrayList<>(List.of(shell, path(script)));
    command.addAll(List.of(arguments));
    return Tools.run(environment, "", command);
  }

  static String path(String script) {
    return ServerProcess.installation().resolve("scripts").resolve(script).toString();
  }

  @Override
  public String toString() {
    return "scripts in " + shell;
  }
}
