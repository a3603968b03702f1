/** What is added to the example application so that it can be measured. */
@NullMarked
package org.smsjmx.bench.boot;

import org.jspecify.annotations.NullMarked;
