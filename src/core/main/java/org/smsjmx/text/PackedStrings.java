package org.smsjmx.text;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Reads strings that are packed into bytes one after the other, each with a head before it.
 *
 * <p>A head is the length in bytes, and in its lowest bit whether a letter takes two of them, as in
 * texts that are not Latin-1. It is written in bytes of seven bits, the lowest first, each but the
 * last with an eighth.
 */
public final class PackedStrings {

  private static final int BITS = 7;
  private static final int MORE = 1 << BITS;
  private static final int WIDE = 1;

  private final byte[] whole;
  private final int end;
  private int at;

  /**
   * Begins to read.
   *
   * @param whole from a {@link Writer}
   * @param at where a text begins
   */
  public PackedStrings(byte[] whole, int at) {
    this(whole, at, whole.length);
  }

  private PackedStrings(byte[] whole, int at, int end) {
    this.whole = whole;
    this.at = at;
    this.end = end;
  }

  /** Returns whether there is a further one. */
  public boolean hasNext() {
    return at < end;
  }

  /** Returns where the next one begins. */
  public int at() {
    return at;
  }

  /** Returns the next one. */
  public String next() {
    int head = head();
    int from = at;
    at += length(head);
    return (head & WIDE) == 0
        ? new String(whole, from, at - from, ISO_8859_1)
        : ByteBuffer.wrap(whole, from, at - from).asCharBuffer().toString();
  }

  /** Returns the next one's texts, if it was made of some. */
  public List<String> nextList() {
    int length = length(head());
    List<String> list = new ArrayList<>();
    for (PackedStrings inner = new PackedStrings(whole, at, at + length); inner.hasNext(); ) {
      list.add(inner.next());
    }
    at += length;
    return Collections.unmodifiableList(list);
  }

  /** Goes behind the next one. */
  public void skip() {
    // not in one: reading the head moves the place
    int length = length(head());
    at += length;
  }

  /**
   * Goes behind the next one if it is a name, ignoring the case of ASCII letters; else stays before
   * it.
   *
   * @param name in ASCII, with small letters
   * @return whether it is
   */
  public boolean skipIfEqual(String name) {
    int start = at;
    int head = head();
    boolean equal = head == name.length() << 1;
    for (int i = 0; equal && i < name.length(); i++) {
      byte letter = whole[at + i];
      equal = (letter >= 'A' && letter <= 'Z' ? letter + 'a' - 'A' : letter) == name.charAt(i);
    }
    at = equal ? at + name.length() : start;
    return equal;
  }

  private int head() {
    int head = 0;
    int shift = 0;
    byte part;
    do {
      part = whole[at++];
      head |= (part & MORE - 1) << shift;
      shift += BITS;
    } while (part < 0);
    return head;
  }

  private static int length(int head) {
    return head >>> 1;
  }

  /** Packs strings one after the other. */
  public static final class Writer {

    private static final int USUAL_LENGTH = 250;

    private byte[] bytes = new byte[USUAL_LENGTH];
    private int length;

    /** Adds a string. */
    public Writer add(String text) {
      byte[] narrow = text.getBytes(ISO_8859_1); // ? for each letter that is not Latin-1
      if (new String(narrow, ISO_8859_1).equals(text)) {
        return add(narrow, 0);
      }
      ByteBuffer wide = ByteBuffer.allocate(text.length() * Character.BYTES);
      wide.asCharBuffer().put(text);
      return add(wide.array(), WIDE);
    }

    /** Adds a list of strings, which {@link #nextList} returns. */
    public Writer add(List<String> texts) {
      Writer inner = new Writer();
      texts.forEach(inner::add);
      return add(inner.whole(), 0);
    }

    private Writer add(byte[] text, int wide) {
      int rest = text.length << 1 | wide;
      while (rest >= MORE) {
        add((byte) (MORE | rest));
        rest >>>= BITS;
      }
      add((byte) rest);
      copy(text, 0, text.length);
      return this;
    }

    private void add(byte one) {
      makeRoom(1);
      bytes[length++] = one;
    }

    /** Adds strings as they are packed in other bytes. */
    public void copy(byte[] other, int from, int to) {
      makeRoom(to - from);
      System.arraycopy(other, from, bytes, length, to - from);
      length += to - from;
    }

    private void makeRoom(int more) {
      if (more > bytes.length - length) {
        bytes = Arrays.copyOf(bytes, Math.max(length + more, 2 * length));
      }
    }

    /** Returns all that was added. */
    public byte[] whole() {
      return Arrays.copyOf(bytes, length);
    }
  }
}
