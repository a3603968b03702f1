package org.smsjmx.spring.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.Session;
import org.springframework.util.ClassUtils;

/**
 * A store of sessions, with what Spring Session's interface lacks: whether a call was the one that
 * ended a session, and a change that revives none. What it does depends on the kind of store.
 */
abstract class Store<S extends Session> {

  private static final Logger LOG = LoggerFactory.getLogger(Store.class);

  final FindByIndexNameSessionRepository<S> repository;

  Store(FindByIndexNameSessionRepository<S> repository) {
    this.repository = repository;
  }

  /** Returns the store of a repository. */
  static <S extends Session> Store<S> of(FindByIndexNameSessionRepository<S> repository) {
    Object target = repository;
    for (Object next = repository; next != null; next = AopProxyUtils.getSingletonTarget(next)) {
      target = next;
    }
    Store<S> store = null;
    if (isA("org.springframework.session.jdbc.JdbcIndexedSessionRepository", target)) {
      store = JdbcStore.of(repository, target);
    } else if (isA(
        "org.springframework.session.data.redis.RedisIndexedSessionRepository", target)) {
      store = new RedisStore<>(repository, target);
    }
    if (store != null) {
      return store;
    }
    LOG.warn(
        "{}: a session that two nodes end at the same time may be counted at both",
        target.getClass().getName());
    return new AnyStore<>(repository);
  }

  private static boolean isA(String type, Object target) {
    ClassLoader loader = target.getClass().getClassLoader();
    return ClassUtils.isPresent(type, loader)
        && ClassUtils.resolveClassName(type, loader).isInstance(target);
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
  List<Found<S>> find(String name) {
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
    S session = repository.findById(id);
    if (session == null) {
      return false;
    }
    attributes.forEach(session::setAttribute);
    repository.save(session);
    return repository.findById(id) != null;
  }
}
