package org.smsjmx.servlet;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
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
        start(context, settings);
      }
    } catch (RuntimeException | LinkageError e) {
      LOG.error("sessions of {} are not managed: {}", name(context), e.toString(), e);
    }
  }

  private static void start(ServletContext context, Settings settings) {
    WebApplication application = WebApplication.open(context, settings);
    try {
      context.addListener(new RequestStart(application));
      context.addListener(new Life(application));
      FilterRegistration.Dynamic filter = context.addFilter(FILTER, new SessionFilter(application));
      if (filter == null) {
        throw new IllegalStateException("the application has a filter named " + FILTER);
      }
      filter.setAsyncSupported(true);
      filter.addMappingForUrlPatterns(
          EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC), false, "/*");
    } catch (RuntimeException e) {
      application.close();
      throw e;
    }
    context.setAttribute(WebApplication.ATTRIBUTE, application);
    LOG.info(
        "sessions of {} are those of server {} in realm {}",
        name(context),
        application.service().server(),
        application.service().realm());
  }

  private static String name(ServletContext context) {
    return context.getContextPath().isEmpty() ? "/" : context.getContextPath();
  }

  /** Goes with the application, from before its first request to its end. */
  private record Life(WebApplication application) implements ServletContextListener {

    @Override
    public void contextInitialized(ServletContextEvent event) {
      application.start();
    }

    @Override
    public void contextDestroyed(ServletContextEvent event) {
      event.getServletContext().removeAttribute(WebApplication.ATTRIBUTE);
      application.close();
    }
  }
}
