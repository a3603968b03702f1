/** Traffic of users who sign in, come back and leave. */
@NullMarked
package org.smsjmx.simulation;

import org.jspecify.annotations.NullMarked;
