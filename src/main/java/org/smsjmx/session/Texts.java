package org.smsjmx.session;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Reads texts that stand one after the other in one, each with its length before it.
 *
 * <p>A length is written in characters of seven bits, the lowest first, each but the last with an
 * eighth: so that Latin-1 texts make a Latin-1 text, which takes a byte a letter.
 */
final class Texts {

  private static final int BITS = 7;
  private static final int MORE = 1 << BITS;

  private final String whole;
  private int at;

  /**
   * Begins to read.
   *
   * @param whole from a {@link Writer}
   * @param at where a text begins
   */
  Texts(String whole, int at) {
    this.whole = whole;
    this.at = at;
  }

  boolean hasNext() {
    return at < whole.length();
  }

  /** Returns where the next one begins. */
  int at() {
    return at;
  }

  String next() {
    int from = skip();
    return whole.substring(from, at);
  }

  /** Returns the next one's texts, if it was made of some. */
  List<String> nextList() {
    List<String> list = new ArrayList<>();
    for (Texts inner = new Texts(next(), 0); inner.hasNext(); ) {
      list.add(inner.next());
    }
    return Collections.unmodifiableList(list);
  }

  /** Goes behind the next one, and returns where that begins after its length. */
  int skip() {
    int length = 0;
    int shift = 0;
    char part;
    do {
      part = whole.charAt(at++);
      length |= (part & MORE - 1) << shift;
      shift += BITS;
    } while (part >= MORE);
    at += length;
    return at - length;
  }

  /** Writes texts one after the other. */
  static final class Writer {

    private static final int USUAL_LENGTH = 250;

    private final StringBuilder whole = new StringBuilder(USUAL_LENGTH);

    Writer add(String text) {
      int rest = text.length();
      while (rest >= MORE) {
        whole.append((char) (MORE | rest & MORE - 1));
        rest >>>= BITS;
      }
      whole.append((char) rest).append(text);
      return this;
    }

    Writer add(List<String> texts) {
      Writer inner = new Writer();
      texts.forEach(inner::add);
      return add(inner.whole());
    }

    /** Adds texts as they stand in another one. */
    void copy(String other, int from, int to) {
      whole.append(other, from, to);
    }

    String whole() {
      return whole.toString();
    }
  }
}
