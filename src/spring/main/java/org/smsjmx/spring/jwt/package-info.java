/** Tokens of users whose sessions were terminated, for resource servers, which have no session. */
@NullMarked
package org.smsjmx.spring.jwt;

import org.jspecify.annotations.NullMarked;
