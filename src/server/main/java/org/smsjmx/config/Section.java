package org.smsjmx.config;

import java.util.Map;

/** Settings under fixed keys. Each key has its setting, also where the file does not name it. */
final class Section {

  private final Map<String, Setting> settings;

  Section(Map<String, Setting> settings) {
    this.settings = Map.copyOf(settings);
  }

  /**
   * Returns the setting of a key.
   *
   * @throws IllegalArgumentException if the section was not declared with this key
   */
  Setting get(String key) {
    Setting setting = settings.get(key);
    if (setting == null) {
      throw new IllegalArgumentException("not a key of this section: " + key);
    }
    return setting;
  }

  /** Returns whether the file sets none of the keys. */
  boolean isEmpty() {
    return settings.values().stream().noneMatch(Setting::isPresent);
  }
}
