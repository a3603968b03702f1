/** The HTTP endpoint: the JDK's server, and Jolokia on it. */
@NullMarked
package org.smsjmx.remote.http;

import org.jspecify.annotations.NullMarked;
