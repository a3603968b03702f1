package org.smsjmx.server;

import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.lang.management.RuntimeMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.HelpFormatter;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.smsjmx.config.ConfigException;
import org.smsjmx.management.Management;
import org.smsjmx.runtime.ClassArchive;
import org.smsjmx.runtime.RequiredModules;

/** The command {@code sms-server}: starts the service and keeps it running. */
public final class Main {

  private static final int HELP_WIDTH = 100;

  private static final String WHAT =
      "Starts the session management server: one MBean for each server, reached by JMX and HTTP.";

  private static final String MORE =
      """

      Environment:
        SMS_ADMIN_PASSWORD  becomes the password of the account sec_master at every start.
                            Without it a random one is made at the first start, and shown once.

      Exit codes: 0 ended, 1 could not start, 2 wrong command line, 3 out of memory, or a part that
      everything needs has ended
      """;

  private static final Option CONFIG =
      option("config", "FILE", "configuration (default: jmx-config/sms.yaml)");
  private static final Option HTTP_PORT =
      option("http-port", "N", "instead of http.port; 0 = any free one");
  private static final Option JMX_PORT =
      option("jmx-port", "N", "instead of jmx.port; 0 = any free one");
  private static final Option SESSIONS =
      option("sessions", "N", "sessions to begin with, instead of simulation.sessions");
  private static final Option USERS =
      option("users", "N", "simulated users, instead of simulation.users");
  private static final Option DATA =
      option("data", "DIR", "accounts and audit; made when missing (default: jmx-config/data)");
  private static final Option HELP = new Option("h", "help", false, "tells this");
  private static final Option VERSION = new Option("V", "version", false, "tells the version");

  /** With what they require themselves; src/docs/operations.md says what for. */
  static final List<String> MODULES =
      List.of(
          "java.management.rmi",
          "java.xml",
          "jdk.httpserver",
          "jdk.management.agent",
          "jdk.security.auth");

  /** As Java ends where there is no memory. */
  private static final int EXIT_BROKEN = 3;

  private final PrintStream out;
  private final PrintStream err;
  private volatile int exitCode;

  private Main(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  public static void main(String[] args) {
    System.exit(run(args, System.out, System.err));
  }

  /** Runs the command; returns its exit code, if it is not ended by a signal. */
  static int run(String[] args, PrintStream out, PrintStream err) {
    return new Main(out, err).run(args);
  }

  private int run(String[] args) {
    Options known = new Options();
    for (Option option :
        new Option[] {CONFIG, HTTP_PORT, JMX_PORT, SESSIONS, USERS, DATA, HELP, VERSION}) {
      known.addOption(option);
    }
    try {
      CommandLine line =
          DefaultParser.builder()
              .setAllowPartialMatching(false)
              .setStripLeadingAndTrailingQuotes(false)
              .build()
              .parse(known, args);
      if (line.hasOption(HELP)) {
        showHelp(known);
        return 0;
      }
      if (line.hasOption(VERSION)) {
        out.printf("sms-jmx %s, Java %s%n", Management.version(), Runtime.version());
        return 0;
      }
      Service.Options options = options(line);
      String missing = RequiredModules.missing(MODULES);
      if (missing != null) {
        err.println("sms-server: " + missing);
        return 1;
      }
      return serve(options);
    } catch (ParseException e) {
      err.println("sms-server: " + e.getMessage() + "; --help tells the options");
      return 2;
    }
  }

  private static Option option(String name, String value, String description) {
    return Option.builder().longOpt(name).hasArg().argName(value).desc(description).build();
  }

  private void showHelp(Options known) {
    HelpFormatter formatter = new HelpFormatter();
    formatter.setOptionComparator(null);
    formatter.setLongOptSeparator("=");
    formatter.setSyntaxPrefix("Usage: ");
    PrintWriter writer = new PrintWriter(out, false, StandardCharsets.UTF_8);
    formatter.printHelp(
        writer, HELP_WIDTH, "sms-server [options]", WHAT + "\n\n", known, 2, 3, MORE);
    writer.flush();
  }

  private static Service.Options options(CommandLine line) throws ParseException {
    if (!line.getArgList().isEmpty()) {
      throw new ParseException("Unexpected argument: " + line.getArgList().get(0));
    }
    String home = System.getProperty("sms.home", ".") + "/jmx-config/";
    return new Service.Options(
        path(line, CONFIG, home + "sms.yaml"),
        path(line, DATA, home + "data"),
        System.getenv("SMS_ADMIN_PASSWORD"),
        number(line, HTTP_PORT),
        number(line, JMX_PORT),
        number(line, SESSIONS),
        number(line, USERS));
  }

  private static @Nullable String value(CommandLine line, Option option) throws ParseException {
    String[] values = line.getOptionValues(option);
    if (values != null && values.length > 1) {
      throw new ParseException("--%s is given twice".formatted(option.getLongOpt()));
    }
    return values == null ? null : values[0];
  }

  private static Path path(CommandLine line, Option option, String otherwise)
      throws ParseException {
    String value = value(line, option);
    try {
      return Path.of(value == null ? otherwise : value);
    } catch (InvalidPathException e) {
      throw new ParseException("--%s: %s".formatted(option.getLongOpt(), e.getMessage()));
    }
  }

  private static @Nullable Integer number(CommandLine line, Option option) throws ParseException {
    String value = value(line, option);
    try {
      return value == null ? null : Integer.valueOf(value);
    } catch (NumberFormatException e) {
      throw new ParseException(
          "--%s must be a whole number: %s".formatted(option.getLongOpt(), value));
    }
  }

  private int serve(Service.Options options) {
    Service service;
    try {
      service = Service.start(options, this::showProgress);
    } catch (ConfigException | IOException e) {
      err.println("sms-server: " + e.getMessage());
      return 1;
    } catch (RuntimeException | Error e) {
      err.println("sms-server: could not start: " + e);
      return 1;
    }
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(service), "shutdown"));
    // since Java was started; formatted by hand, since String.format takes 0.05 s the first time
    RuntimeMXBean java = ManagementFactory.getRuntimeMXBean();
    long hundredths = (java.getUptime() + 5) / 10;
    String fraction = Long.toString(100 + hundredths % 100).substring(1);
    out.println(
        "sms-jmx ready in " + hundredths / 100 + "." + fraction + " s, process " + java.getPid());
    service.facts().forEach((what, value) -> out.printf("  %-9s %s%n", what, value));
    out.flush();
    // a signal ends this before
    err.println("sms-server: " + service.awaitBroken() + "; the server ends");
    exitCode = EXIT_BROKEN;
    return exitCode;
  }

  /** A signal is the ordinary way to end, so the exit code is 0. */
  private void end(Service service) {
    int code = exitCode;
    try {
      service.close();
      if (exitCode == 0) {
        writeArchive();
      }
    } catch (RuntimeException e) {
      err.println("sms-server: did not end cleanly: " + e.getMessage());
      code = 1;
    }
    Runtime.getRuntime().halt(code);
  }

  private static void writeArchive() {
    try {
      ClassArchive.writeIfAsked(Main.class);
    } catch (IOException e) {
      LoggerFactory.getLogger(Main.class).debug("no archive of classes", e);
    }
  }

  private void showProgress(int done, int wanted) {
    if (Boolean.getBoolean("sms.terminal") && wanted >= 100_000) {
      int percent = (int) (100L * done / wanted);
      String bar = "#".repeat(percent / 4) + " ".repeat(25 - percent / 4);
      err.printf("\rsigning in [%s] %d of %d sessions", bar, done, wanted);
      if (done >= wanted) {
        err.println();
      }
    }
  }
}
