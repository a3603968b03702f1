package org.smsjmx.it.clients;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A page of metrics in Prometheus' text format. */
final class Metrics {

  private static final Pattern SAMPLE =
      Pattern.compile(
          "([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)\\})? ([-+]?[0-9.eE+-]+|NaN|[-+]Inf)(?: \\d+)?");
  private static final Pattern LABEL =
      Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\\n]|\\\\[\\\\\"n])*)\"(?:,|$)");
  private static final Pattern COMMENT =
      Pattern.compile("# (?:(HELP|TYPE|UNIT) ([a-zA-Z0-9_:]+) ?(.*)|.*)");

  private final List<Sample> samples = new ArrayList<>();
  private final Map<String, String> types = new TreeMap<>();

  /** A value with its name and labels. */
  record Sample(String name, Map<String, String> labels, double value) {}

  /**
   * Reads a page.
   *
   * @throws AssertionError if a line is not in the format, or a series appears twice
   */
  Metrics(String page) {
    for (String line : page.split("\n")) {
      Matcher comment = COMMENT.matcher(line);
      if (comment.matches()) {
        if ("TYPE".equals(comment.group(1))
            && types.put(comment.group(2), comment.group(3)) != null) {
          throw new AssertionError("two types: " + line);
        }
      } else if (!line.isBlank()) {
        add(line);
      }
    }
  }

  private void add(String line) {
    Matcher matcher = SAMPLE.matcher(line);
    if (!matcher.matches()) {
      throw new AssertionError("not a sample: " + line);
    }
    Map<String, String> labels = new TreeMap<>();
    String text = matcher.group(2) == null ? "" : matcher.group(2);
    Matcher label = LABEL.matcher(text);
    int end = 0;
    while (label.find() && label.start() == end) {
      labels.put(label.group(1), label.group(2));
      end = label.end();
    }
    if (end != text.length()) {
      throw new AssertionError("not labels: " + line);
    }
    for (Sample other : samples) {
      if (other.name().equals(matcher.group(1)) && other.labels().equals(labels)) {
        throw new AssertionError("twice: " + line);
      }
    }
    samples.add(new Sample(matcher.group(1), labels, Double.parseDouble(matcher.group(3))));
  }

  /** Returns the type of a metric as the page declares it, null if it does not. */
  String type(String metric) {
    return types.get(metric);
  }

  /** Returns the samples of a metric that have, among others, these labels (names and values). */
  List<Sample> of(String metric, String... labels) {
    return samples.stream()
        .filter(sample -> sample.name().equals(metric))
        .filter(
            sample -> {
              for (int i = 0; i < labels.length; i += 2) {
                if (!labels[i + 1].equals(sample.labels().get(labels[i]))) {
                  return false;
                }
              }
              return true;
            })
        .toList();
  }

  /** Returns the value of the only sample that fits. */
  double value(String metric, String... labels) {
    List<Sample> found = of(metric, labels);
    if (found.size() != 1) {
      throw new AssertionError(metric + String.join(" ", labels) + ": " + found);
    }
    return found.get(0).value();
  }
}
