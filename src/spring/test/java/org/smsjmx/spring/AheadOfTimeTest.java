package org.smsjmx.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.smsjmx.application.SessionService;
import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.GeneratedFiles.Kind;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.core.env.MapPropertySource;
import org.springframework.javapoet.ClassName;

class AheadOfTimeTest {

  @Configuration(proxyBeanMethods = false)
  @ImportAutoConfiguration({
    SmsEndpointAutoConfiguration.class,
    SmsHealthAutoConfiguration.class,
    SmsJwtAutoConfiguration.class,
    SmsMetricsAutoConfiguration.class
  })
  static class Application {

    @Bean
    SessionService service() {
      return TestService.open();
    }

    @Bean
    MeterRegistry registry() {
      return new SimpleMeterRegistry();
    }
  }

  @Test
  void whatIsConfiguredCanBeProcessedAheadOfTime() {
    InMemoryGeneratedFiles files = new InMemoryGeneratedFiles();
    DefaultGenerationContext generation =
        new DefaultGenerationContext(
            new ClassNameGenerator(ClassName.get("org.example", "Application")), files);
    try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
      context
          .getEnvironment()
          .getPropertySources()
          .addFirst(
              new MapPropertySource(
                  "test",
                  Map.of(
                      "sms.jwt.enabled", "true",
                      "management.endpoints.web.exposure.include", "sms")));
      context.register(Application.class);

      new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
      generation.writeGeneratedContent();
    }

    assertThat(files.getGeneratedFiles(Kind.SOURCE).keySet())
        .contains(
            "org/smsjmx/spring/SmsEndpointAutoConfiguration__BeanDefinitions.java",
            "org/smsjmx/spring/SmsJwtAutoConfiguration__BeanDefinitions.java",
            "org/smsjmx/spring/SmsMetricsAutoConfiguration__BeanDefinitions.java",
            "org/smsjmx/spring/actuate/SmsHealth__BeanDefinitions.java");
  }
}
