package org.smsjmx.files;

import java.nio.file.Files;
import java.nio.file.Path;

/** Says what keeps a file from being read. */
public final class Unreadable {

  private Unreadable() {}

  /**
   * Returns a line that names the file and says why it was not read, as far as that can be seen
   * now.
   *
   * @param file which could not be read, or is about to be
   */
  public static String reason(Path file) {
    String reason = "cannot be read";
    if (Files.notExists(file)) {
      reason = "is missing";
    } else if (Files.isDirectory(file)) {
      reason = "is a directory, where a file is needed";
    } else if (!Files.isRegularFile(file)) {
      reason = "is no regular file";
    } else if (!Files.isReadable(file)) {
      reason = "may not be read by the user of this process";
    }
    return file + ": " + reason;
  }
}
