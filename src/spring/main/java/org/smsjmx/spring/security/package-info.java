/** Spring Security's sign-ins as sessions of the table, and their refresh. */
@NullMarked
package org.smsjmx.spring.security;

import org.jspecify.annotations.NullMarked;
