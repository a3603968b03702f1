package org.smsjmx.bench;

import java.util.Arrays;
import java.util.Map;

/**
 * How an operation's time grows with the table.
 *
 * @param few nanoseconds with few sessions
 * @param many nanoseconds with many sessions
 * @param ratio how many times as long with many, the median of all turns
 */
record Scale(double few, double many, double ratio) {

  /** Makes one of what was measured in turns. */
  static Scale of(double[] few, double[] many) {
    double[] ratios = new double[few.length];
    Arrays.setAll(ratios, turn -> many[turn] / few[turn]);
    return new Scale(Median.of(few), Median.of(many), Median.of(ratios));
  }

  /** Returns it as a line of text. */
  String line() {
    return "%s %s %s".formatted(few, many, ratio);
  }

  Map<String, Object> facts() {
    return Map.of("nanosWithFew", few, "nanosWithMany", many, "ratio", ratio);
  }

  /** Reads the words of a line. */
  static Scale of(String few, String many, String ratio) {
    return new Scale(Double.parseDouble(few), Double.parseDouble(many), Double.parseDouble(ratio));
  }
}
