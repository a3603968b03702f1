package org.smsjmx.spring;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.smsjmx.application.SessionService;
import org.smsjmx.spring.actuate.SmsHealth;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.core.type.AnnotationMetadata;

/**
 * Health of the sessions, where the application has Actuator, unless {@code
 * management.health.sms.enabled} says no.
 */
@AutoConfiguration(afterName = "org.smsjmx.spring.SmsAutoConfiguration")
@ConditionalOnBean(SessionService.class)
@Conditional(SmsHealthAutoConfiguration.Enabled.class)
@Import(SmsHealthAutoConfiguration.Indicator.class)
public final class SmsHealthAutoConfiguration {

  /**
   * As {@code @ConditionalOnEnabledHealthIndicator}, which has a package in each version of Boot.
   */
  static final class Enabled implements Condition {

    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
      Environment environment = context.getEnvironment();
      boolean enabled =
          environment.getProperty(
              "management.health.sms.enabled",
              Boolean.class,
              environment.getProperty("management.health.defaults.enabled", Boolean.class, true));
      return enabled && type(context.getClassLoader()) != null;
    }
  }

  private static @Nullable Class<?> type(@Nullable ClassLoader loader) {
    return loader == null ? null : SmsHealth.indicatorType(loader);
  }

  /**
   * Registers a bean whose type is known by its name alone. It is made by a factory method: a
   * supplier would stop applications that are processed ahead of time.
   */
  static final class Indicator implements ImportBeanDefinitionRegistrar {

    private final ClassLoader loader;

    Indicator(ClassLoader loader) {
      this.loader = loader;
    }

    @Override
    public void registerBeanDefinitions(
        AnnotationMetadata metadata, BeanDefinitionRegistry registry) {
      RootBeanDefinition indicator = new RootBeanDefinition(SmsHealth.class);
      indicator.setTargetType(Objects.requireNonNull(type(loader)));
      indicator.setFactoryMethodName("indicator");
      indicator.setAutowireMode(AbstractBeanDefinition.AUTOWIRE_CONSTRUCTOR);
      registry.registerBeanDefinition("smsHealthIndicator", indicator);
    }
  }
}
