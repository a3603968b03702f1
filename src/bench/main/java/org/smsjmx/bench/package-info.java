/** Measurements: of the session table beside its peers, and of the shipped server from outside. */
@NullMarked
package org.smsjmx.bench;

import org.jspecify.annotations.NullMarked;
