/** An application's own sessions, made manageable. */
@NullMarked
package org.smsjmx.application;

import org.jspecify.annotations.NullMarked;
