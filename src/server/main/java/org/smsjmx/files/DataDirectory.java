package org.smsjmx.files;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The data directory: it and all in it belong to the server's user and are closed to others, and
 * one server at a time holds its lock. What a start has made goes again if it fails before {@link
 * #keep}.
 */
public final class DataDirectory implements AutoCloseable {

  private static final String LOCK = RunningServer.FILE;
  private static final int ROOT = 0;
  private static final int STICKY = 01000;
  private static final int WRITABLE_BY_OTHERS = 02;

  private static final boolean POSIX =
      FileSystems.getDefault().supportedFileAttributeViews().contains("unix");

  private static final Set<PosixFilePermission> OF_OTHERS =
      PosixFilePermissions.fromString("------rwx");
  private static final Set<PosixFilePermission> OF_GROUP =
      PosixFilePermissions.fromString("---rwx---");
  private static final Set<PosixFilePermission> TO_READ =
      PosixFilePermissions.fromString("---r-x---");

  private final Path directory;
  private final String option;
  private final Access access;
  private final Deque<Path> made = new ArrayDeque<>();

  /** Of the locked file; empty while it is not locked. */
  private final List<FileChannel> opened = new ArrayList<>();

  /** What the locked file says; empty, and not written, until the server is ready. */
  private String said = "";

  /** What tells the locked file from another one of its name. */
  private @Nullable Object lockFile;

  private volatile @Nullable String problem;
  private volatile boolean taken;

  /**
   * Who but the server's user may enter.
   *
   * @param groupAccess whether the directory's group may, as in a volume of Kubernetes, which also
   *     belongs to root
   * @param readers whose members may read the audit, null for none
   */
  public record Access(boolean groupAccess, @Nullable GroupPrincipal readers) {}

  private DataDirectory(Path directory, String option, Access access) {
    this.directory = directory;
    this.option = option;
    this.access = access;
  }

  /**
   * Takes a directory, and makes it if it is missing.
   *
   * @param directory which
   * @param option by which another one can be named, for messages
   * @param access who but the server's user may enter
   * @throws IOException if it cannot be written, another server has it, or others may enter it; the
   *     message says what to do
   */
  public static DataDirectory open(Path directory, String option, Access access)
      throws IOException {
    DataDirectory data = new DataDirectory(directory, option, access);
    try {
      data.make(directory.toAbsolutePath());
      data.check();
      data.lock();
      return data;
    } catch (IOException | RuntimeException e) {
      data.close();
      throw e;
    }
  }

  private void make(Path missing) throws IOException {
    try {
      if (Files.isDirectory(missing)) {
        if (!Files.isWritable(missing)) {
          throw new IOException("not writable");
        }
        return;
      }
      Path parent = missing.getParent();
      if (parent != null && !Files.isDirectory(parent)) {
        make(parent);
      }
      Files.createDirectory(missing, PrivateFile.permissions("rwx------"));
      made.push(missing);
    } catch (IOException e) {
      throw new IOException(
          "data directory %s cannot be made or written; choose another with %s"
              .formatted(directory, option),
          e);
    }
  }

  private void check() throws IOException {
    if (!POSIX) {
      return;
    }
    if (!access.groupAccess) {
      checkParents();
    }
    if (!made.isEmpty()) {
      return;
    }
    int user = (int) new UnixSystem().getUid();
    checkOwner(directory, user);
    Path real = directory.toRealPath();
    List<Path> open = new ArrayList<>();
    checkOwner(real, user);
    addIfOpen(open, real);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(real)) {
      for (Path file : files) {
        checkOwner(file, user);
        if (!Files.isSymbolicLink(file)) {
          addIfOpen(open, file);
        }
      }
    }
    if (!open.isEmpty()) {
      Path first = open.get(0);
      String command =
          open.size() > 1
              ? "chmod -R go-rwx '%s'".formatted(directory)
              : "chmod %s '%s'".formatted(Files.isDirectory(first) ? "700" : "600", first);
      throw new IOException("%s: others can read or write it; run: %s".formatted(first, command));
    }
  }

  /** Who may write a parent can put another directory in this one's place, if it is not sticky. */
  private void checkParents() throws IOException {
    for (Path parent = directory.toRealPath().getParent();
        parent != null;
        parent = parent.getParent()) {
      int mode = (int) Files.getAttribute(parent, "unix:mode");
      if ((mode & WRITABLE_BY_OTHERS) != 0 && (mode & STICKY) == 0) {
        throw new IOException(
            "%s: others can write it, and so replace the data directory in it; run: chmod o-w '%s'"
                .formatted(parent, parent));
      }
    }
  }

  /** Root may do anything anyway; its own is what a volume brings along, such as lost+found. */
  private void checkOwner(Path file, int user) throws IOException {
    Map<String, Object> owned = Files.readAttributes(file, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    Object owner = owned.get("uid");
    if (!Objects.equals(owner, user) && !Objects.equals(owner, ROOT)) {
      throw new IOException(
          "%s: belongs to another user; if it may be trusted, run as root: chown -hR %d '%s'"
              .formatted(file, user, directory));
    }
  }

  private void addIfOpen(List<Path> open, Path file) throws IOException {
    PosixFileAttributes found =
        Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    Set<PosixFilePermission> tooMany = EnumSet.noneOf(PosixFilePermission.class);
    tooMany.addAll(found.permissions());
    tooMany.removeAll(PosixFilePermissions.fromString("rwx------"));
    if (access.groupAccess) {
      tooMany.removeAll(OF_GROUP);
      if (found.isDirectory() && found.owner().getName().equals("root")) {
        // made by Kubernetes, which opens a volume to the containers of its pod
        tooMany.removeAll(OF_OTHERS);
      }
    }
    if (found.group().equals(access.readers)) {
      tooMany.removeAll(TO_READ);
    }
    if (!tooMany.isEmpty()) {
      open.add(file);
    }
  }

  /**
   * Locks the file that has the name now, however often another one gets it meanwhile. Closing any
   * stream of a file releases its lock, so what was opened here stays open while its file is
   * locked.
   */
  private void lock() throws IOException {
    Path file = directory.resolve(LOCK);
    boolean missing = Files.notExists(file, LinkOption.NOFOLLOW_LINKS);
    List<FileChannel> now = new ArrayList<>();
    Object before;
    do {
      before = key(file);
      FileChannel channel =
          FileChannel.open(
              file,
              Set.of(
                  StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
              PrivateFile.permissions("rw-------"));
      now.add(channel);
    } while (!isLockedHere(now) || before == null || !before.equals(key(file)));
    lockFile = before;
    if (missing && opened.isEmpty()) {
      made.push(file);
    }
    close(opened);
    opened.clear();
    opened.addAll(now);
    if (!said.isEmpty()) {
      writeSaid();
    }
  }

  /** Writes what tells this server from others into the locked file. */
  public synchronized void tell(RunningServer server) {
    said = server.text();
    writeSaid();
  }

  private void writeSaid() {
    FileChannel file = opened.get(opened.size() - 1);
    ByteBuffer bytes = ByteBuffer.wrap(said.getBytes(StandardCharsets.UTF_8));
    try {
      file.truncate(0);
      file.position(0);
      while (bytes.hasRemaining()) {
        file.write(bytes);
      }
    } catch (IOException e) {
      // the disk may be full; the lock holds without it
    }
  }

  /**
   * Locks what was opened last.
   *
   * @return whether it was locked already, by what was opened before: then it is the same file
   * @throws IOException if another process has locked it
   */
  private boolean isLockedHere(List<FileChannel> channels) throws IOException {
    FileChannel last = channels.get(channels.size() - 1);
    try {
      if (last.tryLock() != null) {
        return false;
      }
    } catch (OverlappingFileLockException e) {
      if (channels.size() > 1) {
        return true;
      }
    }
    close(channels);
    taken = true;
    throw new IOException(
        "data directory %s: another server runs with it; choose another with %s"
            .formatted(directory, option));
  }

  private static void close(List<FileChannel> channels) throws IOException {
    for (FileChannel channel : channels) {
      channel.close();
    }
  }

  private static @Nullable Object key(Path file) throws IOException {
    try {
      return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
          .fileKey();
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /**
   * Locks again where the file of the lock was taken away, since another server could start with a
   * new one; to be called again and again.
   */
  public synchronized void tend() {
    try {
      Object now = key(directory.resolve(LOCK));
      if (now == null || !now.equals(lockFile)) {
        lock();
      }
      problem = null;
    } catch (IOException e) {
      problem = e.getMessage();
    }
  }

  /** Returns whether another server has the lock, since its file was taken away as that started. */
  public boolean isTaken() {
    return taken;
  }

  /** Returns why the lock is not held, null if it is. */
  public @Nullable String problem() {
    return problem;
  }

  /**
   * Leaves what was made also after {@link #close}, and lets the readers in.
   *
   * @throws IOException if the readers' group cannot be set: the server's user must be a member
   */
  public void keep() throws IOException {
    if (access.readers != null) {
      PosixFileAttributeView view =
          Files.getFileAttributeView(directory, PosixFileAttributeView.class);
      try {
        view.setGroup(access.readers);
        view.setPermissions(PosixFilePermissions.fromString("rwxr-x---"));
      } catch (IOException e) {
        throw new IOException(
            "%s: cannot be opened to group %s of audit.group; the server's user must be a member"
                .formatted(directory, access.readers),
            e);
      }
    }
    made.clear();
  }

  @Override
  public void close() throws IOException {
    for (Path file : made) {
      Files.deleteIfExists(file);
    }
    made.clear();
    close(opened);
  }
}
