package org.smsjmx.runtime;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import javax.management.JMException;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The archive of the classes that this process has loaded, with which the next one starts faster. A
 * process that is killed while it writes leaves no archive, since Java would crash on a half one.
 */
public final class ClassArchive {

  private ClassArchive() {}

  /** Writes the archive if the start script has asked for it; what fails is left out. */
  public static void writeIfAsked() {
    String asked = System.getProperty("sms.archive");
    if (asked == null) {
      return;
    }
    Path file = Path.of(asked);
    Path next = file.resolveSibling(file.getFileName() + "." + ProcessHandle.current().pid());
    Logger log = LoggerFactory.getLogger(ClassArchive.class);
    PrintStream out = System.out;
    try {
      // where Java would tell that it writes
      System.setOut(new PrintStream(OutputStream.nullOutputStream()));
      Object told =
          ManagementFactory.getPlatformMBeanServer()
              .invoke(
                  new ObjectName("com.sun.management:type=DiagnosticCommand"),
                  "vmCds",
                  new Object[] {new String[] {"dynamic_dump", next.toString()}},
                  new String[] {String[].class.getName()});
      log.debug("archive of classes: {}", told);
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException | JMException | RuntimeException e) {
      log.debug("no archive of classes", e);
    } finally {
      System.setOut(out);
    }
  }
}
