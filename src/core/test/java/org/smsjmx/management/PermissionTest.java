package org.smsjmx.management;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a role includes. */
final class PermissionTest {

  private static Set<Permission> of(Permission role) {
    Set<Permission> included = EnumSet.noneOf(Permission.class);
    for (Permission permission : Permission.values()) {
      if (role.includes(permission)) {
        included.add(permission);
      }
    }
    return included;
  }

  @Test
  void eachRoleIncludesThoseBeforeItAndAuditStandsBesideThem() {
    assertThat(of(Permission.VIEW)).containsExactly(Permission.VIEW);
    assertThat(of(Permission.REFRESH)).containsExactly(Permission.VIEW, Permission.REFRESH);
    assertThat(of(Permission.TERMINATE))
        .containsExactly(Permission.VIEW, Permission.REFRESH, Permission.TERMINATE);
    assertThat(of(Permission.AUDIT)).containsExactly(Permission.VIEW, Permission.AUDIT);
    assertThat(of(Permission.ADMINISTER)).containsExactly(Permission.values());
  }
}
