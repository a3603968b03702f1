/** Session control for Spring Boot applications, whose users Spring Security signs in. */
@NullMarked
package org.smsjmx.spring;

import org.jspecify.annotations.NullMarked;
