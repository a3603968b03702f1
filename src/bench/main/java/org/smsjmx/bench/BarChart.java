package org.smsjmx.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Panels of horizontal bars, as SVG. The bars of a panel share a logarithmic scale that begins at a
 * tenth of its least value.
 */
final class BarChart {

  private static final int COLUMNS = 2;
  private static final int PANEL_WIDTH = 490;
  private static final int LABEL_WIDTH = 110;
  private static final int BAR_WIDTH = 230;
  private static final int LINE = 17;
  private static final int HEAD = 30;
  private static final int TOP = 50;

  private final String title;
  private final String subtitle;
  private final List<Panel> panels = new ArrayList<>();

  BarChart(String title, String subtitle) {
    this.title = title;
    this.subtitle = subtitle;
  }

  /**
   * A bar.
   *
   * @param label whose it is
   * @param value more than 0; NaN = there is none
   * @param shown the value as text
   */
  record Bar(String label, double value, String shown) {}

  private record Panel(String title, List<Bar> bars) {}

  /** Adds a panel; its first bar is set off from the others. */
  void add(String panel, List<Bar> bars) {
    panels.add(new Panel(panel, List.copyOf(bars)));
  }

  /** Returns how long the bar of a value is, as a share of the longest possible. */
  private static double share(double value, double least, double most) {
    double begin = Math.log10(least) - 1;
    return (Math.log10(value) - begin) / (Math.log10(most) - begin);
  }

  String svg() {
    int rows = panels.stream().mapToInt(panel -> panel.bars.size()).max().orElse(0);
    int panelHeight = HEAD + rows * LINE + 10;
    int height = TOP + (panels.size() + COLUMNS - 1) / COLUMNS * panelHeight;
    int width = COLUMNS * PANEL_WIDTH;
    StringBuilder svg = new StringBuilder();
    svg.append(
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12">
        <rect width="100%%" height="100%%" fill="#fff"/>
        <text x="10" y="21" font-size="14" font-weight="bold">%s</text>
        <text x="10" y="39">%s</text>
        """
            .formatted(width, height, escaped(title), escaped(subtitle)));
    for (int i = 0; i < panels.size(); i++) {
      append(svg, panels.get(i), i % COLUMNS * PANEL_WIDTH + 10, TOP + i / COLUMNS * panelHeight);
    }
    return svg.append("</svg>\n").toString();
  }

  private static void append(StringBuilder svg, Panel panel, int x, int y) {
    svg.append(
        "<text x=\"%d\" y=\"%d\" font-weight=\"bold\">%s</text>\n"
            .formatted(x, y + 18, escaped(panel.title)));
    double[] values =
        panel.bars.stream().mapToDouble(Bar::value).filter(value -> value > 0).sorted().toArray();
    for (int i = 0; i < panel.bars.size(); i++) {
      Bar bar = panel.bars.get(i);
      int line = y + HEAD + i * LINE;
      double length =
          bar.value > 0 ? BAR_WIDTH * share(bar.value, values[0], values[values.length - 1]) : 0;
      svg.append(
          String.format(
              Locale.ROOT,
              """
              <text x="%d" y="%d" text-anchor="end">%s</text>\
              <rect x="%d" y="%d" width="%.1f" height="12" fill="%s"/>\
              <text x="%.1f" y="%d" font-size="11">%s</text>
              """,
              x + LABEL_WIDTH - 6,
              line + 10,
              escaped(bar.label),
              x + LABEL_WIDTH,
              line,
              length,
              i == 0 ? "#1f6f43" : "#9aa7b1",
              x + LABEL_WIDTH + length + 4,
              line + 10,
              escaped(bar.shown)));
    }
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
