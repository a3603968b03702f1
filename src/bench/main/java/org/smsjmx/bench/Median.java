package org.smsjmx.bench;

import java.util.Arrays;
import java.util.List;

/** The middle of several figures. */
final class Median {

  private Median() {}

  /** Returns it; of an even number of figures the mean of the two in the middle. */
  static double of(double... figures) {
    double[] sorted = figures.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /** Returns that of a list. */
  static double of(List<Double> figures) {
    return of(figures.stream().mapToDouble(Double::doubleValue).toArray());
  }
}
