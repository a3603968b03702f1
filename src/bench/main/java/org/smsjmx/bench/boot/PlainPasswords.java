package org.smsjmx.bench.boot;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.crypto.password.PasswordEncoder;

/**
 * Lets passwords be as they are: hashing those of so many sign-ins would take longer than all the
 * rest. Spring's own encoder would hash a plain one with each sign-in anew.
 */
@Configuration(proxyBeanMethods = false)
public class PlainPasswords {

  /** Made by Spring. */
  public PlainPasswords() {}

  @Bean
  PasswordEncoder passwords() {
    return new PasswordEncoder() {
      @Override
      public String encode(CharSequence password) {
        return String.valueOf(password);
      }

      @Override
      public boolean matches(CharSequence password, String stored) {
        return stored.contentEquals(password);
      }
    };
  }
}
