package org.smsjmx.servlet;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.smsjmx.log.Logs;

/**
 * Found by the container where the jar lies, in {@code WEB-INF/lib} or the container's own
 * directory: makes the application's sessions manageable. Whatever goes wrong here is logged, and
 * the application starts without it.
 */
public final class ServletInitializer implements ServletContainerInitializer {

  private static final Logger LOG = Logs.of(ServletInitializer.class);

  private static final String FILTER = "sms-jmx";

  /** Made by the container. */
  public ServletInitializer() {}

  @Override
  public void onStartup(@Nullable Set<Class<?>> classes, ServletContext context) {
    if (context.getAttribute(WebApplication.ATTRIBUTE) != null) {
      return; // the jar lies in both places; the first one does it
    }
    try {
      Settings settings = Settings.of(context);
      if (settings.enabled()) {
        prepare(context, settings);
      }
    } catch (RuntimeException | LinkageError e) {
      LOG.error("sessions of {} are not managed: {}", name(context), e.toString(), e);
    }
  }

  /** What may fail later, in other initializers, must find nothing to be undone. */
  private static void prepare(ServletContext context, Settings settings) {
    Life life = new Life(context, settings);
    FilterRegistration.Dynamic filter = context.addFilter(FILTER, new Late(life));
    if (filter == null) {
      throw new IllegalStateException("the application has a filter named " + FILTER);
    }
    filter.setAsyncSupported(true);
    filter.addMappingForUrlPatterns(
        EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC), false, "/*");
    context.addListener(new RequestStart(life));
    context.addListener(life);
    context.setAttribute(WebApplication.ATTRIBUTE, FILTER);
  }

  private static String name(ServletContext context) {
    return context.getContextPath().isEmpty() ? "/" : context.getContextPath();
  }

  /** The filter of an application that is manageable by the time the container starts filters. */
  private static final class Late implements Filter {

    private final Life life;
    private @Nullable Filter filter;

    Late(Life life) {
      this.life = life;
    }

    @Override
    public void init(FilterConfig config) {
      WebApplication application = life.get();
      filter = application == null ? null : new SessionFilter(application);
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
        throws IOException, ServletException {
      Filter known = filter;
      if (known == null) {
        chain.doFilter(request, response);
      } else {
        known.doFilter(request, response, chain);
      }
    }
  }

  /**
   * Goes with the application, from before its first request to its end. It stands back where a
   * framework manages it, which has begun to by now: by an attribute, since its copy of this
   * software may be another one.
   */
  private static final class Life
      implements ServletContextListener, Supplier<@Nullable WebApplication> {

    private final ServletContext context;
    private final Settings settings;
    private volatile @Nullable WebApplication application;

    Life(ServletContext context, Settings settings) {
      this.context = context;
      this.settings = settings;
    }

    /** Returns the application, null if it is not managed here. */
    @Override
    public @Nullable WebApplication get() {
      return application;
    }

    @Override
    public void contextInitialized(ServletContextEvent event) {
      if (!FILTER.equals(context.getAttribute(WebApplication.ATTRIBUTE))) {
        return;
      }
      try {
        begin();
      } catch (RuntimeException | LinkageError e) {
        LOG.error("sessions of {} are not managed: {}", name(context), e.toString(), e);
      }
    }

    private void begin() {
      WebApplication begun = WebApplication.of(context, settings);
      try {
        begun.start();
        begun.containerIsReady();
      } catch (RuntimeException | LinkageError e) {
        end(begun);
        throw e;
      }
      application = begun;
      LOG.info(
          "sessions of {} are those of server {} in realm {}",
          name(context),
          begun.service().server(),
          begun.service().realm());
    }

    @Override
    public void contextDestroyed(ServletContextEvent event) {
      WebApplication ending = application;
      if (ending != null) {
        end(ending);
      }
    }

    private static void end(WebApplication ending) {
      try {
        ending.close();
      } finally {
        ending.service().close();
      }
    }
  }
}
