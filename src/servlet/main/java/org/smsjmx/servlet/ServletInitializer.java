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

  /** What manages applications of Spring Boot, whose users the container does not know. */
  private static final String STARTER = "org/smsjmx/spring/SmsAutoConfiguration.class";

  /** Made by the container. */
  public ServletInitializer() {}

  @Override
  public void onStartup(@Nullable Set<Class<?>> classes, ServletContext context) {
    if (context.getAttribute(WebApplication.ATTRIBUTE) != null) {
      return; // the jar lies in both places; the first one does it
    }
    try {
      Settings settings = Settings.of(context);
      if (context.getClassLoader().getResource(STARTER) != null) {
        LOG.info("sessions of {} are left to its Spring Boot starter", name(context));
      } else if (settings.enabled()) {
        prepare(context, settings);
      }
    } catch (RuntimeException | LinkageError e) {
      LOG.error("sessions of {} are not managed: {}", name(context), e.toString(), e);
    }
  }

  /** What may fail later, in other initializers, must find nothing to be undone. */
  private static void prepare(ServletContext context, Settings settings) {
    FilterRegistration.Dynamic filter = context.addFilter(FILTER, new Late());
    if (filter == null) {
      throw new IllegalStateException("the application has a filter named " + FILTER);
    }
    filter.setAsyncSupported(true);
    filter.addMappingForUrlPatterns(
        EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC), false, "/*");
    context.addListener(new RequestStart());
    context.addListener(new Life(context, settings));
    context.setAttribute(WebApplication.ATTRIBUTE, FILTER);
  }

  private static String name(ServletContext context) {
    return context.getContextPath().isEmpty() ? "/" : context.getContextPath();
  }

  /** The filter of an application that is manageable by the time the container starts filters. */
  private static final class Late implements Filter {

    private @Nullable Filter filter;

    @Override
    public void init(FilterConfig config) {
      WebApplication application = WebApplication.of(config.getServletContext());
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

  /** Goes with the application, from before its first request to its end. */
  private record Life(ServletContext context, Settings settings) implements ServletContextListener {

    @Override
    public void contextInitialized(ServletContextEvent event) {
      try {
        WebApplication application = WebApplication.of(context, settings);
        try {
          application.start();
          application.containerIsReady();
        } catch (RuntimeException | LinkageError e) {
          end(application);
          throw e;
        }
        LOG.info(
            "sessions of {} are those of server {} in realm {}",
            name(context),
            application.service().server(),
            application.service().realm());
      } catch (RuntimeException | LinkageError e) {
        LOG.error("sessions of {} are not managed: {}", name(context), e.toString(), e);
      }
    }

    @Override
    public void contextDestroyed(ServletContextEvent event) {
      WebApplication application = WebApplication.of(context);
      if (application != null) {
        end(application);
      }
    }

    private static void end(WebApplication application) {
      try {
        application.close();
      } finally {
        application.service().close();
      }
    }
  }
}
