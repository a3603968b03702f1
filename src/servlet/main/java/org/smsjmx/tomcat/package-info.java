/** What Tomcat can beside the Servlet API. */
@NullMarked
package org.smsjmx.tomcat;

import org.jspecify.annotations.NullMarked;
