package org.smsjmx.config;

import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * A place in a YAML file: turns what stands there into a typed value, or says what is wrong with
 * it. Where nothing stands, a value is the given default, and text without one is an error.
 */
final class Setting {

  private static final Pattern BYTES = Pattern.compile("(\\d{1,6})(|KB|MB|GB)");
  private static final Map<String, Integer> UNITS = Map.of("", 0, "KB", 10, "MB", 20, "GB", 30);

  private final Path file;
  private final String path;
  private final String name;
  private final @Nullable Node node;
  private final int line;

  private Setting(Path file, String path, String name, @Nullable Node node, int line) {
    this.file = file;
    this.path = path;
    this.name = name;
    this.node = node;
    this.line = node == null ? line : lineOf(node, line);
  }

  /** Reads a file; paths in it are relative to it. */
  static Setting root(Path file) throws ConfigException {
    return new Setting(file, "", "", YamlFile.root(file).orElse(null), 1);
  }

  /** Returns that of a file that says nothing. */
  static Setting none() {
    return new Setting(Path.of(""), "", "", null, 1);
  }

  private Setting child(String key, @Nullable Node value, int keyLine) {
    return new Setting(file, path.isEmpty() ? key : path + "." + key, key, value, keyLine);
  }

  private Setting withoutValue(int atLine) {
    return new Setting(file, path, name, null, atLine);
  }

  private static int lineOf(Node node, int otherwise) {
    return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(otherwise);
  }

  boolean isPresent() {
    return node != null && !node.getTag().equals(Tag.NULL);
  }

  /** Returns the last key that leads here. */
  String name() {
    return name;
  }

  /** Returns the settings below this one; other keys than these are errors, which list them. */
  Section section(String... keys) throws ConfigException {
    Map<String, Setting> found = children();
    Map<String, Setting> settings = new LinkedHashMap<>();
    for (String key : keys) {
      Setting setting = found.remove(key);
      settings.put(key, setting == null ? child(key, null, line) : setting);
    }
    for (Setting unknown : found.values()) {
      throw unknown.wrong("is unknown here; known are " + String.join(", ", keys));
    }
    return new Section(settings);
  }

  /** Reads each setting below this one, whatever the keys are; keeps the order of the file. */
  <T> Map<String, T> entries(Reader<T> reader) throws ConfigException {
    Map<String, T> values = new LinkedHashMap<>();
    for (Setting setting : children().values()) {
      values.put(setting.name, reader.read(setting));
    }
    return values;
  }

  private Map<String, Setting> children() throws ConfigException {
    Map<String, Setting> settings = new LinkedHashMap<>();
    if (!isPresent()) {
      return settings;
    }
    if (!(node instanceof MappingNode mapping)) {
      throw wrong("must hold keys with values");
    }
    for (NodeTuple tuple : mapping.getValue()) {
      Node key = tuple.getKeyNode();
      int keyLine = lineOf(key, line);
      if (!(key instanceof ScalarNode scalar)) {
        throw withoutValue(keyLine).wrong("must have plain keys");
      }
      Setting setting = child(scalar.getValue(), tuple.getValueNode(), keyLine);
      if (settings.put(setting.name, setting) != null) {
        throw setting.withoutValue(keyLine).wrong("stands twice");
      }
    }
    return settings;
  }

  /** Reads each item of a list. */
  <T> List<T> list(Reader<T> reader) throws ConfigException {
    List<T> values = new ArrayList<>();
    if (!isPresent()) {
      return values;
    }
    if (!(node instanceof SequenceNode sequence)) {
      throw wrong("must be a list, as [a, b]");
    }
    for (Node item : sequence.getValue()) {
      values.add(reader.read(new Setting(file, path, name, item, line)));
    }
    return values;
  }

  String text() throws ConfigException {
    if (!(node instanceof ScalarNode scalar) || !isPresent() || scalar.getValue().isBlank()) {
      throw wrong("must be a text");
    }
    return scalar.getValue();
  }

  String text(String otherwise) throws ConfigException {
    return isPresent() ? text() : otherwise;
  }

  @Nullable String textOrNull() throws ConfigException {
    return isPresent() ? text() : null;
  }

  /** Returns an absolute path; one that stands here is relative to the file. */
  Path path(String otherwise) throws ConfigException {
    String text = text(otherwise);
    return make(() -> file.toAbsolutePath().resolveSibling(text));
  }

  @Nullable Path pathOrNull() throws ConfigException {
    return isPresent() ? path("") : null;
  }

  int number(int minimum, int maximum, int otherwise) throws ConfigException {
    if (!isPresent()) {
      return otherwise;
    }
    if (node instanceof ScalarNode scalar && node.getTag().equals(Tag.INT)) {
      try {
        int number = Integer.parseInt(scalar.getValue());
        if (number >= minimum && number <= maximum) {
          return number;
        }
      } catch (NumberFormatException e) {
        // too large, which the rule says
      }
    }
    throw wrong("must be a whole number %d..%d".formatted(minimum, maximum) + shown());
  }

  /** Returns a number of bytes, as {@code 64KB}, {@code 100MB}, {@code 20GB} or without a unit. */
  long bytes(long minimum, long otherwise) throws ConfigException {
    if (!isPresent()) {
      return otherwise;
    }
    Matcher size = BYTES.matcher(text());
    if (size.matches()) {
      long bytes = Long.parseLong(size.group(1)) << UNITS.getOrDefault(size.group(2), 0);
      if (bytes >= minimum) {
        return bytes;
      }
    }
    throw wrong(
        "must be a size as 64KB, 100MB or 20GB, at least %d bytes".formatted(minimum) + shown());
  }

  boolean flag(boolean otherwise) throws ConfigException {
    return isPresent() ? choice(new TreeMap<>(Map.of("true", true, "false", false))) : otherwise;
  }

  /** Returns the value of the word that stands here. */
  <T> T choice(Map<String, T> values) throws ConfigException {
    T value = node instanceof ScalarNode scalar ? values.get(scalar.getValue()) : null;
    if (value == null) {
      throw wrong("must be one of " + String.join(", ", values.keySet()) + shown());
    }
    return value;
  }

  Duration duration(Duration otherwise) throws ConfigException {
    if (!isPresent()) {
      return otherwise;
    }
    try {
      return Duration.parse(text());
    } catch (DateTimeParseException e) {
      throw wrong("must be a duration as PT1H30M or PT10S" + shown());
    }
  }

  /** Returns what the maker makes; its IllegalArgumentException becomes an error at this place. */
  <T> T make(Maker<T> maker) throws ConfigException {
    try {
      return maker.make();
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }

  ConfigException wrong(String rule) {
    return new ConfigException(
        "%s:%d: %s: %s".formatted(file, line, path.isEmpty() ? "(file)" : path, rule));
  }

  private String shown() {
    return node instanceof ScalarNode scalar ? ": '%s'".formatted(scalar.getValue()) : "";
  }

  /**
   * Turns a setting into a value.
   *
   * @param <T> type of the value
   */
  interface Reader<T> {
    T read(Setting setting) throws ConfigException;
  }

  /**
   * Makes a value, the constructor of which may refuse.
   *
   * @param <T> type of the value
   */
  interface Maker<T> {
    T make() throws ConfigException;
  }
}
