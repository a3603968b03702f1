package org.smsjmx.remote;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.smsjmx.files.PrivateFile;
import org.smsjmx.files.WatchedFile;
import org.smsjmx.management.Caller;
import org.smsjmx.management.Permission;

/**
 * The administrators' accounts, in a {@code jmxremote.password} file as the JDK has it: a line an
 * account, {@code name password} or {@code name salt hash algorithm}. Passwords written in clear
 * are replaced by their hashes as soon as they are read; the file is read again when it changed.
 */
public final class Accounts {

  private static final Logger LOG = LoggerFactory.getLogger(Accounts.class);
  private static final String ALGORITHM = "SHA3-512";
  private static final String QUICK_ALGORITHM = "SHA-256";

  /** A changed password counts within this time. */
  private static final Duration REST = Duration.ofMillis(200);

  private static final int SALT_BYTES = 64;
  private static final int PASSWORD_BYTES = 18;
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");
  private static final SecureRandom RANDOM = new SecureRandom();

  /** Never leaves this process, so that a quick digest is of no use elsewhere. */
  private static final byte[] QUICK_KEY = new byte[32];

  static {
    RANDOM.nextBytes(QUICK_KEY);
  }

  /** Compared with for a name that has no account, so that the answer takes as long. */
  private static final Hash NOBODY = Hash.of(newPassword());

  private final Path file;
  private final Map<String, Permission> permissions;
  private final boolean groupAccess;

  /** Null until {@link #open}. */
  private volatile @Nullable WatchedFile<Map<String, Hash>> watched;

  /**
   * Takes accounts from a file.
   *
   * @param file account file; others than its owner must not be able to read it
   * @param permissions what each account may do; one that is not named there cannot sign in
   * @throws IOException if the file cannot be read or is not safe; the message says what to do
   */
  public Accounts(Path file, Map<String, Permission> permissions) throws IOException {
    this(file, permissions, false);
    open();
  }

  private Accounts(Path file, Map<String, Permission> permissions, boolean groupAccess) {
    this.file = file;
    this.permissions = Map.copyOf(permissions);
    this.groupAccess = groupAccess;
  }

