package org.smsjmx.session;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

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
    attributes =
        attributes.entrySet().stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    Map.Entry::getKey, attribute -> List.copyOf(attribute.getValue())));
  }
}
