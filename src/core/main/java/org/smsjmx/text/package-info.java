/** Forms of text that more than one package needs. Imports the JDK only. */
@NullMarked
package org.smsjmx.text;

import org.jspecify.annotations.NullMarked;
