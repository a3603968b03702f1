package org.smsjmx.runtime;

import java.lang.module.ModuleFinder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Modules that a program needs of the Java runtime, of which an image may lack some. */
public final class RequiredModules {

  private RequiredModules() {}

  /**
   * Returns what to say where modules are missing, null if all are there. To be called before a
   * class is loaded that needs them.
   *
   * @param required names of modules
   */
  public static @Nullable String missing(List<String> required) {
    ModuleLayer resolved = ModuleLayer.boot();
    List<String> missing =
        required.stream().filter(module -> resolved.findModule(module).isEmpty()).toList();
    if (missing.isEmpty()) {
      return null;
    }
    ModuleFinder image = ModuleFinder.ofSystem();
    if (missing.stream().allMatch(module -> image.find(module).isPresent())) {
      return "Java must be started with --add-modules="
          + String.join(",", missing)
          + ", as the scripts do";
    }
    return "the Java runtime in %s lacks the modules that are needed here: %s"
        .formatted(System.getProperty("java.home"), String.join(", ", missing));
  }
}
