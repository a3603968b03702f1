package org.smsjmx;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.smsjmx.config.ConfigException;
import org.smsjmx.management.Management;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;

/** The command {@code sms-server}: starts the service and keeps it running. */
@Command(
    name = "sms-server",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    sortOptions = false,
    usageHelpWidth = 100,
    description = {
      "Starts the session management server: one MBean for each server, reached by JMX and HTTP.",
      ""
    },
    footer = {
      "",
      "Environment:",
      "  SMS_ADMIN_PASSWORD  becomes the password of the account sec_master at every start.",
      "                      Without it a random one is made at the first start, and shown once.",
      "",
      "Exit codes: 0 ended, 1 could not start, 2 wrong command line"
    })
public final class Main implements Callable<Integer> {

  private static final String HOME = "${sys:sms.home:-.}/jmx-config/";

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "configuration (default: jmx-config/sms.yaml)",
      defaultValue = HOME + "sms.yaml")
  private Path config = Path.of("");

  @Option(
      names = "--http-port",
      paramLabel = "N",
      description = "instead of http.port; 0 = any free one")
  private @Nullable Integer httpPort;

  @Option(
      names = "--jmx-port",
      paramLabel = "N",
      description = "instead of jmx.port; 0 = any free one")
  private @Nullable Integer jmxPort;

  @Option(
      names = "--sessions",
      paramLabel = "N",
      description = "sessions to begin with, instead of simulation.sessions")
  private @Nullable Integer sessions;

  @Option(
      names = "--users",
      paramLabel = "N",
      description = "simulated users, instead of simulation.users")
  private @Nullable Integer users;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "accounts and audit; made when missing (default: jmx-config/data)",
      defaultValue = HOME + "data")
  private Path data = Path.of("");

  private final PrintStream out;
  private final PrintStream err;

  private Main(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  public static void main(String[] args) {
    System.exit(run(args, System.out, System.err));
  }

  /** Runs the command; returns its exit code, if it is not ended by a signal. */
  static int run(String[] args, PrintStream out, PrintStream err) {
    return new CommandLine(new Main(out, err)).execute(args);
  }

  @Override
  public Integer call() throws InterruptedException {
    long begun = System.nanoTime();
    Service service;
    try {
      Service.Options options =
          new Service.Options(
              config,
              data,
              System.getenv("SMS_ADMIN_PASSWORD"),
              httpPort,
              jmxPort,
              sessions,
              users);
      service = Service.start(options, this::showProgress);
    } catch (ConfigException | IOException e) {
      err.println("sms-server: " + e.getMessage());
      return 1;
    } catch (RuntimeException e) {
      err.println("sms-server: could not start: " + e);
      return 1;
    }
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(service), "shutdown"));
    double seconds = (System.nanoTime() - begun) / 1e9;
    out.printf(Locale.ROOT, "sms-jmx ready in %.1f s%n", seconds);
    service.facts().forEach((what, value) -> out.printf("  %-9s %s%n", what, value));
    out.flush();
    new CountDownLatch(1).await();
    return 0;
  }

  /** A signal is the ordinary way to end, so the exit code is 0. */
  private void end(Service service) {
    int code = 0;
    try {
      service.close();
      ClassArchive.writeIfAsked();
    } catch (RuntimeException e) {
      err.println("sms-server: did not end cleanly: " + e.getMessage());
      code = 1;
    }
    Runtime.getRuntime().halt(code);
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

  /** Tells the version. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {
        "sms-jmx %s, Java %s".formatted(Management.version(), Runtime.version())
      };
    }
  }
}
