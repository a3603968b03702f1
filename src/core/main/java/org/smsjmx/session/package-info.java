/** The domain: sessions, credentials, and what a table that holds them must keep. */
@NullMarked
package org.smsjmx.session;

import org.jspecify.annotations.NullMarked;
