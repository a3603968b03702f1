/** Where messages go. */
@NullMarked
package org.smsjmx.log;

import org.jspecify.annotations.NullMarked;
