package org.smsjmx.session;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a server knows of a signed-in user, built from the user registry.
 *
 * @param principal the user's name in the registry
 * @param groups names of the groups that the user belongs to, in the registry's order
 * @param attributes further attributes by name
 */
public record Credential(
    String principal, List<String> groups, Map<String, List<String>> attributes) {

  public Credential {
    groups = List.copyOf(groups);
    Map<String, List<String>> copy = new HashMap<>();
    attributes.forEach((name, values) -> copy.put(name, List.copyOf(values)));
    attributes = Map.copyOf(copy);
  }
}
