/** Which servers there are, and in which replica sets and realms they take part. */
@NullMarked
package org.smsjmx.topology;

import org.jspecify.annotations.NullMarked;
