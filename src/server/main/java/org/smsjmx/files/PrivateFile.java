package org.smsjmx.files;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** A file with a secret in it. */
public final class PrivateFile {

  private PrivateFile() {}

  /**
   * Makes sure that it is a file, and that none but its owner can read or write it, where the file
   * system knows owners.
   *
   * @param file which
   * @throws IOException if it is not so; the message says what to do
   */
  public static void require(Path file) throws IOException {
    require(file, false);
  }

  /**
   * Makes sure that it is a file, and that none but its owner, and its group if that may, can read
   * or write it, where the file system knows owners.
   *
   * @param file which
   * @param groupAccess whether its group may
   * @throws IOException if it is not so; the message says what to do
   */
  public static void require(Path file, boolean groupAccess) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new IOException("%s: is missing or no file".formatted(file));
    }
    try {
      Set<PosixFilePermission> others = Files.getPosixFilePermissions(file);
      others.removeAll(PosixFilePermissions.fromString(groupAccess ? "rwxrwx---" : "rwx------"));
      if (!others.isEmpty()) {
        throw new IOException(
            "%s: others can read or write it; run: chmod 600 '%s'".formatted(file, file));
      }
    } catch (UnsupportedOperationException e) {
      // no owners there
    } catch (FileSystemException e) {
      throw new IOException("%s: cannot be read".formatted(file), e);
    }
  }

  /**
   * Returns what gives a new file or directory its permissions from the start; nothing where the
   * file system knows no owners.
   *
   * @param mode such as {@code rw-------}
   */
  public static FileAttribute<?>[] permissions(String mode) {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))
        }
        : new FileAttribute<?>[0];
  }
}
