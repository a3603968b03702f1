package org.smsjmx.spring;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/** What an application may set. */
@ConfigurationProperties("sms")
public final class SmsProperties {

  /** Whether sessions are managed. */
  private boolean enabled = true;

  /** What the server is called, before its host; the application's name if it is not set. */
  private @Nullable String instance;

  /** Realm in which the application's users are; the application's name if it is not set. */
  private @Nullable String realm;

  public boolean isEnabled() {
    return enabled;
  }

  public void setEnabled(boolean enabled) {
    this.enabled = enabled;
  }

  public @Nullable String getInstance() {
    return instance;
  }

  public void setInstance(@Nullable String instance) {
    this.instance = instance;
  }

  public @Nullable String getRealm() {
    return realm;
  }

  public void setRealm(@Nullable String realm) {
    this.realm = realm;
  }
}
