/** The two endpoints, JMX RMI and HTTP, and who may come in. */
@NullMarked
package org.smsjmx.remote;

import org.jspecify.annotations.NullMarked;
