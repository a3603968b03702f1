package org.smsjmx.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was to be reached, and whether this run reached it. */
final class Goals {

  private final List<Goal> goals = new ArrayList<>();

  private record Goal(String what, String measured, boolean reached) {}

  /**
   * Adds one.
   *
   * @param what the goal
   * @param measured what was seen
   * @param reached whether that is good enough; false if it was not measured
   */
  void add(String what, String measured, boolean reached) {
    goals.add(new Goal(what, measured, reached));
  }

  /** Returns them as a table in Markdown. */
  String markdown() {
    StringBuilder text = new StringBuilder("| goal | measured | |\n|---|---|---|\n");
    for (Goal goal : goals) {
      text.append(
          "| %s | %s | %s |\n"
              .formatted(goal.what, goal.measured, goal.reached ? "reached" : "**missed**"));
    }
    return text.toString();
  }

  List<Map<String, Object>> facts() {
    List<Map<String, Object>> facts = new ArrayList<>();
    for (Goal goal : goals) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("goal", goal.what);
      one.put("measured", goal.measured);
      one.put("reached", goal.reached);
      facts.add(one);
    }
    return facts;
  }
}
