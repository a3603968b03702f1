/** Where credentials come from. */
@NullMarked
package org.smsjmx.registry;

import org.jspecify.annotations.NullMarked;
