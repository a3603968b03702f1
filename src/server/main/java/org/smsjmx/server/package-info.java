/** The service: puts the parts together. */
@NullMarked
package org.smsjmx;

import org.jspecify.annotations.NullMarked;
