package org.smsjmx.remote;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.smsjmx.files.PrivateFile;

/**
 * What stood in a {@code jmxremote.password} file when it was read: a line an account, {@code name
 * password} or {@code name salt hash [algorithm]}. It belongs to administrators and their editors:
 * a line counts once it is whole, and a change replaces exactly the passwords in clear, in the file
 * itself, also behind a link or a mount.
 */
final class AccountFile {

  /** A last line without an end may still be written; after this time it counts as it is. */
  static final Duration UNENDED_COUNTS_AFTER = Duration.ofSeconds(5);

  /** More accounts fit than sms.yaml has room for. */
  private static final int MAXIMUM_BYTES = 1 << 22;

  private static final Pattern LINE = Pattern.compile("([^\r\n]*)(\r\n|\n|\r|$)");
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private final Path file;
  private final String text;
  private final Instant modified;
  private final List<Account> accounts;

  /** What is wrong with a last line that has no end, null if nothing is. */
  private final @Nullable String brokenEnd;

  /**
   * An account.
   *
   * @param clear the password if it stands there in clear, null if it is hashed
   * @param begin of the line in the text
   * @param end of the line, without what ends it
   * @param whole whether something ends the line
   */
  private record Account(
      String name, PasswordHash hash, @Nullable String clear, int begin, int end, boolean whole) {}

  private AccountFile(Path file, String text, Instant modified, @Nullable AccountFile before)
      throws IOException {
    this.file = file;
    this.text = text;
    this.modified = modified;
    this.accounts = new ArrayList<>();
    this.brokenEnd = parse(before);
  }

  /**
   * Reads the file.
   *
   * @param file others than its owner must not be able to read it
   * @param groupAccess whether its group may read it too
   * @param before what it held before, null if nothing: passwords in clear keep their hashes
   * @throws IOException if it cannot be read or is not safe; the message says what to do
   */
  static AccountFile read(Path file, boolean groupAccess, @Nullable AccountFile before)
      throws IOException {
    PrivateFile.require(file, groupAccess);
    try {
      Instant modified = Files.getLastModifiedTime(file).toInstant();
      return new AccountFile(file, text(file), modified, before);
    } catch (CharacterCodingException e) {
      throw new IOException("%s: is not UTF-8".formatted(file), e);
    } catch (FileSystemException e) {
      throw new IOException("%s: cannot be read".formatted(file), e);
    }
  }

