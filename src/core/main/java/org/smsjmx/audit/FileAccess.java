package org.smsjmx.audit;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who may read files of ours, where the file system knows owners: their owner and one group. */
public final class FileAccess {

  static final Set<OpenOption> READ = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);

  private static final boolean POSIX =
      FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

  /** What there is to know of a file by one call of the operating system. */
  static final Class<? extends BasicFileAttributes> ATTRIBUTES =
      POSIX ? PosixFileAttributes.class : BasicFileAttributes.class;

  private static final Set<PosixFilePermission> OWNER =
      PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> GROUP =
      PosixFilePermissions.fromString("rw-r-----");

  private FileAccess() {}

  /** Returns how a new file is made: for its owner alone. */
  public static FileAttribute<?>[] ofNewFile() {
    return POSIX
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER)}
        : new FileAttribute<?>[0];
  }

  /** Lets its owner and a group read a file, and nobody else, however it was made. */
  static void admit(@Nullable GroupPrincipal group, Path file) throws IOException {
    if (POSIX) {
      PosixFileAttributeView view =
          Files.getFileAttributeView(file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
      if (group != null) {
        view.setGroup(group);
      }
      view.setPermissions(group == null ? OWNER : GROUP);
    }
  }

  static boolean isReadOnly(BasicFileAttributes file) {
    return file instanceof PosixFileAttributes posix
        && !posix.permissions().contains(PosixFilePermission.OWNER_WRITE);
  }

  static Path directoryOf(Path file) {
    return Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file is in a directory");
  }

  /** Brings the name of a new file to the disk; where there is no POSIX, it cannot be done. */
  public static void syncDirectory(Path file) throws IOException {
    if (POSIX) {
      try (FileChannel names = FileChannel.open(directoryOf(file), StandardOpenOption.READ)) {
        names.force(true);
      }
    }
  }
}
