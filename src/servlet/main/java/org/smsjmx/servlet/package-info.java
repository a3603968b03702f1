/** The sessions of a web application: signed out and refreshed through their server's MBean. */
@NullMarked
package org.smsjmx.servlet;

import org.jspecify.annotations.NullMarked;
