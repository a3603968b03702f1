/** What sms.yaml says. */
@NullMarked
package org.smsjmx.config;

import org.jspecify.annotations.NullMarked;
