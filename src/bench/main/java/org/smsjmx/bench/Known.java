package org.smsjmx.bench;

import java.security.Principal;
import org.smsjmx.session.Credential;

/**
 * What a session knows of its user, in the form that every peer can hold.
 *
 * @param credential from the registry
 */
record Known(Credential credential) implements Principal {

  @Override
  public String getName() {
    return credential.principal();
  }
}
