package org.smsjmx.management;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Makes a method of an MXBean interface an operation; every operation has this annotation. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface ManagedOperation {

  /** What JMX clients show. */
  String value();

  /**
   * What a caller must be allowed to. One who may only {@link Permission#VIEW}, or read the audit,
   * changes nothing, so the impact is then INFO, else ACTION.
   */
  Permission needs();

  /** What a whole number that is returned tells, as audit and notification name it. */
  String returns() default "sessions";

  /** Type of the notification that is sent when the operation was done, empty for none. */
  String notification() default "";
}
