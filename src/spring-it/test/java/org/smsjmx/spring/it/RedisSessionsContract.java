package org.smsjmx.spring.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.smsjmx.servlet.fixture.Browser;
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
    return application
        .with(Extra.SESSION_REDIS)
        .property("spring.data.redis.host", "127.0.0.1")
        .property("spring.data.redis.port", String.valueOf(redis.port()))
        .property(type(), "indexed");
  }

  private String type() {
    return boot() == Boot.V3_5
        ? "spring.session.redis.repository-type"
        : "spring.session.data.redis.repository-type";
  }

  @Test
  void sessionsThatAreNotIndexedAreNotManagedAndThatIsSaid() {
    try (BootApplication plain = node().property(type(), "default").start()) {
      Browser browser = plain.browser();

      assertThat(browser.signIn("dlucas").text("user")).isEqualTo("dlucas");

      assertThat(plain.server().notes())
          .singleElement()
          .asString()
          .endsWith("set " + type() + "=indexed");
      assertThat(plain.log().lines().filter(line -> line.contains("sessions are not managed")))
          .hasSize(1);
      assertThatThrownBy(() -> plain.server().terminateAllSessions("dlucas"))
          .hasStackTraceContaining("Sessions are not available: sessions are not managed");
      assertThat(browser.get("/me").text("user")).isEqualTo("dlucas");
    }
  }
}