  private static String text(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAXIMUM_BYTES + 1);
      requireBound(file, bytes.length);
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    }
  }

  private static void requireBound(Path file, int bytes) throws IOException {
    if (bytes > MAXIMUM_BYTES) {
      throw new IOException(
          "%s: is larger than %d bytes, with its passwords hashed".formatted(file, MAXIMUM_BYTES));
    }
  }

  /** Fills the accounts; returns what is wrong with a last line that has no end. */
  private @Nullable String parse(@Nullable AccountFile before) throws IOException {
    Map<String, Account> byName = new HashMap<>();
    Matcher line = LINE.matcher(text);
    boolean marked = !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK;
    line.region(marked ? 1 : 0, text.length());
    for (int number = 1; line.find() && line.start() < text.length(); number++) {
      String content = line.group(1).strip();
      if (content.isEmpty() || content.startsWith("#")) {
        continue;
      }
      String[] words = content.split("\\s+");
      String clear = words.length == 2 ? words[1] : null;
      boolean whole = !line.group(2).isEmpty();
      PasswordHash hash =
          switch (words.length) {
            case 2 -> hashOf(words[0], words[1], before);
            case 3 -> PasswordHash.parse(words[1], words[2], null);
            case 4 -> PasswordHash.parse(words[1], words[2], words[3]);
            default -> null;
          };
      Account account =
          hash == null
              ? null
              : new Account(words[0], hash, clear, line.start(1), line.end(1), whole);
      if (account == null || byName.put(words[0], account) != null) {
        String broken =
            "%s:%d: must be 'name password' or 'name salt hash [algorithm]', each name once"
                .formatted(file, number);
        if (whole) {
          throw new IOException(broken);
        }
        return broken; // unless the rest of the line is still to come
      }
      accounts.add(account);
    }
    return null;
  }

  private static PasswordHash hashOf(String name, String clear, @Nullable AccountFile before) {
    PasswordHash known = before == null ? null : before.hash(name, Instant.MAX);
    return known != null && known.matches(clear) ? known : PasswordHash.of(clear);
  }

  /**
   * Returns the hash of an account's password.
   *
   * @param now a last line without an end counts when the file has rested for a while
   * @return null if there is no such account
   */
  @Nullable PasswordHash hash(String name, Instant now) {
    for (Account account : accounts) {
      if (account.name.equals(name)) {
        return account.whole || hasRested(UNENDED_COUNTS_AFTER, now) ? account.hash : null;
      }
    }
    return null;
  }

  /** Returns what is wrong with a last line that has no end and is not written any more. */
  @Nullable String problem(Instant now) {
    return hasRested(UNENDED_COUNTS_AFTER, now) ? brokenEnd : null;
  }

  /**
   * Returns whether nothing was written for so long. A time ahead is not that of a write either:
   * the clock was set back since.
   */
  boolean hasRested(Duration time, Instant now) {
    return now.equals(Instant.MAX) || Duration.between(modified, now).abs().compareTo(time) >= 0;
  }

  /** Returns whether passwords stand there in clear. */
  boolean holdsClearText() {
    return accounts.stream().anyMatch(account -> account.clear != null);
  }

  /**
   * Replaces passwords in clear by their hashes, if the file still holds what was read.
   *
   * @return whether it did
   * @throws IOException if it cannot be written; then it holds what it did
   */
  boolean hashClearText() throws IOException {
    StringBuilder hashed = new StringBuilder();
    int next = 0;
    for (Account account : accounts) {
      if (account.clear != null) {
        hashed.append(text, next, account.begin).append(account.name + " " + account.hash);
        next = account.end;
      }
    }
    return replace(hashed.append(text, next, text.length()).toString());
  }

  /**
   * Sets the password of an account, or adds the account.
   *
   * @return false if the password is that already
   * @throws IOException if the file cannot be written, or was changed since it was read; then it
   *     holds what it did
   */
  boolean setPassword(String name, String password) throws IOException {
    PasswordHash known = hash(name, Instant.MAX);
    if (known != null && known.matches(password)) {
      return false;
    }
    String line = name + " " + PasswordHash.of(password);
    StringBuilder changed = new StringBuilder(text);
    for (Account account : accounts) {
      if (account.name.equals(name)) {
        changed.replace(account.begin, account.end, line);
        requireReplaced(changed.toString());
        return true;
      }
    }
    boolean ended = text.isEmpty() || text.endsWith("\n") || text.endsWith("\r");
    requireReplaced(changed.append(ended ? "" : "\n").append(line).append('\n').toString());
    return true;
  }

  private void requireReplaced(String changed) throws IOException {
    if (!replace(changed)) {
      throw new IOException("%s: was changed meanwhile; try again".formatted(file));
    }
  }

  /**
   * Lets the file hold again what it held when this was read.
   *
   * @param changed what it is to hold now; else it stays as it is
   */
  void restore(AccountFile changed) throws IOException {
    changed.replace(text);
  }

  /**
   * Writes the file in place: a new file in its place would leave a mount or a link behind, and
   * what somebody appends to the old one would be lost.
   */
  private boolean replace(String changed) throws IOException {
    byte[] before = text.getBytes(StandardCharsets.UTF_8);
    byte[] after = changed.getBytes(StandardCharsets.UTF_8);
    requireBound(file, after.length);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer found = ByteBuffer.allocate(before.length + 1);
      while (found.hasRemaining() && channel.read(found, found.position()) >= 0) {
        // all of it, and one byte more if there is
      }
      if (!found.flip().equals(ByteBuffer.wrap(before))) {
        return false;
      }
      try {
        write(channel, after);
      } catch (IOException e) {
        write(channel, before);
        throw e;
      }
      return true;
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  private static void write(FileChannel channel, byte[] content) throws IOException {
    ByteBuffer left = ByteBuffer.wrap(content);
    while (left.hasRemaining()) {
      channel.write(left, left.position());
    }
    channel.truncate(content.length);
    channel.force(true);
  }

  /**
   * Makes a file with one account, which only its owner can read. It is there as a whole or not at
   * all: with one that is empty, the next start would let nobody in.
   *
   * @throws IOException if it cannot be made
   */
  static void make(Path file, String name, String password) throws IOException {
    Path part = file.resolveSibling("." + file.getFileName() + ".part");
    byte[] content =
        (name + " " + PasswordHash.of(password) + "\n").getBytes(StandardCharsets.UTF_8);
    try {
      Files.deleteIfExists(part); // of a start that was killed
      try (FileChannel channel =
          FileChannel.open(
              part,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              PrivateFile.permissions("rw-------"))) {
        write(channel, content);
      }
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw unwritable(file, e);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private static IOException unwritable(Path file, IOException e) {
    return new IOException("%s: cannot be written".formatted(file), e);
  }
}