  /**
   * Reads the file, if there is one, and leaves it as it is. Accounts are known from {@link #open}
   * on.
   *
   * @param file account file; others than its owner must not be able to read it
   * @param permissions what each account may do; one that is not named there cannot sign in
   * @param groupAccess whether the file's group may read it too
   * @throws IOException if the file cannot be read or is not safe; the message says what to do
   */
  public static Accounts closed(Path file, Map<String, Permission> permissions, boolean groupAccess)
      throws IOException {
    Accounts accounts = new Accounts(file, permissions, groupAccess);
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      accounts.parse(accounts.readLines());
    }
    return accounts;
  }

  /**
   * Takes accounts from the file, from now on, and puts hashes in the place of clear passwords.
   *
   * @throws IOException if the file cannot be read or written
   */
  public void open() throws IOException {
    watched = new WatchedFile<>(file, REST, read -> hashed());
  }

  private Map<String, Hash> hashes() {
    WatchedFile<Map<String, Hash>> open = watched;
    if (open == null) {
      throw new IllegalStateException("the accounts are not open yet");
    }
    return open.current();
  }

  /**
   * Checks name and password.
   *
   * @param endpoint through which the client comes
   * @param address the client's
   * @return the caller, null if there is no such account or the password is wrong
   */
  @Nullable Caller authenticate(String name, String password, String endpoint, String address) {
    Hash hash = hashes().get(name);
    boolean right = (hash == null ? NOBODY : hash).matches(password);
    Caller caller = right ? caller(name, endpoint, address) : null;
    LOG.debug(
        "sign-in at endpoint {} from {}: {}", endpoint, address, caller == null ? "refused" : name);
    return caller;
  }

  /**
   * Returns the caller who proved to be an account's owner before.
   *
   * @return the caller, null if the account may not come in (any more)
   */
  @Nullable Caller caller(String name, String endpoint, String address) {
    Permission permission = permissions.get(name);
    return permission == null || !hashes().containsKey(name)
        ? null
        : new Caller(name, address, endpoint, permission);
  }

  /**
   * Sets an account's password in a file.
   *
   * @see #setPassword(String, String)
   */
  public static void setPassword(Path file, String name, String password) throws IOException {
    new Accounts(file, Map.of(), false).setPassword(name, password);
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
    List<String> lines = new ArrayList<>(Files.exists(file) ? readLines() : List.of());
    Hash known = parse(new ArrayList<>(lines)).hashes.get(name);
    if (known == null || !known.matches(password)) {
      lines.removeIf(line -> line.strip().split("\\s+")[0].equals(name));
      lines.add(name + " " + Hash.of(password));
      write(file, lines);
    }
  }

  /** Returns a password that nobody can guess. */
  public static String newPassword() {
    byte[] bytes = new byte[PASSWORD_BYTES];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /**
   * Lines of an account file.
   *
   * @param lines with hashes in the place of clear passwords
   * @param hashes by account
   * @param changed whether there were clear passwords
   */
  private record Parsed(List<String> lines, Map<String, Hash> hashes, boolean changed) {}

  private Map<String, Hash> hashed() throws IOException {
    Parsed parsed = parse(readLines());
    if (parsed.changed) {
      write(file, parsed.lines);
    }
    return parsed.hashes;
  }

  private Parsed parse(List<String> read) throws IOException {
    List<String> lines = new ArrayList<>(read);
    Map<String, Hash> hashes = new HashMap<>();
    boolean clear = false;
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      String[] words = line.split("\\s+");
      Hash hash;
      if (words.length == 2) {
        hash = Hash.of(words[1]);
        lines.set(i, words[0] + " " + hash);
        clear = true;
      } else {
        hash = Hash.parse(words);
      }
      if (hash == null || hashes.put(words[0], hash) != null) {
        throw new IOException(
            "%s:%d: must be 'name password' or 'name salt hash %s', each name once"
                .formatted(file, i + 1, ALGORITHM));
      }
    }
    return new Parsed(lines, hashes, clear);
  }

  private List<String> readLines() throws IOException {
    PrivateFile.require(file, groupAccess);
    try {
      return Files.readAllLines(file);
    } catch (FileSystemException e) {
      throw new IOException("%s: cannot be read".formatted(file), e);
    } catch (CharacterCodingException e) {
      throw new IOException("%s: is not UTF-8".formatted(file), e);
    }
  }

  /** Puts a new file in the place of the old one, so that no reader sees a half. */
  private static void write(Path file, List<String> lines) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    try {
      Path next = Files.createTempFile(directory, "." + file.getFileName(), ".tmp");
      try {
        if (next.getFileSystem().supportedFileAttributeViews().contains("posix")) {
          Files.setPosixFilePermissions(next, OWNER_ONLY);
        }
        Files.write(next, lines);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(next);
      }
    } catch (FileSystemException e) {
      throw new IOException("%s: cannot be written".formatted(file), e);
    }
  }

  /** A salted hash in the JDK's form; it also knows again the password that was right last. */
  private static final class Hash {

    private final byte[] salt;
    private final byte[] digest;

    /**
     * A quick digest of the password that was right last, so that the slow one is not made for
     * every request; at first of nothing that a client can send. A changed password comes with a
     * new object.
     */
    private volatile byte[] lastRight = new byte[QUICK_KEY.length];

    private Hash(byte[] salt, byte[] digest) {
      this.salt = salt;
      this.digest = digest;
      RANDOM.nextBytes(lastRight);
    }

    static Hash of(String password) {
      byte[] salt = new byte[SALT_BYTES];
      RANDOM.nextBytes(salt);
      return new Hash(salt, digest(ALGORITHM, salt, password));
    }

    static @Nullable Hash parse(String[] words) {
      if (words.length != 4 || !words[3].equals(ALGORITHM)) {
        return null;
      }
      try {
        Base64.Decoder base64 = Base64.getDecoder();
        return new Hash(base64.decode(words[1]), base64.decode(words[2]));
      } catch (IllegalArgumentException e) {
        return null;
      }
    }

    boolean matches(String password) {
      byte[] quick = digest(QUICK_ALGORITHM, QUICK_KEY, password);
      if (MessageDigest.isEqual(lastRight, quick)) {
        return true;
      }
      boolean right = MessageDigest.isEqual(digest, digest(ALGORITHM, salt, password));
      if (right) {
        lastRight = quick;
      }
      return right;
    }

    private static byte[] digest(String algorithm, byte[] salt, String password) {
      try {
        MessageDigest digest = MessageDigest.getInstance(algorithm);
        digest.update(salt);
        return digest.digest(password.getBytes(StandardCharsets.UTF_8));
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("the Java runtime lacks " + algorithm, e);
      }
    }

    @Override
    public String toString() {
      Base64.Encoder base64 = Base64.getEncoder();
      return "%s %s %s"
          .formatted(base64.encodeToString(salt), base64.encodeToString(digest), ALGORITHM);
    }
  }
}
