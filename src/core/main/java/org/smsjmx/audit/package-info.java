/** Lines that are kept: written before the caller goes on, and chained so that changes show. */
@NullMarked
package org.smsjmx.audit;

import org.jspecify.annotations.NullMarked;
