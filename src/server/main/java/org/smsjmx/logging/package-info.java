/** Logback: the audit's file and the trace level. */
@NullMarked
package org.smsjmx.logging;

import org.jspecify.annotations.NullMarked;
