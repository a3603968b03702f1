/**
 * Sessions that Spring Session keeps in a store which all nodes of an application share: one call
 * at any node ends or refreshes a user's sessions at all of them.
 */
@NullMarked
package org.smsjmx.spring.session;

import org.jspecify.annotations.NullMarked;
