package org.smsjmx.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of the program: its own options, then a command or a file.
 *
 * @param login as whom to log in at the start, null if not at all
 * @param address where the JMX port is
 * @param tls null = none
 * @param timeoutSeconds how long to wait for a connection or an answer
 * @param json whether all answers are JSON
 * @param errorsToOut whether errors go to standard output, where answers go
 * @param historySize how many lines the terminal remembers at most
 * @param topic what to tell instead of doing anything: {@code help}, {@code version}, or null
 * @param words command or file, may be empty
 */
record Arguments(
    @Nullable Asked login,
    Address address,
    @Nullable ClientTls tls,
    int timeoutSeconds,
    boolean json,
    boolean errorsToOut,
    int historySize,
    @Nullable String topic,
    List<String> words) {

  private static final String DEFAULT_HOST = "127.0.0.1";
  private static final int DEFAULT_PORT = 9010;
  private static final int DEFAULT_TIMEOUT = 30;
  private static final int LONGEST_TIMEOUT = 86_400;
  private static final int DEFAULT_HISTORY = 500;
  private static final String DOMAIN = "Default";

  /**
   * A login that is asked for.
   *
   * @param account null = the local process
   * @param password null if not given
   * @param pid null = the only sms-jmx server
   */
  record Asked(@Nullable String account, @Nullable String password, @Nullable String pid) {}

  /** Where the JMX port is. */
  record Address(String host, int port) {}

  /**
   * Reads them.
   *
   * @throws Failure if they are wrong
   */
  static Arguments read(String[] arguments, Map<String, String> environment) throws Failure {
    boolean local = false;
    boolean json = false;
    String account = null;
    String password = null;
    String connect = null;
    String pid = null;
    String timeout = null;
    String trust = null;
    String certificate = null;
    String key = null;
    String errors = null;
    String domain = null;
    boolean managementDomain = false;
    String historySize = null;
    String lineLength = null;
    String topic = null;
    int next = 0;
    while (next < arguments.length && Line.isMarked(arguments[next]) && !"help".equals(topic)) {
      String name = Line.withoutMark(arguments[next++]);
      switch (name) {
        case "l", "local" -> local = true;
        case "json" -> json = true;
        case "m" -> managementDomain = true;
        case "h", "help", "?" -> topic = "help";
        case "v", "version" -> topic = "version";
        case "a",
            "p",
            "d",
            "I",
            "linelen",
            "histsize",
            "errors",
            "connect",
            "pid",
            "timeout",
            "trust",
            "certificate",
            "key" -> {
          if (next == arguments.length) {
            throw new Failure("option " + arguments[next - 1] + " needs a value");
          }
          String value = arguments[next++];
          switch (name) {
            case "a" -> account = value;
            case "p" -> password = value;
            case "d" -> domain = value;
            case "I" -> {
              // which instance's configuration to read: there is none to read here
            }
            case "linelen" -> lineLength = value;
            case "histsize" -> historySize = value;
            case "errors" -> errors = value;
            case "connect" -> connect = value;
            case "pid" -> pid = value;
            case "trust" -> trust = value;
            case "certificate" -> certificate = value;
            case "key" -> key = value;
            default -> timeout = value;
          }
        }
        default -> throw new Failure("unknown option " + arguments[next - 1]);
      }
    }
    if (local && account != null) {
      throw new Failure("-l and -a exclude each other");
    }
    if (password != null && account == null) {
      throw new Failure("-p goes with -a");
    }
    checkDomain(domain, managementDomain, account);
    if (lineLength != null && !isNumber(lineLength, 1, Integer.MAX_VALUE)) {
      throw new Failure("-linelen must be a number of characters, at least 1: " + lineLength);
    }
    if (historySize != null && !isNumber(historySize, 0, Integer.MAX_VALUE)) {
      throw new Failure("-histsize must be a number of commands: " + historySize);
    }
    String errorsGo = errors == null ? environment.getOrDefault("SMS_ERRORS", "stderr") : errors;
    if (!errorsGo.equals("stdout") && !errorsGo.equals("stderr")) {
      throw new Failure(
          (errors == null ? "SMS_ERRORS" : "--errors") + " must be stdout or stderr: " + errorsGo);
    }
    if ("version".equals(topic) && next < arguments.length) {
      throw new Failure("-v tells the version and goes with no command; leave it out");
    }
    if (connect != null && local) {
      throw new Failure("--connect goes with -a, not with -l");
    }
    if (pid != null && (!local || !isNumber(pid, 1, Integer.MAX_VALUE))) {
      throw new Failure("--pid goes with -l and needs the number of a process");
    }
    if (timeout != null && !isNumber(timeout, 1, LONGEST_TIMEOUT)) {
      throw new Failure("--timeout must be 1.." + LONGEST_TIMEOUT + " seconds: " + timeout);
    }
    if (trust == null) {
      trust = environment.get("SMS_TRUST");
    }
    if ((certificate == null) != (key == null) || (key != null && trust == null)) {
      throw new Failure("--certificate and --key go together, and with --trust");
    }
    String place = connect == null ? environment.getOrDefault("SMS_CONNECT", "") : connect;
    return new Arguments(
        local || account != null ? new Asked(account, password, pid) : null,
        address(place, connect == null ? "SMS_CONNECT" : "--connect"),
        trust == null ? null : new ClientTls(trust, certificate, key),
        timeout == null ? DEFAULT_TIMEOUT : Integer.parseInt(timeout),
        json,
        errorsGo.equals("stdout"),
        historySize == null ? DEFAULT_HISTORY : Integer.parseInt(historySize),
        topic,
        List.copyOf(List.of(arguments).subList(next, arguments.length)));
  }

  private static void checkDomain(
      @Nullable String domain, boolean managementDomain, @Nullable String account) throws Failure {
    if ((domain != null || managementDomain) && account == null) {
      throw new Failure("-d and -m go with -a");
    }
    if (domain != null && managementDomain) {
      throw new Failure("-d and -m exclude each other");
    }
    if (domain != null && !domain.equals(DOMAIN)) {
      throw new Failure("there is no domain " + domain + "; the only one is " + DOMAIN);
    }
  }

  private static Address address(String place, String source) throws Failure {
    if (place.isEmpty()) {
      return new Address(DEFAULT_HOST, DEFAULT_PORT);
    }
    int colon = place.lastIndexOf(':');
    String host = place.substring(0, Math.max(0, colon));
    String port = place.substring(colon + 1);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    if (host.isEmpty() || !isNumber(port, 1, 65535) || (host.indexOf(':') >= 0 && !bracketed)) {
      throw new Failure(
          source
              + " must be HOST:PORT, with an IPv6 address in square brackets, port 1..65535: "
              + place);
    }
    return new Address(
        bracketed ? host.substring(1, host.length() - 1) : host, Integer.parseInt(port));
  }

  private static boolean isNumber(String text, int least, int most) {
    try {
      int number = Integer.parseInt(text);
      return number >= least && number <= most;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  /** Returns what --help prints. */
  static List<String> usage() {
    List<String> lines = new ArrayList<>();
    lines.add("Usage: pdadmin [-l | -a ADMIN [-p PASSWORD]] [OPTION...] [COMMAND | FILE]");
    lines.add("Administers sessions: in single commands, from a file or standard input with one");
    lines.add("command a line, or, without both at a terminal, interactively.");
    lines.add("");
    lines.add("  -l                   log in to the sms-jmx process of the same operating-system");
    lines.add("                       user, without a password");
    lines.add("  --pid N              with -l: to this process, of several, or of any application");
    lines.add("                       that has MBeans sms:type=Server");
    lines.add("  -a ADMIN             log in with an account at the JMX port");
    lines.add("  -p PASSWORD          its password. Better not: other users of this machine can");
    lines.add("                       read it in the process list. Without it SMS_ADMIN_PASSWORD");
    lines.add("                       is taken, or the terminal asks");
    lines.add("  --connect HOST:PORT  with -a: the JMX port (default: SMS_CONNECT, or");
    lines.add("                       127.0.0.1:9010)");
    lines.add("  --trust FILE         connect by TLS; the file (PEM) holds the certificate of the");
    lines.add("                       server, or of those who vouch for it (default: SMS_TRUST)");
    lines.add("  --certificate FILE --key FILE");
    lines.add("                       with --trust: one's own certificate (PEM) and its key, if");
    lines.add("                       the server asks for one");
    lines.add(
        "  --timeout SECONDS    how long to wait for a connection or an answer (default: 30)");
    lines.add("  -d Default, -m       with -a: the domain; there is no other here");
    lines.add("  -I NAME, -linelen N  taken from old scripts; without effect, for there is no");
    lines.add("                       configuration to choose, and no line is cut");
    lines.add("  -histsize N          how many commands the terminal remembers (default: 500)");
    lines.add(
        "  --errors stdout      print errors where answers go, not on standard error (default:");
    lines.add("                       SMS_ERRORS, or stderr)");
    lines.add("  --json               answer as JSON, one line for each command");
    lines.add("  --help, --version    -v too; with no command");
    lines.add("");
    lines.add("pdadmin help lists the commands. A single argument that does not begin with the");
    lines.add("word of a command is taken for the name of a file.");
    lines.add("");
    lines.add("Environment: SMS_ADMIN_PASSWORD, SMS_CONNECT, SMS_ERRORS, SMS_TRUST");
    lines.add("Exit codes: 0 done, 1 failed (from a file or standard input: any command failed)");
    return lines;
  }
}
