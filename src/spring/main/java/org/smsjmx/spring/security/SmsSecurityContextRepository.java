package org.smsjmx.spring.security;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.smsjmx.session.SessionTable;
import org.smsjmx.session.UserRegistry;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.DeferredSecurityContext;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.authentication.session.SessionAuthenticationException;
import org.springframework.security.web.context.HttpRequestResponseHolder;
import org.springframework.security.web.context.HttpSessionSecurityContextRepository;
import org.springframework.security.web.context.SecurityContextRepository;

/**
 * Stands before the application's own repository: each way of signing in saves its context there,
 * and each request loads it. Contexts that are not kept in the HTTP session pass.
 */
final class SmsSecurityContextRepository implements SecurityContextRepository {

  private final SecurityContextRepository usual;
  private final SessionBinding binding;

  SmsSecurityContextRepository(SecurityContextRepository usual, SessionBinding binding) {
    this.usual = usual;
    this.binding = binding;
  }

  /** Returns whether an HTTP session holds the authentication of a user. */
  static @Nullable Authentication signedIn(@Nullable HttpSession session) {
    return session == null ? null : user(stored(session));
  }

  /** Returns the context that an HTTP session holds, null also if it has ended. */
  static @Nullable SecurityContext stored(HttpSession session) {
    try {
      return session.getAttribute(HttpSessionSecurityContextRepository.SPRING_SECURITY_CONTEXT_KEY)
              instanceof SecurityContext context
          ? context
          : null;
    } catch (IllegalStateException e) {
      return null;
    }
  }

  private static @Nullable Authentication user(@Nullable SecurityContext context) {
    Authentication user = context == null ? null : context.getAuthentication();
    return user instanceof AnonymousAuthenticationToken ? null : user;
  }

  @Override
  public DeferredSecurityContext loadDeferredContext(HttpServletRequest request) {
    return new Validated(usual.loadDeferredContext(request), request);
  }

  @Override
  @SuppressWarnings("deprecation") // of the interface; still to be implemented
  public SecurityContext loadContext(HttpRequestResponseHolder both) {
    return validated(usual.loadContext(both), both.getRequest());
  }

  private SecurityContext validated(SecurityContext context, HttpServletRequest request) {
    Authentication user = user(context);
    if (user == null || !isOf(request.getSession(false), user)) {
      return context;
    }
    try {
      return binding.validate(context, request);
    } catch (SessionTable.UnavailableException | UserRegistry.RegistryUnavailableException e) {
      if (request.getDispatcherType() != DispatcherType.ERROR) {
        throw e;
      }
      return withoutAuthorities(user);
    }
  }

  /** For the page that shows just this failure. */
  private static SecurityContext withoutAuthorities(Authentication user) {
    SecurityContext context = SecurityContextHolder.createEmptyContext();
    context.setAuthentication(
        UsernamePasswordAuthenticationToken.authenticated(
            Objects.requireNonNullElse(user.getPrincipal(), user.getName()), null, List.of()));
    return context;
  }

  /** A request that brings a proof of its own along, such as HTTP Basic, has no session here. */
  private static boolean isOf(@Nullable HttpSession session, Authentication user) {
    Authentication stored = signedIn(session);
    return stored != null && Objects.equals(stored.getName(), user.getName());
  }

  @Override
  public void saveContext(
      SecurityContext context, HttpServletRequest request, HttpServletResponse response) {
    usual.saveContext(context, request, response);
    Authentication user = user(context);
    if (user == null) {
      binding.leave(request);
    } else if (isOf(request.getSession(false), user)) {
      try {
        binding.enter(user, request);
      } catch (SessionAuthenticationException e) {
        // also out of the request, in which an error page may look for it
        usual.saveContext(SecurityContextHolder.createEmptyContext(), request, response);
        SecurityContextHolder.clearContext();
        throw e;
      }
    }
  }

  @Override
  public boolean containsContext(HttpServletRequest request) {
    return usual.containsContext(request);
  }

  /** Validates when somebody wants to know the user, which public pages do not. */
  private final class Validated implements DeferredSecurityContext {

    private final DeferredSecurityContext loaded;
    private final HttpServletRequest request;
    private @Nullable SecurityContext validated;

    Validated(DeferredSecurityContext loaded, HttpServletRequest request) {
      this.loaded = loaded;
      this.request = request;
    }

    @Override
    public SecurityContext get() {
      SecurityContext known = validated;
      if (known == null) {
        known = validated(loaded.get(), request);
        validated = known;
      }
      return known;
    }

    @Override
    public boolean isGenerated() {
      return get().getAuthentication() == null || loaded.isGenerated();
    }
  }
}
