package org.smsjmx.spring.session;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import org.smsjmx.session.SessionFacts;
import org.smsjmx.session.Sessions;
import org.smsjmx.session.UserInRealm;
import org.smsjmx.spring.security.Refreshers;
import org.smsjmx.spring.security.UserDetailsRefresher;
import org.smsjmx.spring.security.UserDetailsRegistry;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.Session;

/**
 * A node of an application: a repository over the store that it shares with others, and a table.
 */
final class StoreNode<S extends Session> {

  static final String REALM = "shop";
  static final Duration SKEW = Duration.ofSeconds(1);

  /** As the application has it. */
  final FindByIndexNameSessionRepository<S> repository;

  final SpringSessionTable<S> table;
  final Sessions sessions;
  private final UserDetailsRegistry registry;
  private final UserDetailsService users;
  private final String server;

  StoreNode(
      String server,
      FindByIndexNameSessionRepository<S> raw,
      UserDetailsService users,
      InstantSource clock) {
    this.server = server;
    this.users = users;
    this.registry = new UserDetailsRegistry(() -> users);
    this.repository = decorated(raw);
    this.table =
        new SpringSessionTable<>(
            repository,
            new Refreshers(List.of(), new UserDetailsRefresher(registry, true)),
            () -> registry,
            clock,
            SKEW);
    this.sessions = new Sessions(table, registry, clock);
    table.joined(server, REALM);
  }

  @SuppressWarnings("unchecked")
  private FindByIndexNameSessionRepository<S> decorated(FindByIndexNameSessionRepository<S> raw) {
    return (FindByIndexNameSessionRepository<S>)
        new CheckedRepository(this::table, refused -> {})
            .postProcessAfterInitialization(raw, "sessionRepository");
  }

  private SpringSessionTable<?> table() {
    return table;
  }

  UserDetailsRegistry registry() {
    return registry;
  }

  static UserInRealm user(String name) {
    return new UserInRealm(name, REALM);
  }

  /** Signs a user in as Spring Security does, with the authorities that the user has now. */
  String signIn(String user) {
    return save(enter(user, table.begin()));
  }

  /** Signs a user in up to the moment before Spring Session saves the session. */
  S enter(String user, Moment begun) {
    S session = before(user);
    session.setAttribute(
        SignInMark.ATTRIBUTE,
        new SignInMark(SignInMark.State.NEW, begun, user, server, SessionFacts.NONE).toString());
    return session;
  }

  /** Returns a session as it was before there was a table. */
  S before(String user) {
    S session = repository.createSession();
    UserDetails details = users.loadUserByUsername(user);
    SecurityContext context = SecurityContextHolder.createEmptyContext();
    context.setAuthentication(
        UsernamePasswordAuthenticationToken.authenticated(details, null, details.getAuthorities()));
    session.setAttribute(SpringSessionTable.CONTEXT, context);
    return session;
  }

  String save(S session) {
    repository.save(session);
    return session.getId();
  }

  boolean isAlive(String id) {
    return repository.findById(id) != null;
  }

  <T> T attribute(String id, String name) {
    return repository.findById(id).getAttribute(name);
  }

  List<String> authorities(String id) {
    S session = repository.findById(id);
    SecurityContext context =
        session == null ? null : session.getAttribute(SpringSessionTable.CONTEXT);
    Authentication user = context == null ? null : context.getAuthentication();
    return user == null
        ? List.of()
        : user.getAuthorities().stream().map(GrantedAuthority::getAuthority).toList();
  }

  /** Returns a user as the application's store of users has it. */
  static UserDetails details(String name, String... roles) {
    return User.withUsername(name)
        .password("secret")
        .authorities(AuthorityUtils.createAuthorityList(Arrays.asList(roles)))
        .build();
  }
}
