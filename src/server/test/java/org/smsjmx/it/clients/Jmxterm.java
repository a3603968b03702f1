package org.smsjmx.it.clients;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.smsjmx.fixture.Endpoint;
import org.smsjmx.fixture.ServerProcess;
import org.smsjmx.fixture.Tools;
import org.smsjmx.fixture.Tools.Ran;

/** The command line jmxterm. */
final class Jmxterm implements Endpoint {

  private static final Pattern REFUSED =
      Pattern.compile("#\\w+: java\\.lang\\.(\\w+): (.*)|#(SecurityException): (.*)");

  private final List<String> command = new ArrayList<>();

  Jmxterm(ServerProcess server, String account, String password) {
    this(List.of(), List.of(), server, account, password);
  }

  /** Makes one that comes by TLS, with options of its JVM for that. */
  static Jmxterm tls(List<String> jvm, ServerProcess server, String account, String password) {
    return new Jmxterm(jvm, List.of("-s"), server, account, password);
  }

  private Jmxterm(
      List<String> jvm, List<String> own, ServerProcess server, String account, String password) {
    command.addAll(List.of(Tools.java(), "-Dfile.encoding=UTF-8"));
    command.addAll(jvm);
    command.addAll(List.of("-jar", Tools.jar("jmxterm-uber").toString()));
    command.addAll(own);
    command.addAll(
        List.of(
            "-n",
            // else failures exit with 0
            "-e",
            "-v",
            "brief",
            "-l",
            server.jmx().toString(),
            "-u",
            account,
            "-p",
            password));
  }

  @Override
  public Outcome call(String mbean, String operation, Object... arguments) {
    String line =
        Arrays.stream(arguments)
            .map(Jmxterm::word)
            .collect(Collectors.joining(" ", "run -b " + mbean + " " + operation + " ", "\n"));
    Ran ran = run(line);
    Matcher refused = REFUSED.matcher(ran.err());
    if (ran.exitCode() == 0) {
      return new Outcome(Long.valueOf(ran.out().strip()), 200, "");
    }
    if (!refused.find()) {
      throw new AssertionError(ran);
    }
    boolean denied = "SecurityException".equals(refused.group(1)) || refused.group(3) != null;
    String error = refused.group(2) == null ? refused.group(4) : refused.group(2);
    return new Outcome(null, denied ? 403 : 500, error);
  }

  /** Runs lines of jmxterm's commands. */
  Ran run(String lines) {
    return Tools.run(Map.of("LC_ALL", "C.UTF-8"), lines, command);
  }

  /** A blank is written with a backslash, a backslash as four, the empty text as two quotes. */
  private static String word(Object argument) {
    String text = argument.toString();
    return text.isEmpty() ? "\"\"" : text.replace("\\", "\\\\\\\\").replace(" ", "\\ ");
  }

  @Override
  public String toString() {
    return "jmxterm";
  }
}
