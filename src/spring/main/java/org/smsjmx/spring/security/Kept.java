package org.smsjmx.spring.security;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.web.authentication.switchuser.SwitchUserGrantedAuthority;

/**
 * Authorities that say how a user has signed in, and not what the user may do: the factors of
 * Spring Security 7, and the way back of an administrator who has become another user. A refresh
 * keeps them.
 */
final class Kept {

  /** By name, since Spring Security 6 has no such class. */
  private static final String FACTOR =
      "org.springframework.security.core.authority.FactorGrantedAuthority";

  private Kept() {}

  static boolean isKept(GrantedAuthority authority) {
    return authority.getClass().getName().equals(FACTOR)
        || authority instanceof SwitchUserGrantedAuthority;
  }

  /** Returns fresh authorities with those of former ones that a refresh keeps. */
  static List<GrantedAuthority> and(
      Collection<? extends GrantedAuthority> fresh, Collection<? extends GrantedAuthority> former) {
    List<GrantedAuthority> both = new ArrayList<>(fresh);
    former.stream().filter(Kept::isKept).forEach(both::add);
    return both;
  }
}
