/**
 * The Java runtime under the programs: the modules it has, its archive of classes, and threads that
 * do something again and again.
 */
@NullMarked
package org.smsjmx.runtime;

import org.jspecify.annotations.NullMarked;
