package org.smsjmx.servlet;

import jakarta.servlet.ServletContext;
import org.jspecify.annotations.Nullable;
import org.smsjmx.application.ApplicationName;

/**
 * What an application may set, by init parameters of its context.
 *
 * @param enabled {@code sms.enabled}: whether sessions are managed; {@code true} if it is not set
 * @param instance {@code sms.instance}: what the server is called, before its host; the name of the
 *     context if it is not set
 * @param realm {@code sms.realm}: in which realm its users are; the name of the context if it is
 *     not set
 */
record Settings(boolean enabled, String instance, String realm) {

  /** The attribute in which Tomcat shows the version of an application, such as that of a##2. */
  private static final String VERSION = "org.apache.catalina.webappVersion";

  static Settings of(ServletContext context) {
    String path = context.getContextPath();
    Object version = context.getAttribute(VERSION);
    String instance = context.getInitParameter("sms.instance");
    return new Settings(
        !"false".equals(context.getInitParameter("sms.enabled")),
        instance == null
            ? ApplicationName.ofContext(path, version == null ? null : version.toString())
            : ApplicationName.allowed(instance),
        realm(context.getInitParameter("sms.realm"), path));
  }

  /** Versions of one application share their realm. */
  private static String realm(@Nullable String realm, String path) {
    return realm == null ? ApplicationName.ofContext(path, null) : ApplicationName.allowed(realm);
  }
}
