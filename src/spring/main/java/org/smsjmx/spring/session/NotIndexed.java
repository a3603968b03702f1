package org.smsjmx.spring.session;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.NestedRuntimeException;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.Session;
import org.springframework.session.SessionRepository;
import org.springframework.util.ClassUtils;

/**
 * A repository whose sessions cannot be found by the user's name, so that they are not managed.
 * Over it, a table's operations fail and say so, instead of counting none.
 *
 * @param <S> its sessions
 */
public final class NotIndexed<S extends Session> implements FindByIndexNameSessionRepository<S> {

  private static final String BOOT_4 =
      "org.springframework.boot.session.data.redis.autoconfigure.SessionDataRedisAutoConfiguration";

  private final SessionRepository<S> repository;
  private final String reason;

  /**
   * Takes what the application has.
   *
   * @param repository which
   */
  public NotIndexed(SessionRepository<S> repository) {
    this.repository = repository;
    this.reason = reason(repository);
  }

  /** Returns why sessions of a repository are not managed, and what to set. */
  public static String reason(SessionRepository<?> repository) {
    Class<?> type = repository.getClass();
    String name = ClassUtils.getUserClass(type).getSimpleName();
    String property =
        ClassUtils.isPresent(BOOT_4, type.getClassLoader())
            ? "spring.session.data.redis.repository-type"
            : "spring.session.redis.repository-type";
    String remedy =
        name.equals("RedisSessionRepository")
            ? "set %s=indexed".formatted(property)
            : "have a FindByIndexNameSessionRepository";
    return "sessions are not managed, since Spring Session's %s finds none by the user's name: %s"
        .formatted(name, remedy);
  }

  @Override
  public Map<String, S> findByIndexNameAndIndexValue(String index, String value) {
    throw new NotManaged(reason);
  }

  /** Why it finds none. */
  static final class NotManaged extends NestedRuntimeException {

    private static final long serialVersionUID = 1;

    NotManaged(String reason) {
      super(reason);
    }
  }

  @Override
  public S createSession() {
    return repository.createSession();
  }

  @Override
  public void save(S session) {
    repository.save(session);
  }

  @Override
  public @Nullable S findById(String id) {
    return repository.findById(id);
  }

  @Override
  public void deleteById(String id) {
    repository.deleteById(id);
  }
}
