/** The command sms-server: puts the parts together. */
@NullMarked
package org.smsjmx.server;

import org.jspecify.annotations.NullMarked;
