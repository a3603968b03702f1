package org.smsjmx.spring.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smsjmx.session.UserRegistry.RegistryUnavailableException;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.authentication.RememberMeAuthenticationToken;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.authority.FactorGrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UsernameNotFoundException;
import org.springframework.security.web.authentication.preauth.PreAuthenticatedAuthenticationToken;
import org.springframework.security.web.authentication.switchuser.SwitchUserGrantedAuthority;

class UserDetailsRefresherTest {

  private final Map<String, UserDetails> users = new ConcurrentHashMap<>();
  private final UserDetailsRefresher refresher =
      new UserDetailsRefresher(new UserDetailsRegistry(() -> this::load), true);

  private boolean fails;

  private UserDetails load(String name) {
    if (fails) {
      throw new IllegalStateException("down");
    }
    UserDetails user = users.get(name);
    if (user == null) {
      throw new UsernameNotFoundException(name);
    }
    return user;
  }

  /** An application's own kind of details. */
  private static final class Employee extends User {

    private final String office;

    Employee(String name, String office, String... authorities) {
      super(name, "secret", AuthorityUtils.createAuthorityList(authorities));
      this.office = office;
    }
  }

  private static List<String> names(Collection<? extends GrantedAuthority> authorities) {
    return authorities.stream().map(GrantedAuthority::getAuthority).toList();
  }

  private static Authentication signedIn(UserDetails user) {
    UsernamePasswordAuthenticationToken token =
        UsernamePasswordAuthenticationToken.authenticated(user, null, user.getAuthorities());
    token.setDetails("from 127.0.0.1");
    return token;
  }

  @Test
  void principalAndAuthoritiesAreNewAndAllElseStays() {
    Authentication former = signedIn(new Employee("dlucas", "Rome", "ROLE_USER"));
    users.put("dlucas", new Employee("dlucas", "Oslo", "ROLE_USER", "ROLE_ADMIN"));

    assertThat(refresher.supports(former)).isTrue();
    Authentication fresh = refresher.refresh(former, List.of());

    assertThat(fresh.getClass()).isEqualTo(UsernamePasswordAuthenticationToken.class);
    assertThat(names(fresh.getAuthorities())).containsExactly("ROLE_ADMIN", "ROLE_USER");
    assertThat(((Employee) fresh.getPrincipal()).office).isEqualTo("Oslo");
    assertThat(names(((Employee) fresh.getPrincipal()).getAuthorities()))
        .containsExactly("ROLE_ADMIN", "ROLE_USER");
    assertThat(fresh.getDetails()).isEqualTo("from 127.0.0.1");
    assertThat(fresh.isAuthenticated()).isTrue();
    assertThat(names(former.getAuthorities())).containsExactly("ROLE_USER");
  }

  @Test
  void passwordIsErasedAsAtSignIn() {
    Authentication former = signedIn(new Employee("dlucas", "Rome", "ROLE_USER"));
    users.put("dlucas", new Employee("dlucas", "Oslo", "ROLE_USER"));

    Authentication fresh = refresher.refresh(former, List.of());

    assertThat(((UserDetails) fresh.getPrincipal()).getPassword()).isNull();
  }

  @Test
  void factorsAndTheWayBackOfAnAdministratorStay() {
    FactorGrantedAuthority factor =
        FactorGrantedAuthority.fromAuthority(FactorGrantedAuthority.PASSWORD_AUTHORITY);
    UserDetails user = new Employee("dlucas", "Rome", "ROLE_USER");
    GrantedAuthority back = new SwitchUserGrantedAuthority("ROLE_PREVIOUS", signedIn(user));
    Collection<GrantedAuthority> authorities = new ArrayList<>(user.getAuthorities());
    authorities.add(factor);
    authorities.add(back);
    users.put("dlucas", new Employee("dlucas", "Rome", "ROLE_GUEST"));

    Authentication fresh =
        refresher.refresh(
            UsernamePasswordAuthenticationToken.authenticated(user, null, authorities), List.of());

    assertThat(fresh.getAuthorities())
        .extracting(GrantedAuthority.class::cast)
        .containsExactlyInAnyOrder(new SimpleGrantedAuthority("ROLE_GUEST"), factor, back);
  }

  @Test
  void rememberedAndPreAuthenticatedUsersKeepTheirType() {
    UserDetails user = new Employee("dlucas", "Rome", "ROLE_USER");
    users.put("dlucas", new Employee("dlucas", "Rome", "ROLE_ADMIN"));
    RememberMeAuthenticationToken remembered =
        new RememberMeAuthenticationToken("key", user, user.getAuthorities());
    Authentication trusted =
        new PreAuthenticatedAuthenticationToken(user, "proof", user.getAuthorities());

    for (Authentication former : List.of(remembered, trusted)) {
      assertThat(refresher.supports(former)).isTrue();
      Authentication fresh = refresher.refresh(former, List.of());
      assertThat(fresh.getClass()).isEqualTo(former.getClass());
      assertThat(fresh.getCredentials()).isEqualTo(former.getCredentials());
      assertThat(names(fresh.getAuthorities())).containsExactly("ROLE_ADMIN");
    }
    assertThat(
            ((RememberMeAuthenticationToken) refresher.refresh(remembered, List.of())).getKeyHash())
        .isEqualTo(remembered.getKeyHash());
  }

  /** It would become the type from which it inherits how it is built. */
  @Test
  void typesThatDoNotSayHowTheyAreBuiltAreLeftAlone() {
    UserDetails user = new Employee("dlucas", "Rome", "ROLE_USER");
    users.put("dlucas", user);
    Authentication inherited =
        new UsernamePasswordAuthenticationToken(user, null, user.getAuthorities()) {};
    Authentication own =
        new AbstractAuthenticationToken(user.getAuthorities()) {
          @Override
          public Object getCredentials() {
            return "";
          }

          @Override
          public Object getPrincipal() {
            return user;
          }
        };

    assertThat(refresher.supports(inherited)).isFalse();
    assertThat(refresher.supports(own)).isFalse();
  }

  @Test
  void detailsThatTheStoreDoesNotGiveAreLeftAlone() {
    Authentication ofDirectory = signedIn(new User("dlucas", "", List.of()));
    users.put("dlucas", new Employee("dlucas", "Rome", "ROLE_USER"));

    assertThat(refresher.supports(ofDirectory)).isFalse();
  }

  @Test
  void usersWhomTheStoreDoesNotKnowAreLeftAlone() {
    assertThat(refresher.supports(signedIn(new Employee("stranger", "Rome")))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"text", "42"})
  void principalsThatAreNoDetailsAreLeftAlone(String principal) {
    users.put(principal, new Employee(principal, "Rome"));

    assertThat(
            refresher.supports(
                UsernamePasswordAuthenticationToken.authenticated(principal, null, List.of())))
        .isFalse();
  }

  @Test
  void userWhoWasDeletedSinceTheRefreshHasWhatWasToldThen() {
    Authentication former = signedIn(new Employee("dlucas", "Rome", "ROLE_USER", "ROLE_ADMIN"));

    Authentication fresh = refresher.refresh(former, List.of("ROLE_GUEST"));

    assertThat(names(fresh.getAuthorities())).containsExactly("ROLE_GUEST");
  }

  @Test
  void whereTheStoreFailsAtSignInARefreshWillTell() {
    fails = true;
    Authentication user = signedIn(new Employee("dlucas", "Rome"));

    assertThat(refresher.supports(user)).isTrue();
    assertThatExceptionOfType(RegistryUnavailableException.class)
        .isThrownBy(() -> refresher.refresh(user, List.of()));
  }
}
