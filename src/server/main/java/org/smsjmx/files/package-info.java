/** Files that people edit while the service runs. */
@NullMarked
package org.smsjmx.files;

import org.jspecify.annotations.NullMarked;
