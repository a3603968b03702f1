package org.smsjmx.spring.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.beans.DirectFieldAccessor;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.SaveMode;
import org.springframework.session.Session;
import org.springframework.util.ClassUtils;

/**
 * A store of sessions, with what Spring Session's interface lacks: whether a call was the one that
 * ended a session, and a change that revives none. What it does depends on the kind of store.
 */
abstract class Store<S extends Session> {

  final FindByIndexNameSessionRepository<S> repository;

  Store(FindByIndexNameSessionRepository<S> repository) {
    this.repository = repository;
  }

  /** Returns the store of a repository. */
  static <S extends Session> Store<S> of(FindByIndexNameSessionRepository<S> repository) {
    Object target = target(repository);
    Store<S> store = null;
    if (isA("org.springframework.session.jdbc.JdbcIndexedSessionRepository", target)) {
      store = JdbcStore.of(repository, target);
    } else if (isA(
        "org.springframework.session.data.redis.RedisIndexedSessionRepository", target)) {
      store = new RedisStore<>(repository, target);
    }
    return store == null ? new AnyStore<>(repository) : store;
  }

  private static Object target(Object repository) {
    Object target = repository;
    for (Object next = repository; next != null; next = AopProxyUtils.getSingletonTarget(next)) {
      target = next;
    }
    return target;
  }

  /** Returns a private field of a repository that has no getter for it, null if there is none. */
  static @Nullable Object field(Object target, String name) {
    DirectFieldAccessor fields = new DirectFieldAccessor(target);
    return fields.isReadableProperty(name) ? fields.getPropertyValue(name) : null;
  }

  /** Returns what operations cannot promise with this store, as it is set up. */
  List<String> limits() {
    Object mode = field(target(repository), "saveMode");
    return mode == null || mode == SaveMode.ON_SET_ATTRIBUTE
        ? List.of()
        : List.of(
            "Spring Session's save mode %s lets a request in flight undo a refresh;".formatted(mode)
                + " ON_SET_ATTRIBUTE does not.");
  }

  private static boolean isA(String type, Object target) {
    ClassLoader loader = target.getClass().getClassLoader();
    return ClassUtils.isPresent(type, loader)
        && ClassUtils.resolveClassName(type, loader).isInstance(target);
  }

  /** Returns a session, null if it does not live. */
  @Nullable S find(String id) {
    S session = repository.findById(id);
    return session == null || hasEnded(session) ? null : session;
  }

  /** Returns those of some sessions that live. */
  Set<String> alive(Set<String> ids) {
    return ids.stream().filter(id -> find(id) != null).collect(Collectors.toSet());
  }

  /** Returns whether a session that the repository has found has ended all the same. */
  boolean hasEnded(Session session) {
    return false;
  }

  /**
   * A session that was found.
   *
   * @param id its id
   * @param session null if what the store says cannot be read here, such as that of another version
   *     of the application
   */
  record Found<S extends Session>(String id, @Nullable S session) {}

  /**
   * Returns the sessions that live under a name.
   *
   * @param name as it stands in the index, where letter case counts
   */
  List<Found<S>> findAll(String name) {
    List<Found<S>> found = new ArrayList<>();
    repository
        .findByPrincipalName(name)
        .forEach(
            (id, session) -> {
              if (!session.isExpired()) {
                found.add(new Found<>(id, session));
              }
            });
    return found;
  }

  /**
   * Ends a session.
   *
   * @param id its id
   * @param name under which it was found
   * @return whether this call ended it; if not it has ended, or lives under another id or name
   */
  abstract boolean end(String id, String name);

  /**
   * Sets attributes of a session that lives.
   *
   * @return whether it does
   */
  boolean write(String id, Map<String, Object> attributes) {
    S session = find(id);
    if (session == null) {
      return false;
    }
    attributes.forEach(session::setAttribute);
    repository.save(session);
    return find(id) != null;
  }
}
