/** The session table of one JVM: the engine behind {@link org.smsjmx.session.SessionTable}. */
@NullMarked
package org.smsjmx.session.memory;

import org.jspecify.annotations.NullMarked;
