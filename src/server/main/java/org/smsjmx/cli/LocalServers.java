package org.smsjmx.cli;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.smsjmx.files.RunningServer;

/**
 * The sms-jmx servers of this operating-system user on this machine. They are told apart without
 * attaching to any of them: by what the system knows of the process, and by what each server left
 * in its data directory.
 */
final class LocalServers {

  private static final String PROGRAM = "java";
  private static final String JAR_OPTION = "-jar";
  private static final String JAR = "sms-jmx.jar";
  private static final String DATA_OPTION = "--data";
  private static final String HOME_OPTION = "-Dsms.home=";
  private static final String DATA_IN_HOME = "jmx-config/data";
  private static final String[] NONE = {};

  private LocalServers() {}

  static List<ProcessHandle> running() {
    return ProcessHandle.allProcesses()
        .filter(process -> isOwn(process) && runsService(arguments(process), process))
        .toList();
  }

  static boolean isOwn(ProcessHandle process) {
    return process.info().user().equals(ProcessHandle.current().info().user());
  }

  private static List<String> arguments(ProcessHandle process) {
    return List.of(process.info().arguments().orElse(NONE));
  }

  private static boolean runsService(List<String> arguments, ProcessHandle process) {
    int option = arguments.indexOf(JAR_OPTION);
    return process.info().command().orElse("").endsWith(PROGRAM)
        && 0 <= option
        && option + 1 < arguments.size()
        && new File(arguments.get(option + 1)).getName().equals(JAR);
  }

  /** Lays out what tells them apart, for the user to choose. */
  static List<String> table(List<ProcessHandle> servers) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("PROCESS", "HTTP", "JMX", "CONFIGURATION", "DATA", "SINCE"));
    for (ProcessHandle server : servers) {
      String pid = String.valueOf(server.pid());
      Path data = data(server);
      RunningServer said = data == null ? null : RunningServer.of(pid, data);
      rows.add(
          List.of(
              pid,
              said != null ? said.http() : "unknown",
              said != null ? address(said.jmx()) : "unknown",
              said != null ? said.config() : "",
              Objects.toString(data, ""),
              server.info().startInstant().map(Wording::localTime).orElse("")));
    }
    return Output.table(rows);
  }

  /** Returns as {@code --connect} takes it. */
  private static String address(String url) {
    return url.replaceFirst(".*rmi://([^/]+)/jmxrmi$", "$1");
  }

  private static @Nullable Path data(ProcessHandle server) {
    List<String> arguments = arguments(server);
    String data = null;
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (argument.startsWith(HOME_OPTION) && data == null) {
        data = argument.substring(HOME_OPTION.length()) + "/" + DATA_IN_HOME;
      } else if (argument.startsWith(DATA_OPTION + "=")) {
        data = argument.substring(DATA_OPTION.length() + 1);
      } else if (argument.equals(DATA_OPTION) && i + 1 < arguments.size()) {
        data = arguments.get(i + 1);
      }
    }
    try {
      Path found = Path.of(data == null ? DATA_IN_HOME : data);
      return found.isAbsolute()
          ? found
          : Files.readSymbolicLink(Path.of("/proc", String.valueOf(server.pid()), "cwd"))
              .resolve(found)
              .normalize();
    } catch (IOException | InvalidPathException | UnsupportedOperationException e) {
      return null; // no Linux, or it has just ended
    }
  }
}
