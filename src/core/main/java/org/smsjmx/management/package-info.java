/** What a JMX client sees: MBeans, their descriptions, permissions, errors and audit. */
@NullMarked
package org.smsjmx.management;

import org.jspecify.annotations.NullMarked;
