package org.smsjmx.spring.session;

import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.core.NestedRuntimeException;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.Session;

/**
 * Lets a table check each session of a user who has just signed in, once the application's
 * repository has saved it: only then can an operation at another node see it. The repository's bean
 * is still of its class.
 */
public final class CheckedRepository implements BeanPostProcessor {

  private final Supplier<@Nullable SpringSessionTable<?>> table;
  private final Consumer<String> refused;

  /**
   * Decorates nothing yet.
   *
   * @param table gives the table when a session is saved, null if there is none
   * @param refused told of a user whose sign-in was refused
   */
  public CheckedRepository(
      Supplier<@Nullable SpringSessionTable<?>> table, Consumer<String> refused) {
    this.table = table;
    this.refused = refused;
  }

  @Override
  public Object postProcessAfterInitialization(Object bean, String name) {
    return bean instanceof FindByIndexNameSessionRepository<?> ? decorated(bean) : bean;
  }

  private Object decorated(Object repository) {
    ProxyFactory factory = new ProxyFactory(repository);
    factory.setProxyTargetClass(!Modifier.isFinal(repository.getClass().getModifiers()));
    factory.addAdvice(new Checks());
    return factory.getProxy(repository.getClass().getClassLoader());
  }

  /** Returns a repository as it was before it was decorated. */
  @SuppressWarnings("unchecked")
  static <S extends Session> FindByIndexNameSessionRepository<S> undecorated(
      FindByIndexNameSessionRepository<S> repository) {
    boolean isDecorated =
        repository instanceof Advised proxy
            && Arrays.stream(proxy.getAdvisors())
                .anyMatch(each -> each.getAdvice() instanceof Checks);
    Object target = isDecorated ? AopProxyUtils.getSingletonTarget(repository) : null;
    return target == null ? repository : (FindByIndexNameSessionRepository<S>) target;
  }

  private final class Checks implements MethodInterceptor {

    private volatile @Nullable SpringSessionTable<?> found;

    private @Nullable SpringSessionTable<?> table() {
      SpringSessionTable<?> known = found;
      if (known == null) {
        known = table.get();
        found = known;
      }
      return known;
    }

    @Override
    public @Nullable Object invoke(MethodInvocation call) throws Throwable {
      @Nullable Object[] given = call.getArguments();
      SpringSessionTable<?> known = given.length == 1 ? table() : null;
      if (known == null) {
        return call.proceed();
      }
      try {
        Object answer = checked(known, call, given[0]);
        known.answered();
        return answer;
      } catch (NestedRuntimeException e) {
        known.failed(e);
        throw e;
      }
    }

    private @Nullable Object checked(
        SpringSessionTable<?> known, MethodInvocation call, @Nullable Object given)
        throws Throwable {
      String method = call.getMethod().getName();
      if (method.equals("deleteById") && given instanceof String id) {
        known.deleting(id);
      }
      Object answer = call.proceed();
      if (method.equals("save") && given instanceof Session session) {
        String user = saved(known, session);
        if (user != null) {
          refused.accept(user);
        }
      }
      return answer instanceof Session session && known.hasEnded(session) ? null : answer;
    }

    @SuppressWarnings("unchecked") // the repository's own
    private static <S extends Session> @Nullable String saved(
        SpringSessionTable<S> table, Session session) {
      return table.saved((S) session);
    }
  }
}
