package org.smsjmx.spring.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.smsjmx.session.Credential;
import org.smsjmx.session.UserRegistry.NoCredentialException;
import org.smsjmx.session.UserRegistry.RegistryUnavailableException;
import org.smsjmx.session.UserRegistry.UnknownUserException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.User.UserBuilder;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.core.userdetails.UsernameNotFoundException;

class UserDetailsRegistryTest {

  private static UserDetailsRegistry of(UserDetailsService users) {
    return new UserDetailsRegistry(() -> users);
  }

  private static UserBuilder lucas() {
    return User.withUsername("dlucas").password("secret").roles("USER", "ADMIN");
  }

  @Test
  void authoritiesAreGroups() {
    Credential credential = of(name -> lucas().build()).read("DLUCAS");

    assertThat(credential.principal()).isEqualTo("dlucas");
    assertThat(credential.groups()).containsExactly("ROLE_ADMIN", "ROLE_USER");
    assertThat(credential.attributes()).isEmpty();
  }

  @Test
  void unknownUser() {
    UserDetailsRegistry registry =
        of(
            name -> {
              throw new UsernameNotFoundException(name);
            });
    assertThatExceptionOfType(UnknownUserException.class).isThrownBy(() -> registry.read("nobody"));
  }

  @Test
  void storeThatAnswersNothingKnowsNoSuchUser() {
    assertThatExceptionOfType(UnknownUserException.class)
        .isThrownBy(() -> of(name -> null).read("nobody"));
  }

  @Test
  void accountThatCannotSignInGivesNoCredential() {
    assertThatExceptionOfType(NoCredentialException.class)
        .isThrownBy(() -> of(name -> lucas().disabled(true).build()).read("dlucas"))
        .withMessage("the account is disabled");
    assertThatExceptionOfType(NoCredentialException.class)
        .isThrownBy(() -> of(name -> lucas().accountLocked(true).build()).read("dlucas"))
        .withMessage("the account is locked");
    assertThatExceptionOfType(NoCredentialException.class)
        .isThrownBy(() -> of(name -> lucas().accountExpired(true).build()).read("dlucas"))
        .withMessage("the account is expired");
  }

  @Test
  void storeThatFailsIsNotAvailable() {
    UserDetailsRegistry registry =
        of(
            name -> {
              throw new DataAccessResourceFailureException("jdbc:secret://host");
            });
    assertThatExceptionOfType(RegistryUnavailableException.class)
        .isThrownBy(() -> registry.read("dlucas"))
        .withMessage(
            "the application's UserDetailsService failed with DataAccessResourceFailureException");
  }

  @Test
  void applicationWithoutAStoreGivesNoCredential() {
    assertThatExceptionOfType(NoCredentialException.class)
        .isThrownBy(() -> of(null).read("dlucas"));
  }
}
