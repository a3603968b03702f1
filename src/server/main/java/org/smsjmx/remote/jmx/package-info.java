/** The JMX endpoint: RMI registry and connector on one port. */
@NullMarked
package org.smsjmx.remote.jmx;

import org.jspecify.annotations.NullMarked;
