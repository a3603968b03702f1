/** The trace level, through Logback. */
@NullMarked
package org.smsjmx.logging;

import org.jspecify.annotations.NullMarked;
