package org.smsjmx.cli;

import org.jspecify.annotations.Nullable;

/** As whom to connect, and where to. */
sealed interface Login {

  /** Returns the name that the prompt shows. */
  String name();

  /** Returns what context show tells of the connection. */
  String place();

  /**
   * A process of the same operating-system user.
   *
   * @param pid null = the only sms-jmx server
   */
  record Local(@Nullable String pid) implements Login {
    @Override
    public String name() {
      return "local";
    }

    @Override
    public String place() {
      return "attached to "
          + (pid == null ? "the sms-jmx process" : "process " + pid)
          + " of this operating-system user";
    }
  }

  /**
   * An account at the JMX port.
   *
   * @param tls null = none
   */
  record Account(String name, String password, String host, int port, @Nullable ClientTls tls)
      implements Login {
    @Override
    public String place() {
      return host.contains(":") ? "[" + host + "]:" + port : host + ":" + port;
    }

    @Override
    public String toString() {
      return name + " at " + place();
    }
  }
}
