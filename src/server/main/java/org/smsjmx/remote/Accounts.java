package org.smsjmx.remote;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.smsjmx.files.WatchedFile;
import org.smsjmx.management.Permission;

/**
 * The administrators' accounts: passwords in a file as the JDK's agent has it, roles in the
 * configuration. Both are read again when they changed. Passwords in clear are replaced by their
 * hashes once the file has rested, when nobody is likely to be writing to it.
 */
public final class Accounts {

  private static final Logger LOG = LoggerFactory.getLogger(Accounts.class);

  /** A changed password counts within this time. */
  private static final Duration REST = Duration.ofMillis(200);

  /** So long nobody must have written to the file before passwords in it are replaced. */
  private static final Duration QUIET = Duration.ofSeconds(10);

  /** The same when the service ends, after which nobody would replace them. */
  private static final Duration QUIET_AT_THE_END = Duration.ofMillis(500);

  private static final int PASSWORD_BYTES = 18;

  private final Path path;
  private final Supplier<Map<String, Permission>> permissions;
  private final boolean groupAccess;
  private final InstantSource clock;

  /** Null until {@link #open}. */
  private volatile @Nullable WatchedFile<AccountFile> watched;

  private @Nullable AccountFile lastRead;

  /** The content of which the log says that its last line is broken. */
  private @Nullable AccountFile said;

  private volatile @Nullable String unwritable;

  /** Undoes the last {@link #setPassword}. */
  private Undo undo = () -> {};

  private interface Undo {
    void run() throws IOException;
  }

  /**
   * Takes accounts from a file.
   *
   * @param file account file; others than its owner must not be able to read it
   * @param permissions asked each time what accounts may do; one without permission cannot sign in
   * @throws IOException if the file cannot be read or is not safe; the message says what to do
   */
  public Accounts(Path file, Supplier<Map<String, Permission>> permissions) throws IOException {
    this(file, permissions, InstantSource.system());
  }

  Accounts(Path file, Supplier<Map<String, Permission>> permissions, InstantSource clock)
      throws IOException {
    this(file, permissions, false, clock);
    open();
  }

  private Accounts(
      Path path,
      Supplier<Map<String, Permission>> permissions,
      boolean groupAccess,
      InstantSource clock) {
    this.path = path;
    this.permissions = permissions;
    this.groupAccess = groupAccess;
    this.clock = clock;
  }

  /**
   * Reads the file, if there is one, and leaves it as it is. Accounts are known from {@link #open}
   * on.
   *
   * @param file account file; others than its owner must not be able to read it
   * @param permissions asked each time what accounts may do; one without permission cannot sign in
   * @param groupAccess whether the file's group may read it too
   * @throws IOException if the file cannot be read or is not safe; the message says what to do
   */
  public static Accounts closed(
      Path file, Supplier<Map<String, Permission>> permissions, boolean groupAccess)
      throws IOException {
    Accounts accounts = new Accounts(file, permissions, groupAccess, InstantSource.system());
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      accounts.read(file);
    }
    return accounts;
  }

  /**
   * Takes accounts from the file, from now on.
   *
   * @throws IOException if the file cannot be read
   */
  public void open() throws IOException {
    watched = new WatchedFile<>(path, REST, this::read);
  }

  /** Called by the watched file, by one thread at a time. */
  private AccountFile read(Path file) throws IOException {
    AccountFile read = AccountFile.read(file, groupAccess, lastRead);
    lastRead = read;
    return read;
  }

  private WatchedFile<AccountFile> file() {
    WatchedFile<AccountFile> open = watched;
    if (open == null) {
      throw new IllegalStateException("the accounts are not open yet");
    }
    return open;
  }

  /**
   * What proves that a client is an account's owner, until the account changes.
   *
   * @param account its name
   * @param hash of the password with which the client signed in
   * @param permission what the account might do then
   */
  record Proof(String account, PasswordHash hash, Permission permission) {}

  /** Checks name and password; returns null if there is no such account, or they do not match. */
  @Nullable Proof check(String name, String password) {
    PasswordHash hash = file().current().hash(name, clock.instant());
    boolean right = (hash == null ? PasswordHash.NOBODY : hash).matches(password);
    Permission permission = permissions.get().get(name);
    return right && hash != null && permission != null ? new Proof(name, hash, permission) : null;
  }

  /**
   * Returns what an account may do now.
   *
   * @return null if the account has lost something since: itself, its password, or a permission
   */
  @Nullable Permission permission(Proof proof) {
    Permission now = permissions.get().get(proof.account);
    return now != null
            && now.includes(proof.permission)
            && proof.hash.equals(file().current().hash(proof.account, clock.instant()))
        ? now
        : null;
  }

  /** Replaces passwords in clear if the file has rested; to be called again and again. */
  public void tidy() {
    tidy(QUIET);
  }

  /** Replaces passwords in clear for the last time. */
  public void tidyAtTheEnd() {
    tidy(QUIET_AT_THE_END);
  }

  private synchronized void tidy(Duration quiet) {
    AccountFile read = file().current();
    String broken = read.problem(clock.instant());
    if (broken != null && read != said) {
      said = read;
      LOG.warn("{}; the line does not count", broken);
    }
    if (!read.holdsClearText()) {
      unwritable = null;
    } else if (read.hasRested(quiet, clock.instant())) {
      try {
        read.hashClearText();
        unwritable = null;
      } catch (IOException e) {
        if (unwritable == null) {
          LOG.warn("{}; passwords in clear stay there", e.getMessage());
        }
        unwritable = e.getMessage() + "; passwords in clear stay there";
      }
    }
  }

  /** Returns what is wrong with the account file, null if nothing is. */
  public @Nullable String problem() {
    AccountFile read = file().current();
    WatchedFile.Failure failure = file().failure();
    if (failure != null) {
      return failure.reason();
    }
    String broken = read.problem(clock.instant());
    return broken == null ? unwritable : broken;
  }

  /**
   * Sets an account's password in a file.
   *
   * @see #setPassword(String, String)
   */
  public static void setPassword(Path file, String name, String password) throws IOException {
    new Accounts(file, Map::of, false, InstantSource.system()).setPassword(name, password);
  }

  /**
   * Sets an account's password, or makes the account; makes the file, for its owner only, when
   * there is none. A password that is right already stays as it is.
   *
   * @param name account, without white space
   * @param password not empty
   * @throws IOException if the file cannot be written
   */
  public void setPassword(String name, String password) throws IOException {
    if (password.isEmpty()) {
      throw new IOException("the password of %s must not be empty".formatted(name));
    }
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      AccountFile before = AccountFile.read(path, groupAccess, null);
      if (before.setPassword(name, password)) {
        undo = () -> before.restore(AccountFile.read(path, groupAccess, null));
      }
    } else {
      AccountFile.make(path, name, password);
      undo = () -> Files.deleteIfExists(path);
    }
  }

  /**
   * Leaves the file as it was before the last {@link #setPassword}, since the start fails.
   *
   * @throws IOException if it cannot be written
   */
  public void takeBack() throws IOException {
    undo.run();
  }

  /** Returns a password that nobody can guess. */
  public static String newPassword() {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(PasswordHash.randomBytes(PASSWORD_BYTES));
  }
}
