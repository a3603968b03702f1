package org.smsjmx.spring.session;

import io.lettuce.core.ClientOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.smsjmx.spring.fixture.RedisServer;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.RedisTemplate;
import org.springframework.data.redis.serializer.RedisSerializer;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.Session;
import org.springframework.session.data.redis.RedisIndexedSessionRepository;

/** A table over Spring Session's sessions in a real Redis. */
final class RedisSessionTableTest extends SpringSessionTableContract<Session> {

  private RedisServer server;
  private final List<LettuceConnectionFactory> connections = new ArrayList<>();

  @BeforeEach
  @Override
  void twoNodes() throws Exception {
    server = RedisServer.start();
    super.twoNodes();
  }

  @AfterEach
  void theServerIsGone() {
    connections.forEach(LettuceConnectionFactory::destroy);
    if (server != null) {
      server.close();
    }
  }

  @Override
  @SuppressWarnings("unchecked")
  FindByIndexNameSessionRepository<Session> repository() {
    FindByIndexNameSessionRepository<?> repository = new RedisIndexedSessionRepository(redis());
    return (FindByIndexNameSessionRepository<Session>) repository;
  }

  private RedisTemplate<String, Object> redis() {
    LettuceConnectionFactory factory =
        new LettuceConnectionFactory(
            new RedisStandaloneConfiguration("127.0.0.1", server.port()),
            LettuceClientConfiguration.builder()
                .commandTimeout(Duration.ofSeconds(5))
                .clientOptions(ClientOptions.builder().autoReconnect(false).build())
                .shutdownTimeout(Duration.ZERO)
                .build());
    factory.afterPropertiesSet();
    factory.start();
    connections.add(factory);
    RedisTemplate<String, Object> redis = new RedisTemplate<>();
    redis.setConnectionFactory(factory);
    redis.setKeySerializer(RedisSerializer.string());
    redis.setHashKeySerializer(RedisSerializer.string());
    redis.afterPropertiesSet();
    return redis;
  }

  @Override
  void breakStore() {
    server.close();
  }

  /** Those that have ended stay for some minutes, without what makes them expire. */
  @Override
  long storedSessions() {
    Set<String> keys = redis().keys("spring:session:sessions:expires:*");
    return keys == null ? 0 : keys.size();
  }
}
