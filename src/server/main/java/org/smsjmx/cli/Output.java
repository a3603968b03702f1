package org.smsjmx.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.smsjmx.text.Json;

/** Where answers and errors go. Nothing that steers a terminal gets through. */
final class Output {

  private static final String COLUMN_GAP = "  ";

  private final PrintStream out;
  private PrintStream err;

  Output(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  /** Prints errors where answers go from now on. */
  void sendErrorsToOut() {
    err = out;
  }

  @SuppressWarnings("ReferenceEquality") // one that happens to be empty is shown
  void answer(Answer answer, boolean json) {
    if (!json) {
      print(answer.lines(), out);
    } else if (answer != Answer.NOTHING) {
      print(List.of(Json.of(answer.data())), out);
    }
  }

  /**
   * Prints why a command failed.
   *
   * @param where the line that holds the command, null if it is the only one
   */
  void failure(Failure failure, @Nullable String where) {
    List<String> lines = new ArrayList<>();
    if (where != null) {
      lines.add(where + ":");
    }
    lines.add("Could not perform the administration request");
    lines.add("Error: " + failure.text());
    lines.addAll(failure.advice());
    print(lines, err);
  }

  /** Prints what is wrong with the arguments of the program itself. */
  void misuse(String text) {
    print(List.of("pdadmin: " + text, "pdadmin --help tells how to use it."), err);
  }

  private void print(List<String> lines, PrintStream stream) {
    for (String line : lines) {
      stream.println(shown(line));
    }
    stream.flush();
  }

  /** Writes as code points, escaped, what would not be seen or would change how others look. */
  static String shown(String text) {
    int i = 0;
    while (i < text.length() && text.charAt(i) >= ' ' && text.charAt(i) < 127) {
      i++;
    }
    if (i == text.length()) {
      return text;
    }
    StringBuilder shown = new StringBuilder(text.length() + 8);
    text.codePoints().forEach(c -> append(shown, c));
    return shown.toString();
  }

  private static void append(StringBuilder shown, int c) {
    switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR -> {
        for (char half : Character.toChars(c)) {
          shown.append("\\u").append(Integer.toHexString(0x10000 | half), 1, 5);
        }
      }
      default -> shown.appendCodePoint(c);
    }
  }

  /**
   * Lays out a table.
   *
   * @param rows cells, the head first; all rows are equally long
   */
  static List<String> table(List<List<String>> rows) {
    int[] widths = new int[rows.get(0).size()];
    List<List<String>> cells = new ArrayList<>();
    for (List<String> row : rows) {
      List<String> shown = new ArrayList<>();
      for (int i = 0; i < widths.length; i++) {
        String cell = shown(row.get(i));
        shown.add(cell);
        widths[i] = Math.max(widths[i], width(cell));
      }
      cells.add(shown);
    }
    List<String> lines = new ArrayList<>();
    for (List<String> row : cells) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        line.append(row.get(i));
        if (i + 1 < widths.length) {
          line.append(" ".repeat(widths[i] - width(row.get(i)))).append(COLUMN_GAP);
        }
      }
      lines.add(line.toString());
    }
    return lines;
  }

  private static int width(String text) {
    return text.codePointCount(0, text.length());
  }
}
