package org.smsjmx.spring.it;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.smsjmx.spring.fixture.Boot;
import org.smsjmx.spring.fixture.BootApplication;
import org.smsjmx.spring.fixture.Extra;
import org.smsjmx.spring.fixture.RedisServer;

/** Sessions in a real Redis, where it is installed. */
abstract class RedisSessionsContract extends SharedSessionsContract {

  private RedisServer redis;

  @BeforeAll
  @Override
  void start() throws Exception {
    redis = RedisServer.start();
    super.start();
  }

  @AfterAll
  void redisIsGone() {
    if (redis != null) {
      redis.close();
    }
  }

  @Override
  BootApplication stored(BootApplication application) {
    String settings = boot() == Boot.V3_5 ? "spring.session.redis" : "spring.session.data.redis";
    return application
        .with(Extra.SESSION_REDIS)
        .property("spring.data.redis.host", "127.0.0.1")
        .property("spring.data.redis.port", String.valueOf(redis.port()))
        .property(settings + ".repository-type", "indexed");
  }
}
