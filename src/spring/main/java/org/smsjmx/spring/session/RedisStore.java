package org.smsjmx.spring.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.serializer.support.SerializationFailedException;
import org.springframework.data.redis.core.RedisOperations;
import org.springframework.data.redis.core.script.RedisScript;
import org.springframework.data.redis.serializer.RedisSerializer;
import org.springframework.data.redis.serializer.SerializationException;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.Session;
import org.springframework.session.data.redis.RedisIndexedSessionRepository;

/**
 * Hashes in Redis. The repository keeps that of a session that has ended for five minutes more,
 * with an idle limit of zero, so that a request in flight does not make a new one. It is this limit
 * that says whether a session lives, so a script sets it, or changes what lives: Redis runs one
 * script at a time.
 *
 * <p>A request in flight that sets another limit would revive the session. So the script leaves a
 * mark, too, by which it has ended for good.
 */
final class RedisStore<S extends Session> extends Store<S> {

  private static final Logger LOG = LoggerFactory.getLogger(RedisStore.class);

  private static final String ENDED = "org.smsjmx.ended";

  private static final String IF_ALIVE =
      """
      local limit = redis.call('HGET', KEYS[1], 'maxInactiveInterval')
      if not limit or limit == ARGV[1] then return 0 end
      if redis.call('HEXISTS', KEYS[1], 'sessionAttr:%s') == 1 then return 0 end
      """
          .formatted(ENDED);

  private static final RedisScript<Long> END =
      RedisScript.of(
          IF_ALIVE
              + """
              redis.call('HSET', KEYS[1], 'maxInactiveInterval', ARGV[1], 'sessionAttr:%s', ARGV[1])
              return 1
              """
                  .formatted(ENDED),
          Long.class);

  private static final RedisScript<Long> IS_ALIVE =
      RedisScript.of(IF_ALIVE + "return 1", Long.class);

  private final RedisOperations<String, Object> redis;
  private final String namespace;

  RedisStore(FindByIndexNameSessionRepository<S> repository, Object target) {
    super(repository);
    RedisIndexedSessionRepository indexed = (RedisIndexedSessionRepository) target;
    this.redis = indexed.getSessionRedisOperations();
    String channels = indexed.getSessionCreatedChannelPrefix();
    this.namespace = channels.substring(0, channels.lastIndexOf("event:"));
  }

  /** One that cannot be read does not keep the others from being found. */
  @Override
  List<Found<S>> findAll(String name) {
    String index =
        namespace + "index:" + FindByIndexNameSessionRepository.PRINCIPAL_NAME_INDEX_NAME;
    Set<Object> ids = redis.opsForSet().members(index + ":" + name);
    List<Found<S>> found = new ArrayList<>();
    for (Object each : ids == null ? Set.of() : ids) {
      String id = (String) each;
      try {
        S session = find(id);
        if (session != null) {
          found.add(new Found<>(id, session));
        }
      } catch (SerializationException | SerializationFailedException e) {
        LOG.debug("a session of the store cannot be read here", e);
        found.add(new Found<>(id, null));
      } catch (IllegalStateException e) {
        LOG.debug("what a request in flight left of a session that had ended", e);
      }
    }
    return found;
  }

  /** Reads no session: each is asked for every second. Its second key expires with it. */
  @Override
  Set<String> alive(Set<String> ids) {
    return ids.stream()
        .filter(id -> run(IS_ALIVE, id, 0) > 0)
        .filter(id -> Boolean.TRUE.equals(redis.hasKey(namespace + "sessions:expires:" + id)))
        .collect(Collectors.toSet());
  }

  @Override
  boolean hasEnded(Session session) {
    return session.getAttribute(ENDED) != null;
  }

  @Override
  boolean end(String id, String name) {
    boolean ended = run(END, id, 0) > 0;
    if (ended) {
      repository.deleteById(id);
    }
    return ended;
  }

  @Override
  boolean write(String id, Map<String, Object> attributes) {
    List<Object> arguments = new ArrayList<>();
    arguments.add(0);
    List<String> names = List.copyOf(attributes.keySet());
    names.forEach(name -> arguments.add(attributes.get(name)));
    String fields =
        names.stream()
            .map(name -> "'sessionAttr:%s', ARGV[%d]".formatted(name, names.indexOf(name) + 2))
            .collect(Collectors.joining(", "));
    RedisScript<Long> script =
        RedisScript.of(
            IF_ALIVE + "redis.call('HSET', KEYS[1], %s)%nreturn 1".formatted(fields), Long.class);
    return run(script, id, arguments.toArray()) > 0;
  }

  /** Values go as the repository writes them. */
  @SuppressWarnings("unchecked")
  private long run(RedisScript<Long> script, String id, @Nullable Object... arguments) {
    RedisSerializer<Object> values =
        (RedisSerializer<Object>) Objects.requireNonNull(redis.getHashValueSerializer());
    RedisSerializer<Long> unused = (RedisSerializer<Long>) (RedisSerializer<?>) values;
    String key = namespace + "sessions:" + id;
    Long answer = redis.execute(script, values, unused, List.of(key), arguments);
    return answer == null ? 0 : answer;
  }
}
