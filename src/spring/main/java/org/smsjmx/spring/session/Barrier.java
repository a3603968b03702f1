package org.smsjmx.spring.session;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.Session;

/**
 * What operations leave in the store for sign-ins that they overlap, at whatever node these are. It
 * is a session of its own, without a user, under a name that no user can have; it ends by itself.
 *
 * <p><b>An operation raises the barrier, then looks for sessions; a sign-in is saved, then looks
 * for barriers.</b> So at least one of the two sees the other.
 */
final class Barrier<S extends Session> {

  /** A sign-in that takes longer is refused. */
  static final Duration LONGEST_SIGN_IN = Duration.ofMinutes(8);

  /** Longer than that, by more than clocks may differ. */
  private static final Duration LIFE = Duration.ofMinutes(10);

  private static final Duration LARGEST_SKEW = Duration.ofMinutes(1);

  private static final String ATTRIBUTE = "org.smsjmx.barrier";

  private final FindByIndexNameSessionRepository<S> repository;
  private final Duration skew;

  /**
   * Keeps barriers in a store.
   *
   * @param repository the store
   * @param skew by how much the clocks of two nodes may differ
   * @throws IllegalArgumentException if that is negative or above a minute
   */
  Barrier(FindByIndexNameSessionRepository<S> repository, Duration skew) {
    if (skew.isNegative() || skew.compareTo(LARGEST_SKEW) > 0) {
      throw new IllegalArgumentException("clock-skew must be PT0S..PT1M: " + skew);
    }
    this.repository = repository;
    this.skew = skew;
  }

  /** What an operation does to the sessions of a user. */
  enum Kind {
    TERMINATE,
    REFRESH
  }

  /**
   * A barrier that was raised.
   *
   * @param id of the session in which it is kept
   */
  private record Raised(String id, Kind kind, Moment at) {}

  /**
   * Raises one.
   *
   * @param user as names are compared
   * @param at a moment after all sign-ins of this node that began before
   */
  void raise(Kind kind, String user, Moment at) {
    String name = name(user);
    Collection<Raised> former = raised(name);
    S kept = repository.createSession();
    kept.setMaxInactiveInterval(LIFE);
    kept.setAttribute(FindByIndexNameSessionRepository.PRINCIPAL_NAME_INDEX_NAME, name);
    kept.setAttribute(ATTRIBUTE, kind + " " + at);
    repository.save(kept);
    for (Raised each : former) {
      if (each.kind == kind && isSuperseded(each.at, at)) {
        repository.deleteById(each.id);
      }
    }
  }

  /** Whether no sign-in can tell from a barrier what it cannot tell from a later one. */
  private boolean isSuperseded(Moment at, Moment by) {
    return at.node().equals(by.node())
        ? at.epoch() < by.epoch()
        : at.millis() + skew.toMillis() < by.millis();
  }

  /** Returns whether an operation began, or may have begun, after a sign-in did. */
  boolean isRaised(Kind kind, String user, Moment since) {
    return raised(name(user)).stream()
        .anyMatch(each -> each.kind == kind && since.mayBeBefore(each.at, skew));
  }

  /** Returns whether an operation is after a sign-in, or may be. */
  boolean isOvertaken(Moment signIn, Moment operation) {
    return signIn.mayBeBefore(operation, skew);
  }

  /** Returns those that there are, each as something that is equal to itself only. */
  Set<Object> all(Kind kind, String user) {
    Set<Object> all = new HashSet<>();
    raised(name(user)).stream().filter(each -> each.kind == kind).forEach(all::add);
    return all;
  }

  private Collection<Raised> raised(String name) {
    Collection<Raised> raised = new HashSet<>();
    repository
        .findByPrincipalName(name)
        .forEach(
            (id, session) -> {
              Raised read = read(id, session.getAttribute(ATTRIBUTE));
              if (read != null && !session.isExpired()) {
                raised.add(read);
              }
            });
    return raised;
  }

  private static @Nullable Raised read(String id, @Nullable Object text) {
    if (!(text instanceof String kept)) {
      return null;
    }
    String[] parts = kept.split(" ", 2);
    Moment at = parts.length == 2 ? Moment.parse(parts[1]) : null;
    return at == null ? null : new Raised(id, Kind.valueOf(parts[0]), at);
  }

  /** A user's name may not hold an asterisk; that of a store's user may have 100 characters. */
  private static String name(String user) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(user.getBytes(StandardCharsets.UTF_8));
      return "sms-jmx*" + Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("the Java runtime lacks SHA-256", e);
    }
  }
}
