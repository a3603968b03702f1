package org.smsjmx.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The names of the former files of an audit: {@code audit.<day>.<count>.log} and, compressed, with
 * {@code .gz} after it.
 */
final class FormerFiles {

  private final Path directory;
  private final Pattern former;

  /**
   * Looks for none yet.
   *
   * @param file the file that is written; former ones stand beside it
   */
  FormerFiles(Path file) {
    this.directory = FileAccess.directoryOf(file);
    this.former =
        Pattern.compile(
            "(\\.?)"
                + Pattern.quote(baseOf(file))
                + "\\.(\\d{4}-\\d{2}-\\d{2})\\.(\\d{1,18})\\.log(\\.gz)?");
  }

  /** Returns with what the names of the files begin. */
  static String baseOf(Path file) {
    return file.getFileName().toString().replaceFirst("\\.log$", "");
  }

  /**
   * A former file.
   *
   * @param part whether it is being compressed, or was when a run ended: it begins with a point
   */
  record Former(Path file, String day, long count, boolean compressed, boolean part) {

    private static final Comparator<Former> OLDEST_FIRST =
        Comparator.comparing(Former::day).thenComparing(Former::count);
  }

  /** Returns those that there are, oldest first. */
  List<Former> list() throws IOException {
    List<Former> found = new ArrayList<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Matcher name = former.matcher(file.getFileName().toString());
        if (name.matches() && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
          found.add(
              new Former(
                  file,
                  name.group(2),
                  Long.parseLong(name.group(3)),
                  name.group(4) != null,
                  !name.group(1).isEmpty()));
        }
      }
    }
    found.sort(Former.OLDEST_FIRST);
    return found;
  }
}
