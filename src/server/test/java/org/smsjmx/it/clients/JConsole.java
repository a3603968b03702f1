package org.smsjmx.it.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.hamcrest.Matcher;
import org.smsjmx.fixture.Tools;

/** The JDK's JConsole on a screen of its own, used by mouse and keyboard; to be closed. */
final class JConsole implements AutoCloseable {

  private final Process screen;
  private final Process console;
  private final PrintStream commands;
  private final BufferedReader answers;

  private JConsole(Process screen, Process console) {
    this.screen = screen;
    this.console = console;
    this.commands = new PrintStream(console.getOutputStream(), true, StandardCharsets.UTF_8);
    this.answers = lines(console);
  }

  /** Skips the test where there is no virtual screen, or a JDK without windows. */
  static void assumeInstalled() {
    assumeTrue(Tools.isInstalled("Xvfb"), "JConsole is not driven: Xvfb is not installed");
    assumeTrue(
        Files.exists(Path.of(System.getProperty("java.home"), "lib", "libawt_xawt.so"))
            && ModuleLayer.boot().findModule("jdk.jconsole").isPresent(),
        "JConsole is not driven: this JDK is headless");
  }

  /** Starts it with arguments as its command line has them. */
  static JConsole open(String... arguments) {
    return open(List.of(), arguments);
  }

  /** Starts it with options of its JVM, which its command line has after {@code -J}. */
  static JConsole open(List<String> options, String... arguments) {
    return open(System.getProperty("java.class.path"), options, arguments);
  }

  /** Starts it with the classes of an adapter, and none of the tests' libraries that it has too. */
  static JConsole withAdapter(List<Path> jars) {
    Stream<String> driver =
        Stream.of(ScreenDriver.class, Awaitility.class, Matcher.class).map(JConsole::location);
    return open(
        Stream.concat(driver, jars.stream().map(Path::toString))
            .collect(Collectors.joining(File.pathSeparator)),
        List.of());
  }

  private static String location(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private static JConsole open(String classes, List<String> options, String... arguments) {
    try {
      Process screen =
          // -r: a key that a slow machine holds long must not repeat
          new ProcessBuilder(
                  "Xvfb",
                  "-r",
                  "-displayfd",
                  "1",
                  "-screen",
                  "0",
                  "1280x1024x24",
                  "-nolisten",
                  "tcp")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String display = lines(screen).readLine();
      List<String> command = new ArrayList<>();
      command.add(Tools.java());
      command.add("--add-exports=jdk.jconsole/sun.tools.jconsole=ALL-UNNAMED");
      command.add("-Djconsole.showOutputViewer=false");
      // as people see it, whatever desktop the tests run on
      command.add("-Dswing.defaultlaf=javax.swing.plaf.metal.MetalLookAndFeel");
      command.add("-Duser.language=en");
      command.addAll(options);
      command.add("-cp");
      command.add(classes);
      command.add(ScreenDriver.class.getName());
      command.add("sun.tools.jconsole.JConsole");
      command.addAll(List.of(arguments));
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
      builder.environment().put("DISPLAY", ":" + display);
      return new JConsole(screen, builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static BufferedReader lines(Process process) {
    return new BufferedReader(
        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** Has the {@link ScreenDriver} do something and returns its answer. */
  String tell(String... words) {
    commands.println(String.join("\t", words));
    try {
      String answer = answers.readLine();
      assertThat(answer).as(String.join(" ", words)).isNotNull();
      answer = answer.replace("\\n", "\n").replace("\\\\", "\\");
      assertThat(answer).doesNotStartWith(ScreenDriver.FAILED);
      return answer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Fills in the arguments of an operation and presses its button. */
  void call(String operation, String... arguments) {
    for (int i = 0; i < arguments.length; i++) {
      tell("fill-argument", operation, String.valueOf(i), arguments[i]);
    }
    tell("press", operation);
  }

  /** Waits for a dialog and returns what it shows. */
  String dialog(String title) {
    return tell("dialog", title);
  }

  /** Goes to a node below an MBean of ours, such as Attributes. */
  void mbean(String... names) {
    List<String> words = new ArrayList<>(List.of("tree", "sms"));
    words.addAll(List.of(names));
    tell(words.toArray(String[]::new));
  }

  /** Takes a picture of the topmost window, for the documentation. */
  void picture(String name) {
    Path directory = Path.of("target", "pictures");
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    tell("picture", directory.resolve(name + ".png").toString());
  }

  @Override
  public void close() {
    for (Process process : List.of(console, screen)) {
      process.destroy();
      try {
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
