package org.smsjmx.runtime;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * The archive of the classes that this process has loaded, with which the next one starts faster.
 * Java may crash on a half one, so it gets its name only when it is on the disk and another Java
 * has started with it. What a process leaves that is killed meanwhile, the start script removes.
 */
public final class ClassArchive {

  /** Nearly twice what an archive takes. */
  private static final int ROOM_MEGABYTES = 32;

  private static final int TRIAL_SECONDS = 10;

  private ClassArchive() {}

  /**
   * Writes the archive if the start script has asked for it.
   *
   * @param program its main class, which must know {@code --version}
   * @throws IOException if the archive is left out; the next process starts without one
   */
  public static void writeIfAsked(Class<?> program) throws IOException {
    String asked = System.getProperty("sms.archive");
    if (asked == null) {
      return;
    }
    Path file = Path.of(asked);
    Path next = file.resolveSibling(file.getFileName() + "." + ProcessHandle.current().pid());
    try {
      requireRoom(next);
      dump(next);
      try (FileChannel written = FileChannel.open(next, StandardOpenOption.READ)) {
        written.force(true);
      }
      tryOut(next, program);
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(next);
      Files.deleteIfExists(next.resolveSibling(next.getFileName() + ".temp"));
    }
  }

  /** Java ends at once, with an error, where it cannot write all of an archive. */
  private static void requireRoom(Path next) throws IOException {
    byte[] megabyte = new byte[1 << 20];
    try (OutputStream room = Files.newOutputStream(next)) {
      for (int i = 0; i < ROOM_MEGABYTES; i++) {
        room.write(megabyte);
      }
    }
  }

  private static void dump(Path next) throws IOException {
    PrintStream out = System.out;
    try {
      // where Java would tell that it writes
      System.setOut(new PrintStream(OutputStream.nullOutputStream()));
      ManagementFactory.getPlatformMBeanServer()
          .invoke(
              new ObjectName("com.sun.management:type=DiagnosticCommand"),
              "vmCds",
              new Object[] {new String[] {"dynamic_dump", next.toString()}},
              new String[] {String[].class.getName()});
    } catch (JMException | RuntimeException e) {
      throw new IOException(e);
    } finally {
      System.setOut(out);
    }
  }

  private static void tryOut(Path next, Class<?> program) throws IOException {
    Process trial =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:SharedArchiveFile=" + next,
                "-Xshare:on",
                "-XX:+VerifySharedSpaces",
                "-XX:ErrorFile=/dev/null",
                "-XX:-CreateCoredumpOnCrash",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName(),
                "--version")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      if (!trial.waitFor(TRIAL_SECONDS, TimeUnit.SECONDS) || trial.exitValue() != 0) {
        throw new IOException("Java does not start with the archive of classes");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    } finally {
      trial.destroyForcibly();
    }
  }
}
