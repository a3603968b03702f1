package org.example.shop;

import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.authentication.configuration.AuthenticationConfiguration;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.provisioning.JdbcUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.rememberme.JdbcTokenRepositoryImpl;
import org.springframework.security.web.authentication.rememberme.PersistentTokenRepository;

/** Who the users are, and what they may see. */
@Configuration
class SecurityRules {

  @Bean
  JdbcUserDetailsManager users(DataSource database) {
    return new JdbcUserDetailsManager(database);
  }

  @Bean
  SecurityFilterChain rules(
      HttpSecurity http,
      @Value("${shop.remember-me}") String rememberMe,
      ObjectProvider<PersistentTokenRepository> tokens)
      throws Exception {
    http.authorizeHttpRequests(
            requests ->
                requests
                    .requestMatchers("/public/**", "/error")
                    .permitAll()
                    .requestMatchers("/admin/**")
                    .hasRole("ADMIN")
                    .anyRequest()
                    .authenticated())
        .formLogin(form -> form.loginPage("/login").permitAll())
        .logout(Customizer.withDefaults());
    if (!rememberMe.equals("none")) {
      http.rememberMe(remember -> tokens.ifAvailable(remember::tokenRepository));
    }
    return http.build();
  }

  @Bean
  @ConditionalOnProperty(name = "shop.remember-me", havingValue = "persistent")
  PersistentTokenRepository tokens(DataSource database) {
    JdbcTokenRepositoryImpl tokens = new JdbcTokenRepositoryImpl();
    tokens.setDataSource(database);
    return tokens;
  }

  /** For sign-ins beside the form. */
  @Bean
  AuthenticationManager authenticationManager(AuthenticationConfiguration configuration)
      throws Exception {
    return configuration.getAuthenticationManager();
  }
}
