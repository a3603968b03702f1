package org.smsjmx.application;

import java.security.Principal;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.management.remote.JMXPrincipal;
import javax.security.auth.Subject;
import org.smsjmx.management.Permission;

/**
 * What clients of the JDK's or the application's JMX connectors may do, by the name of their {@link
 * JMXPrincipal}, else of another principal. A name that is not listed may view.
 */
final class PrincipalPermissions implements Function<Subject, Permission> {

  /** The name under which those are listed that no connector authenticated. */
  private static final String ANONYMOUS = "anonymous";

  private final Map<String, Permission> byName;

  private PrincipalPermissions(Map<String, Permission> byName) {
    this.byName = byName;
  }

  /**
   * Reads a list such as {@code controlRole=administer,monitorRole=view}.
   *
   * @throws IllegalArgumentException if it is of another form
   */
  static PrincipalPermissions parse(String text) {
    Map<String, Permission> byName = new HashMap<>();
    for (String entry : text.split(",", -1)) {
      int equals = entry.lastIndexOf('=');
      String name = equals < 0 ? "" : entry.substring(0, equals).strip();
      if (name.isEmpty()) {
        throw new IllegalArgumentException(
            "must be a list of name=permission, with commas: " + entry.strip());
      }
      String word = entry.substring(equals + 1).strip();
      Permission permission =
          Stream.of(Permission.values())
              .filter(each -> each.toString().equals(word.toLowerCase(Locale.ROOT)))
              .findFirst()
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "a permission must be view, refresh, terminate or administer: " + word));
      if (byName.put(name, permission) != null) {
        throw new IllegalArgumentException("a name must stand there once: " + name);
      }
    }
    return new PrincipalPermissions(byName);
  }

  @Override
  public Permission apply(Subject subject) {
    Set<? extends Principal> named = subject.getPrincipals(JMXPrincipal.class);
    String name =
        (named.isEmpty() ? subject.getPrincipals() : named)
            .stream().map(Principal::getName).findFirst().orElse(ANONYMOUS);
    boolean imposter = !subject.getPrincipals().isEmpty() && name.equals(ANONYMOUS);
    return imposter ? Permission.VIEW : byName.getOrDefault(name, Permission.VIEW);
  }
}
