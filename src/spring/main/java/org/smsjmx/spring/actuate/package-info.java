/** What Spring Boot's Actuator shows of the sessions: meters, an endpoint and health. */
@NullMarked
package org.smsjmx.spring.actuate;

import org.jspecify.annotations.NullMarked;
