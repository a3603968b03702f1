/** The Java runtime under the programs: the modules it has, and its archive of classes. */
@NullMarked
package org.smsjmx.runtime;

import org.jspecify.annotations.NullMarked;
