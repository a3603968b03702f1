/** What Jetty can beside the Servlet API. */
@NullMarked
package org.smsjmx.jetty;

import org.jspecify.annotations.NullMarked;
