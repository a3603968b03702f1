package org.smsjmx.management;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What JMX clients show of an MBean interface, an attribute (at its getter) or a parameter; said
 * once, for JConsole, Jolokia {@code list} and help texts alike.
 */
@Target({ElementType.TYPE, ElementType.METHOD, ElementType.PARAMETER})
@Retention(RetentionPolicy.RUNTIME)
public @interface Description {
  String value();
}
