/** The domain: sessions, credentials and the table that holds them. Imports the JDK only. */
@NullMarked
package org.smsjmx.session;

import org.jspecify.annotations.NullMarked;
