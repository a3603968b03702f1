package org.smsjmx;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * Chance for tests of hostile input: each case has a seed of its own, from which all of it follows.
 *
 * <p>The system property {@code fuzz.seconds} makes every such test run so long; {@code fuzz.seed}
 * is the seed of the first case, so a case is repeated by the seed that its failure names.
 */
public final class Fuzz {

  private static final long SEED = 20261121;
  private static final int LONGEST_BYTES = 65_536;

  private static final List<String> FRAGMENTS =
      List.of(
          "\"",
          "'",
          "\\",
          "/",
          "//",
          "!",
          "!/",
          "*",
          "?",
          ",",
          "=",
          ":",
          ";",
          "#",
          "-",
          "--",
          "%",
          "%2F",
          "%00",
          "%s%n",
          "${x}",
          "{}",
          "[null]",
          "null",
          "String",
          "..",
          "<b>",
          "&lt;",
          "\\u0000",
          "\u0000",
          "\u0001",
          "\b",
          "\t",
          "\n",
          "\r",
          "\r\n",
          "\n{\"number\":999999}\n",
          "\u001b[2J",
          "\u007f",
          "\u0085",
          "\u009b",
          "\u00a0",
          "\u00ad",
          "\u061c",
          "\u200b",
          "\u200d",
          "\u200f",
          "\u2028",
          "\u2029",
          "\u202e",
          "\u2066",
          "\u3000",
          "\ufeff",
          "\ufffd",
          "\uffff",
          "\ud800",
          "\udc00",
          "\udc00\ud800",
          "\ud83d\ude00",
          "\udbff\udfff",
          "\udb40\udc01",
          "\u0130",
          "\u0131",
          "\u00df",
          "\u017f",
          "\u212a",
          "e\u0301",
          "\u00e9",
          "\u05d0",
          "\u0627",
          "\u65e5\u672c",
          "“",
          "”",
          "–",
          " ",
          "a b",
          "dlucas",
          "ibm.com",
          "2147483648",
          "1e999999999");

  private final Random random;

  private Fuzz(long seed) {
    // neighbouring seeds of a Random begin alike
    this.random = new Random(new SplittableRandom(seed).nextLong());
  }

  /**
   * Tries case after case, at least one.
   *
   * @param seconds how long, where the property does not say
   */
  public static void run(int seconds, Case tried) {
    long seed = Long.getLong("fuzz.seed", SEED);
    long nanos = TimeUnit.SECONDS.toNanos(Integer.getInteger("fuzz.seconds", seconds));
    long start = System.nanoTime();
    do {
      try {
        tried.run(new Fuzz(seed));
      } catch (Exception | Error e) {
        throw new AssertionError(
            "repeated by -Dfuzz.seed=%d -Dfuzz.seconds=0: %.8000s".formatted(seed, e), e);
      }
      seed++;
    } while (System.nanoTime() - start < nanos);
  }

  /** One input, and what must hold after it. */
  public interface Case {
    void run(Fuzz fuzz) throws Exception;
  }

  public Random random() {
    return random;
  }

  /** Returns true once in so many times. */
  public boolean once(int times) {
    return random.nextInt(times) == 0;
  }

  /** Returns a number from 0 on, below the bound. */
  public int below(int bound) {
    return random.nextInt(bound);
  }

  @SafeVarargs
  public final <T> T oneOf(T... choices) {
    return choices[random.nextInt(choices.length)];
  }

  public <T> T oneOf(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  /** Returns a text that is hard to bear, seldom an empty or a very long one. */
  public String text() {
    if (once(40)) {
      String part = fragment();
      int bytes = part.chars().map(c -> c < 128 ? 1 : 3).sum();
      return part.repeat(1 + below(LONGEST_BYTES / Math.max(1, bytes)));
    }
    StringBuilder text = new StringBuilder();
    for (int parts = below(6); parts > 0; parts--) {
      text.append(fragment());
    }
    return text.toString();
  }

  private String fragment() {
    return switch (below(4)) {
      case 0 -> String.valueOf((char) (' ' + below(95)));
      case 1 -> Character.toString(below(Character.MAX_CODE_POINT + 1));
      case 2 -> String.valueOf((char) below(0x600));
      default -> oneOf(FRAGMENTS);
    };
  }

  /** Returns the bytes with some of them changed, left out, doubled or put elsewhere. */
  public byte[] mutated(byte[] bytes) {
    byte[] changed = bytes;
    for (int times = 1 + below(4); times > 0 && changed.length > 0; times--) {
      int from = below(changed.length);
      int to = from + below(Math.min(changed.length - from, once(4) ? 400 : 8) + 1);
      byte[] part = new byte[below(once(10) ? 2000 : 6)];
      switch (below(4)) {
        case 0 -> random.nextBytes(part);
        case 1 -> {
          int source = below(changed.length);
          part = Arrays.copyOfRange(changed, source, source + part.length);
        }
        case 2 -> part = text().getBytes(StandardCharsets.UTF_8);
        default -> part = new byte[0];
      }
      byte[] next = new byte[from + part.length + changed.length - to];
      System.arraycopy(changed, 0, next, 0, from);
      System.arraycopy(part, 0, next, from, part.length);
      System.arraycopy(changed, to, next, from + part.length, changed.length - to);
      changed = next;
    }
    return changed;
  }
}
