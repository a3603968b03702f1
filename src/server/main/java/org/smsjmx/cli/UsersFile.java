package org.smsjmx.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A file of user names, one a line. */
final class UsersFile {

  private static final int MAXIMUM_BYTES = 1_000_000;
  private static final String BYTE_ORDER_MARK = "\ufeff";

  private UsersFile() {}

  /**
   * Reads it. Blanks around a name are left out, and so are double quotes; a line without a name,
   * one that begins with {@code #}, and a name for the second time are passed over.
   *
   * @return the names, at least one
   * @throws Failure if it cannot be read, is not UTF-8, longer than 1,000,000 bytes, or holds none
   */
  static List<String> read(String name) throws Failure {
    Set<String> users = new LinkedHashSet<>();
    for (String line : text(name).split("\\R")) {
      String user = line.strip();
      if (user.length() > 1
          && Line.isQuote(user.charAt(0))
          && Line.isQuote(user.charAt(user.length() - 1))) {
        user = user.substring(1, user.length() - 1).strip();
      }
      if (!user.isEmpty() && user.charAt(0) != '#') {
        users.add(user);
      }
    }
    if (users.isEmpty()) {
      throw new Failure("No user name is in file " + name + ".");
    }
    return List.copyOf(users);
  }

  private static String text(String name) throws Failure {
    try (InputStream file = Files.newInputStream(Path.of(name))) {
      byte[] bytes = file.readNBytes(MAXIMUM_BYTES + 1);
      if (bytes.length > MAXIMUM_BYTES) {
        throw new Failure(
            "A file of user names has at most " + MAXIMUM_BYTES + " bytes; " + name + " has more.");
      }
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.startsWith(BYTE_ORDER_MARK) ? text.substring(BYTE_ORDER_MARK.length()) : text;
    } catch (InvalidPathException e) {
      throw new Failure("Not the name of a file: " + e.getInput() + ".");
    } catch (NoSuchFileException e) {
      throw new Failure("There is no file " + name + ".");
    } catch (CharacterCodingException e) {
      throw new Failure("File " + name + " is not UTF-8.");
    } catch (IOException e) {
      throw new Failure("File " + name + " cannot be read: " + e.getMessage() + ".");
    }
  }
}
