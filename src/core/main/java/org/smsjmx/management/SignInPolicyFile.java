package org.smsjmx.management;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.smsjmx.audit.FileAccess;
import org.smsjmx.session.KeptOut;
import org.smsjmx.session.SessionLimit;

/**
 * The file that keeps over a restart who is kept out, and what limits of sessions are set. Each
 * line has its parts with a tabulator between them; the first one says what the file is, and the
 * last one how many others there are, so that a part of a file is not taken for the whole.
 *
 * <p>It is replaced as a whole, and on the disk before {@link #write} returns. Only its owner can
 * read it.
 */
public final class SignInPolicyFile {

  private static final String FIRST = "sms-jmx policies 1";
  private static final String LAST = "end";
  private static final String KEEP_OUT = "keep-out";
  private static final String LIMIT = "limit";

  /** Far more than all realms can have. */
  private static final long MOST_BYTES = 100_000_000;

  private final Path file;

  /** Reads nothing yet; it need not exist. */
  public SignInPolicyFile(Path file) {
    this.file = file;
  }

  /** A policy in a realm. */
  sealed interface Policy {
    String realm();

    /** Returns where it stands in the file that was read, 0 if it was not read. */
    int line();

    /** Keeps a user out. */
    record KeepOut(String realm, int line, KeptOut who) implements Policy {}

    /**
     * Limits the sessions of a user, or of all users of the realm.
     *
     * @param user empty for all
     */
    record Limit(String realm, int line, String user, SessionLimit limit) implements Policy {}
  }

  @Override
  public String toString() {
    return file.toString();
  }

  /**
   * Reads it.
   *
   * @return what it says, in its order; nothing if there is no file
   * @throws IOException if it cannot be read, or is not as {@link #write} has written it; the
   *     message names file, line and rule
   */
  List<Policy> read() throws IOException {
    if (Files.notExists(file)) {
      return List.of();
    }
    List<String> lines = lines();
    if (lines.isEmpty() || !lines.get(0).equals(FIRST)) {
      throw wrong(1, "must be: " + FIRST);
    }
    List<Policy> policies = new ArrayList<>();
    Set<List<String>> seen = new HashSet<>();
    int last = lines.size() - 1;
    for (int i = 1; i < last; i++) {
      List<String> parts = List.of(lines.get(i).split("\t", -1));
      Policy policy = policy(parts, i + 1);
      if (!seen.add(parts.subList(0, 3))) {
        throw wrong(i + 1, "says what another line has said");
      }
      policies.add(policy);
    }
    if (last == 0 || !lines.get(last).equals(LAST + "\t" + policies.size())) {
      throw wrong(
          last + 1,
          "must be the last one, %s and %d: a part of the file is missing"
              .formatted(LAST, policies.size()));
    }
    return policies;
  }

  private List<String> lines() throws IOException {
    if (Files.size(file) > MOST_BYTES) {
      throw new IOException("%s: is too large".formatted(file));
    }
    byte[] bytes = Files.readAllBytes(file);
    List<String> lines = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '\n') {
        lines.add(text(bytes, from, i, lines.size() + 1));
        from = i + 1;
      }
    }
    if (from < bytes.length) {
      throw wrong(lines.size() + 1, "has no end: a part of the file is missing");
    }
    return lines;
  }

  private String text(byte[] bytes, int from, int to, int line) throws IOException {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, from, to - from))
          .toString();
    } catch (CharacterCodingException e) {
      throw wrong(line, "is not in UTF-8");
    }
  }

  private Policy policy(List<String> parts, int line) throws IOException {
    try {
      if (parts.get(0).equals(KEEP_OUT) && parts.size() == 6) {
        Instant until = Instant.parse(parts.get(3));
        return new Policy.KeepOut(
            parts.get(1), line, new KeptOut(parts.get(2), until, parts.get(4), parts.get(5)));
      }
      if (parts.get(0).equals(LIMIT) && parts.size() == 4) {
        return new Policy.Limit(parts.get(1), line, parts.get(2), SessionLimit.parse(parts.get(3)));
      }
    } catch (DateTimeParseException e) {
      throw wrong(line, "time must be ISO-8601 in UTC: " + RefusedException.shown(parts.get(3)));
    } catch (IllegalArgumentException e) {
      throw wrong(line, String.valueOf(e.getMessage()));
    }
    throw wrong(
        line,
        "must be %s, realm, user, until, by and reason, or %s, realm, user and limit"
            .formatted(KEEP_OUT, LIMIT));
  }

  /** Says that a line is not as it must be. */
  IOException wrong(int line, String rule) {
    return new IOException(
        "%s:%d: %s; repair it, or delete the file, which lets everybody in and sets no limit"
            .formatted(file, line, rule));
  }

  /**
   * Replaces it. When this returns, it is on the disk.
   *
   * @throws IOException if it cannot be written; then the file is what it was
   */
  void write(List<Policy> policies) throws IOException {
    StringBuilder text = new StringBuilder(FIRST).append('\n');
    for (Policy policy : policies) {
      text.append(String.join("\t", parts(policy))).append('\n');
    }
    text.append(LAST).append('\t').append(policies.size()).append('\n');
    Path part = file.resolveSibling("." + file.getFileName() + ".part");
    try {
      Files.deleteIfExists(part); // of a server that was killed
      try (FileChannel channel =
          FileChannel.open(
              part,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              FileAccess.ofNewFile())) {
        ByteBuffer left = StandardCharsets.UTF_8.encode(text.toString());
        while (left.hasRemaining()) {
          channel.write(left);
        }
        channel.force(true);
      }
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      Files.deleteIfExists(part);
      throw e;
    }
    FileAccess.syncDirectory(file);
  }

  /** No part holds a tabulator: what comes from outside is shown, and user names have none. */
  private static List<String> parts(Policy policy) {
    if (policy instanceof Policy.KeepOut keepOut) {
      KeptOut who = keepOut.who();
      return List.of(
          KEEP_OUT,
          keepOut.realm(),
          who.user(),
          who.until().toString(),
          RefusedException.shown(who.by()),
          RefusedException.shown(who.reason()));
    }
    Policy.Limit limit = (Policy.Limit) policy;
    return List.of(LIMIT, limit.realm(), limit.user(), limit.limit().toString());
  }
}
