package org.smsjmx.cli;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import com.sun.tools.attach.VirtualMachineDescriptor;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A Java process on this machine, attached to. Using this class fails with a LinkageError where the
 * Java runtime lacks the module jdk.attach.
 *
 * <p>Without a process id it is the one sms-jmx server of the user, told by its jar. Applications
 * must be named: to look for their MBeans, each JVM of the user would have to be attached to, and
 * made to open a port.
 *
 * @param pid process id
 * @param address at which the process takes JMX connections of its own user
 */
record LocalProcess(String pid, String address) {

  private static final String PROGRAM = "java";

  /** Root may attach to all processes. */
  private static final Optional<String> ROOT = Optional.of("root");

  private static final String LIBRARY = "libjvm.";
  private static final String CAUGHT_SIGNALS = "SigCgt:";
  private static final int HEXADECIMAL = 16;

  /** SIGQUIT, the third, with which attaching begins. */
  private static final long QUIT = 1L << 2;

  /**
   * Attaches.
   *
   * @param asked process id, null = the only sms-jmx server that runs
   * @throws Failure if it cannot be attached to
   */
  static LocalProcess attach(@Nullable String asked) throws Failure {
    String pid = asked == null ? onlyServer() : asked;
    if (asked != null) {
      requireAttachable(asked);
    }
    try {
      VirtualMachine process = VirtualMachine.attach(pid);
      try {
        return new LocalProcess(pid, process.startLocalManagementAgent());
      } finally {
        process.detach();
      }
    } catch (IOException | AttachNotSupportedException | RuntimeException e) {
      throw new Failure("Process " + pid + " cannot be attached to: " + Connection.reason(e) + ".");
    }
  }

  private static String onlyServer() throws Failure {
    List<ProcessHandle> running = LocalServers.running();
    if (running.isEmpty()) {
      List<String> others = otherJvms();
      throw new Failure(
          "No sms-jmx server of this operating-system user runs here; sms-server starts one. An"
              + " application is chosen by --pid"
              + (others.isEmpty()
                  ? "."
                  : "; Java runs in the processes " + String.join(", ", others) + "."));
    }
    if (running.size() > 1) {
      throw new Failure(
          "Several sms-jmx servers run here; choose one with --pid.", LocalServers.table(running));
    }
    return String.valueOf(running.get(0).pid());
  }

  /** Returns the JVMs of this user that show themselves, each with what it runs. */
  private static List<String> otherJvms() {
    List<String> others = new ArrayList<>();
    for (VirtualMachineDescriptor jvm : VirtualMachine.list()) {
      Optional<ProcessHandle> process = ProcessHandle.of(Long.parseLong(jvm.id()));
      if (process.isPresent()
          && LocalServers.isOwn(process.get())
          && !process.get().equals(ProcessHandle.current())) {
        String program = jvm.displayName().split(" ")[0];
        others.add(jvm.id() + (program.isEmpty() ? "" : " (" + new File(program).getName() + ")"));
      }
    }
    return others;
  }

  /** Attaching sends a signal, which ends a process that does not expect it. */
  private static void requireAttachable(String pid) throws Failure {
    ProcessHandle process =
        ProcessHandle.of(Long.parseLong(pid))
            .orElseThrow(() -> new Failure("There is no process " + pid + "."));
    if (!LocalServers.isOwn(process) && !ProcessHandle.current().info().user().equals(ROOT)) {
      throw new Failure(
          "Process "
              + pid
              + " belongs to another operating-system user"
              + process.info().user().map(user -> ", " + user).orElse("")
              + ".");
    }
    if (!isJvm(process)) {
      throw new Failure("Process " + pid + " is no Java virtual machine.");
    }
    if (!catchesSignal(pid)) {
      throw new Failure(
          "Process "
              + pid
              + " cannot be attached to: it is just starting, or Java was started with -Xrs.");
    }
  }

  private static boolean isJvm(ProcessHandle process) {
    String pid = String.valueOf(process.pid());
    try (Stream<String> mapped = Files.lines(Path.of("/proc", pid, "maps"))) {
      return mapped.anyMatch(line -> line.contains(LIBRARY));
    } catch (IOException | RuntimeException e) {
      // no Linux, or it keeps that to itself
      return process.info().command().orElse("").endsWith(PROGRAM)
          || VirtualMachine.list().stream().anyMatch(jvm -> jvm.id().equals(pid));
    }
  }

  private static boolean catchesSignal(String pid) {
    try (Stream<String> status = Files.lines(Path.of("/proc", pid, "status"))) {
      return status
          .filter(line -> line.startsWith(CAUGHT_SIGNALS))
          .map(line -> line.substring(CAUGHT_SIGNALS.length()).strip())
          .allMatch(mask -> (Long.parseUnsignedLong(mask, HEXADECIMAL) & QUIT) != 0);
    } catch (IOException | RuntimeException e) {
      return true; // no Linux
    }
  }
}
