package org.smsjmx.cli;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.smsjmx.runtime.ClassArchive;
import org.smsjmx.runtime.RequiredModules;

/** The command {@code pdadmin}: administers sessions from the command line. */
public final class Pdadmin {

  private static final int DONE = 0;
  private static final int FAILED = 1;

  /** With what it requires itself. */
  static final List<String> MODULES = List.of("java.management.rmi");

  private final Map<String, String> environment;
  private final InputStream in;
  private final Output output;
  private final boolean atTerminal;

  /** Whether commands were done with a login, so that the classes are those of the next run. */
  private boolean typical;

  private Pdadmin(
      Map<String, String> environment,
      InputStream in,
      PrintStream out,
      PrintStream err,
      boolean atTerminal) {
    this.environment = environment;
    this.in = in;
    this.output = new Output(out, err);
    this.atTerminal = atTerminal;
  }

  public static void main(String[] arguments) {
    PrintStream out = utf8(FileDescriptor.out);
    PrintStream err = utf8(FileDescriptor.err);
    // said by the script: not every Java runtime can tell whether standard input is a terminal
    boolean atTerminal = Boolean.getBoolean("sms.interactive");
    Pdadmin pdadmin = new Pdadmin(System.getenv(), System.in, out, err, atTerminal);
    int code = pdadmin.run(arguments);
    if (pdadmin.typical) {
      writeArchive();
    }
    System.exit(code);
  }

  private static void writeArchive() {
    try {
      ClassArchive.writeIfAsked(Pdadmin.class);
    } catch (IOException e) {
      // it starts without one too, only later
    }
  }

  private static PrintStream utf8(FileDescriptor descriptor) {
    return new PrintStream(
        new BufferedOutputStream(new FileOutputStream(descriptor)), false, StandardCharsets.UTF_8);
  }

  /**
   * Runs the program without a terminal.
   *
   * @return its exit code
   */
  static int run(
      String[] arguments,
      Map<String, String> environment,
      InputStream in,
      PrintStream out,
      PrintStream err) {
    return new Pdadmin(environment, in, out, err, false).run(arguments);
  }

  private int run(String[] given) {
    Arguments arguments;
    try {
      arguments = Arguments.read(given, environment);
    } catch (Failure e) {
      output.misuse(e.text());
      return FAILED;
    }
    if (arguments.errorsToOut()) {
      output.sendErrorsToOut();
    }
    if ("help".equals(arguments.topic())) {
      output.answer(new Answer(Arguments.usage(), null), false);
      return DONE;
    }
    if ("version".equals(arguments.topic())) {
      output.answer(Answer.sentence(version(), ""), false);
      return DONE;
    }
    String missing = RequiredModules.missing(MODULES);
    if (missing != null) {
      output.failure(new Failure(missing + "."), null);
      return FAILED;
    }
    try (Console console = atTerminal ? new Console(arguments.historySize()) : null;
        Shell shell = new Shell(arguments, environment, output, console)) {
      boolean done = run(arguments.words(), shell, console);
      typical = done && shell.hasLoggedIn();
      return done ? DONE : FAILED;
    } catch (Failure e) {
      output.failure(e, null);
    } catch (IOException e) {
      output.failure(new Failure(Connection.reason(e)), null);
    }
    return FAILED;
  }

  private static String version() {
    String version = Pdadmin.class.getPackage().getImplementationVersion();
    return "sms-jmx "
        + (version == null ? "development" : version)
        + ", Java "
        + System.getProperty("java.version");
  }

  private boolean run(List<String> words, Shell shell, @Nullable Console console)
      throws Failure, IOException {
    // before anything else, also what needs no login: scripts test passwords by "exit"
    shell.logIn();
    if (words.size() > 1) {
      return shell.perform(Line.rejoined(words), null);
    }
    if (words.size() == 1) {
      return runLineOrFile(words.get(0), shell);
    }
    if (console != null) {
      converse(shell, console);
      return true;
    }
    return runAll(new Lines(new BufferedInputStream(in)), "Standard input", shell);
  }

  private boolean runLineOrFile(String argument, Shell shell) throws Failure, IOException {
    Lines lines = lines(argument);
    String line = lines.next();
    List<String> words = line == null ? List.of() : Line.words(line);
    if (lines.next() != null) {
      return runAll(lines(argument), "Argument", shell);
    }
    if (!words.isEmpty() && !Command.firstWords().contains(words.get(0))) {
      Path file = file(argument);
      if (file != null) {
        try (InputStream commands = new BufferedInputStream(Files.newInputStream(file))) {
          return runAll(new Lines(commands), file.toString(), shell);
        }
      }
      if (words.size() == 1) {
        throw new Failure(
            "Neither a command nor a file: "
                + words.get(0)
                + "."
                + Grammar.suggestion(words.get(0), Command.firstWords()));
      }
    }
    return shell.perform(words, null);
  }

  private static Lines lines(String text) {
    return new Lines(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static @Nullable Path file(String name) {
    try {
      Path file = Path.of(name);
      return Files.exists(file) ? file : null;
    } catch (InvalidPathException e) {
      return null;
    }
  }

  /**
   * Runs all commands, whether or not those before were done.
   *
   * @param source where the lines come from, null if the user typed them just now
   */
  private boolean runAll(Lines lines, @Nullable String source, Shell shell) throws IOException {
    boolean allDone = true;
    while (!shell.ended()) {
      try {
        String line = lines.next();
        if (line == null) {
          break;
        }
        if (!Line.isEmpty(line)) {
          allDone &= shell.perform(Line.words(line), where(source, lines));
        }
      } catch (Failure e) {
        output.failure(e, where(source, lines));
        allDone = false;
      }
    }
    return allDone;
  }

  private static @Nullable String where(@Nullable String source, Lines lines) {
    return source == null ? null : source + ", line " + lines.number();
  }

  private void converse(Shell shell, Console console) throws Failure, IOException {
    console.completeWith(new Completion(shell.administration()));
    while (!shell.ended()) {
      String typed = console.command(shell.prompt());
      if (typed == null) {
        return;
      }
      // several lines, if they were pasted
      console.interruptibly(() -> runAll(lines(typed), null, shell));
    }
  }
}
