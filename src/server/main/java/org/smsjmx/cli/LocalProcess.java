package org.smsjmx.cli;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The sms-jmx process on this machine, attached to. Using this class fails with a LinkageError
 * where the Java runtime lacks the module jdk.attach.
 */
final class LocalProcess {

  private static final String PROGRAM = "java";
  private static final String JAR_OPTION = "-jar";
  private static final String JAR = "sms-jmx.jar";
  private static final String[] UNKNOWN = {};

  private LocalProcess() {}

  /**
   * Returns the address at which the process takes JMX connections of its own user.
   *
   * @param asked process id, null = the only one that runs
   * @throws Failure if it cannot be attached to, or runs something else
   */
  static String address(@Nullable String asked) throws Failure {
    String pid = chosen(asked, running());
    try {
      VirtualMachine process = VirtualMachine.attach(pid);
      try {
        return process.startLocalManagementAgent();
      } finally {
        process.detach();
      }
    } catch (IOException | AttachNotSupportedException | RuntimeException e) {
      throw new Failure("Process " + pid + " cannot be attached to: " + Connection.reason(e) + ".");
    }
  }

  private static String chosen(@Nullable String asked, List<String> running) throws Failure {
    if (asked != null) {
      // attaching sends a signal, which ends a process that is no JVM
      if (!running.contains(asked)) {
        throw new Failure(
            "Process " + asked + " is no sms-jmx server of this operating-system user.");
      }
      return asked;
    }
    if (running.isEmpty()) {
      throw new Failure(
          "No sms-jmx server of this operating-system user runs here; sms-server starts one.");
    }
    if (running.size() > 1) {
      throw new Failure(
          "Several sms-jmx servers run here, processes "
              + String.join(", ", running)
              + ": choose one with --pid.");
    }
    return running.get(0);
  }

  private static List<String> running() {
    Optional<String> user = ProcessHandle.current().info().user();
    List<String> pids = new ArrayList<>();
    ProcessHandle.allProcesses()
        .forEach(
            process -> {
              ProcessHandle.Info info = process.info();
              if (info.user().equals(user) && runsService(info)) {
                pids.add(String.valueOf(process.pid()));
              }
            });
    return pids;
  }

  private static boolean runsService(ProcessHandle.Info process) {
    List<String> arguments = List.of(process.arguments().orElse(UNKNOWN));
    int option = arguments.indexOf(JAR_OPTION);
    return process.command().orElse("").endsWith(PROGRAM)
        && 0 <= option
        && option + 1 < arguments.size()
        && new File(arguments.get(option + 1)).getName().equals(JAR);
  }
}
