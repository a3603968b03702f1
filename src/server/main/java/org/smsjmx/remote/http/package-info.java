/** The HTTP endpoint: Jolokia behind the protocol of Apache HttpComponents. */
@NullMarked
package org.smsjmx.remote.http;

import org.jspecify.annotations.NullMarked;
