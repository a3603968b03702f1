package org.smsjmx.config;

import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** A place in a YAML file: turns what stands there into values, or says what is wrong with it. */
final class Setting {

  private final Path file;
  private final String key;
  private final @Nullable Node node;
  private final int line;

  private Setting(Path file, String key, @Nullable Node node, int line) {
    this.file = file;
    this.key = key;
    this.node = node;
    this.line = node == null ? line : lineOf(node, line);
  }

  static Setting root(Path file, @Nullable Node node) {
    return new Setting(file, "", node, 1);
  }

  private static int lineOf(Node node, int otherwise) {
    return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(otherwise);
  }

  boolean isPresent() {
    return node != null && !node.getTag().equals(Tag.NULL);
  }

  String key() {
    return key;
  }

  /** Returns the settings below this one by key; only the given keys may stand there. */
  Map<String, Setting> section(Set<String> known) throws ConfigException {
    Map<String, Setting> settings = entries();
    for (Setting setting : settings.values()) {
      String last = setting.key.substring(key.isEmpty() ? 0 : key.length() + 1);
      if (!known.contains(last)) {
        throw setting.wrong("is unknown here; known are " + String.join(", ", known));
      }
    }
    for (String name : known) {
      settings.putIfAbsent(name, new Setting(file, keyOf(name), null, line));
    }
    return settings;
  }

  /** Returns the settings below this one by key, whatever the keys are. */
  Map<String, Setting> entries() throws ConfigException {
    Map<String, Setting> settings = new LinkedHashMap<>();
    if (!isPresent()) {
      return settings;
    }
    if (!(node instanceof MappingNode mapping)) {
      throw wrong("must hold keys with values");
    }
    for (NodeTuple tuple : mapping.getValue()) {
      Node keyNode = tuple.getKeyNode();
      int keyLine = lineOf(keyNode, line);
      if (!(keyNode instanceof ScalarNode name)) {
        throw new Setting(file, key, null, keyLine).wrong("must have plain keys");
      }
      Setting setting = new Setting(file, keyOf(name.getValue()), tuple.getValueNode(), keyLine);
      if (settings.put(name.getValue(), setting) != null) {
        throw new Setting(file, setting.key, null, keyLine).wrong("stands twice");
      }
    }
    return settings;
  }

  private String keyOf(String name) {
    return key.isEmpty() ? name : key + "." + name;
  }

  List<Setting> list() throws ConfigException {
    List<Setting> settings = new ArrayList<>();
    if (!isPresent()) {
      return settings;
    }
    if (!(node instanceof SequenceNode sequence)) {
      throw wrong("must be a list, as [a, b]");
    }
    for (Node item : sequence.getValue()) {
      settings.add(new Setting(file, key, item, line));
    }
    return settings;
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
      throw wrong(e.getMessage());
    }
  }

  ConfigException wrong(String rule) {
    return new ConfigException(
        "%s:%d: %s: %s".formatted(file, line, key.isEmpty() ? "(file)" : key, rule));
  }

  private String shown() {
    return node instanceof ScalarNode scalar ? ": '%s'".formatted(scalar.getValue()) : "";
  }

  /**
   * Makes a value from settings.
   *
   * @param <T> what it makes
   */
  interface Maker<T> {
    T make() throws ConfigException;
  }
}
