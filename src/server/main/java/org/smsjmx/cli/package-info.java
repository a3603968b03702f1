/**
 * The command line pdadmin: reads a line, finds the command, calls the MBean, prints the answer.
 */
@NullMarked
package org.smsjmx.cli;

import org.jspecify.annotations.NullMarked;
