package org.smsjmx.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * How a command line is written: words, double quotes, option marks, continuation. Documents print
 * hyphens as dashes and quotes as curly ones; both are read as what was meant.
 */
final class Line {

  private static final String DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212";
  private static final String CURLY_QUOTES = "\u201c\u201d\u201e\u201f";
  private static final String NOT_SEEN = "\ufeff\u200b";
  private static final String PROGRAM = "pdadmin";

  private Line() {}

  /**
   * Splits a line into words. Quotes group, and are left out; everything else stands for itself,
   * the backslash too. A prompt in front, pasted with the command, is left out.
   *
   * @throws Failure if a quote is not closed
   */
  static List<String> words(String line) throws Failure {
    List<String> words = new ArrayList<>();
    int quoteAt = split(line, words);
    if (quoteAt >= 0) {
      throw new Failure("The quote before '" + line.substring(quoteAt + 1) + "' is not closed.");
    }
    return words;
  }

  /** Splits a line that is being typed; the last word, maybe empty, is the one at its end. */
  static List<String> typedWords(String line) {
    List<String> words = new ArrayList<>();
    int quoteAt = split(line, words);
    if (quoteAt < 0 && (words.isEmpty() || isBlank(line.charAt(line.length() - 1)))) {
      words.add("");
    }
    return words;
  }

  /** Returns where the word at the end of the line begins, its quote included. */
  static int lastWordAt(String line) {
    boolean quoted = false;
    int start = afterPrompt(line);
    for (int i = start; i < line.length(); i++) {
      char c = line.charAt(i);
      if (isQuote(c)) {
        quoted = !quoted;
      } else if (!quoted && isBlank(c)) {
        start = i + 1;
      }
    }
    return start;
  }

  /** Returns where the quote is that is not closed, -1 if there is none. */
  private static int split(String line, List<String> words) {
    StringBuilder word = new StringBuilder();
    boolean inWord = false;
    int quoteAt = -1;
    for (int i = afterPrompt(line); i < line.length(); i++) {
      char c = line.charAt(i);
      if (isQuote(c)) {
        inWord = true;
        quoteAt = quoteAt < 0 ? i : -1;
      } else if (quoteAt < 0 && isBlank(c)) {
        if (inWord) {
          words.add(word.toString());
          word.setLength(0);
        }
        inWord = false;
      } else {
        inWord = true;
        word.append(c);
      }
    }
    if (inWord) {
      words.add(word.toString());
    }
    return quoteAt;
  }

  /**
   * Puts together what a shell split because it does not know curly quotes.
   *
   * @throws Failure if a curly quote is not closed
   */
  static List<String> rejoined(List<String> arguments) throws Failure {
    List<String> words = new ArrayList<>();
    for (int i = 0; i < arguments.size(); i++) {
      String word = arguments.get(i);
      if (word.isEmpty() || CURLY_QUOTES.indexOf(word.charAt(0)) < 0) {
        words.add(word);
        continue;
      }
      StringBuilder quoted = new StringBuilder(word.substring(1));
      while (quoted.length() == 0 || !isQuote(quoted.charAt(quoted.length() - 1))) {
        if (++i == arguments.size()) {
          throw new Failure("The quote before '" + quoted + "' is not closed.");
        }
        quoted.append(' ').append(arguments.get(i));
      }
      words.add(quoted.substring(0, quoted.length() - 1));
    }
    return words;
  }

  /** Returns whether the next line belongs to this one. */
  static boolean continues(String line) {
    return line.stripTrailing().endsWith("\\");
  }

  /** Returns the line without the backslash that continues it. */
  static String withoutBackslash(String line) {
    String stripped = line.stripTrailing();
    return stripped.substring(0, stripped.length() - 1);
  }

  /** Returns whether nothing is to be done: a line without words, or a comment. */
  static boolean isEmpty(String line) {
    int start = afterPrompt(line);
    while (start < line.length() && isBlank(line.charAt(start))) {
      start++;
    }
    return start == line.length() || line.charAt(start) == '#';
  }

  /** Returns whether the word is an option, or the mark that ends options. */
  static boolean isMarked(String word) {
    return !word.isEmpty() && DASHES.indexOf(word.charAt(0)) >= 0;
  }

  /** Returns whether the word is a mark and digits: a value, since no option is named so. */
  static boolean isNegativeNumber(String word) {
    return isMarked(word) && word.substring(1).matches("[0-9]+");
  }

  /** Returns an option's name, empty for the mark that ends options. */
  static String withoutMark(String word) {
    int start = 0;
    while (start < word.length() && DASHES.indexOf(word.charAt(start)) >= 0) {
      start++;
    }
    return word.substring(start);
  }

  static boolean isQuote(char c) {
    return c == '"' || CURLY_QUOTES.indexOf(c) >= 0;
  }

  static boolean isBlank(char c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c) || NOT_SEEN.indexOf(c) >= 0;
  }

  private static int afterPrompt(String line) {
    int start = 0;
    while (start < line.length() && isBlank(line.charAt(start))) {
      start++;
    }
    int mark = line.indexOf('>', start);
    if (!line.startsWith(PROGRAM, start) || mark < 0) {
      return start;
    }
    String name = line.substring(start + PROGRAM.length(), mark);
    return name.isEmpty() || name.matches(" [^\\s\"]+") ? mark + 1 : start;
  }
}
