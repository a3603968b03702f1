package org.smsjmx.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.management.MBeanServer;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.smsjmx.config.EndpointConfig;
import org.smsjmx.management.Audit;
import org.smsjmx.management.Health;
import org.smsjmx.remote.Accounts;
import org.smsjmx.remote.Authentication;
import org.smsjmx.remote.LargeAnswers;
import org.smsjmx.remote.Tls;
import org.smsjmx.remote.http.HttpEndpoint;
import org.smsjmx.remote.http.Jolokia;
import org.smsjmx.remote.jmx.JmxEndpoint;
import org.smsjmx.runtime.RepeatedTask;

/**
 * The endpoints that the configuration asks for, with the accounts behind them. The ports are taken
 * at first; clients are let in by {@link #start}.
 */
final class Ports implements AutoCloseable {

  private static final String ADMINISTRATOR = "sec_master";

  /** Less than half of the second within which an account has lost what it lost. */
  static final Duration BETWEEN_LOOKS = Duration.ofMillis(250);

  private static final Duration SECOND = Duration.ofSeconds(1);

  private final Parts parts;
  private final Map<String, RepeatedTask> repeated = new LinkedHashMap<>();
  private final Audit audit;
  private final Path accountFile;
  private final @Nullable Tls tls;
  private final Roles roles;
  private final Accounts accounts;
  private final @Nullable JmxEndpoint jmx;
  private final @Nullable HttpEndpoint http;

  /** Makes the part that answers over HTTP. */
  interface JolokiaSource {
    Jolokia get() throws IOException;
  }

  /** Shows the password of a new account to its owner; returns what is told of it. */
  interface FirstPassword {
    String show(String account, String password) throws IOException;
  }

  /**
   * Takes the ports.
   *
   * @param config which, and who may come in
   * @param file of which the configuration was read, to be looked at again; null for none
   * @param data the data directory, in which the account file is or will be
   * @param mbeanServer what they lead to
   * @param audit told of what is denied
   * @param large gives turns to answers that may be large
   * @param tls null = none
   * @param jolokia asked only if there is to be an HTTP port
   * @throws IOException if a port cannot be taken, or the account file is not as it must be
   */
  static Ports open(
      EndpointConfig config,
      @Nullable Path file,
      Path data,
      MBeanServer mbeanServer,
      Audit audit,
      LargeAnswers large,
      @Nullable Tls tls,
      JolokiaSource jolokia)
      throws IOException {
    Parts parts = new Parts();
    try {
      return new Ports(config, file, data, mbeanServer, audit, large, tls, jolokia, parts);
    } catch (IOException | RuntimeException | Error e) {
      parts.undo(e);
      throw e;
    }
  }

  private Ports(
      EndpointConfig config,
      @Nullable Path file,
      Path data,
      MBeanServer mbeanServer,
      Audit audit,
      LargeAnswers large,
      @Nullable Tls tls,
      JolokiaSource jolokia,
      Parts parts)
      throws IOException {
    this.parts = parts;
    this.audit = audit;
    this.tls = tls;
    accountFile = data.resolve("jmxremote.password");
    roles = new Roles(file, config.accounts());
    accounts = Accounts.closed(accountFile, roles, config.groupAccess());
    Authentication authentication = new Authentication(accounts, audit);
    Integer jmxPort = config.jmx().port();
    jmx =
        jmxPort == null
            ? null
            : parts.add(
                JmxEndpoint.open(
                    mbeanServer,
                    authentication,
                    audit,
                    config.wholeJvm(),
                    large,
                    tls,
                    config.jmx().host(),
                    jmxPort));
    Integer httpPort = config.http().port();
    http =
        httpPort == null
            ? null
            : parts.add(
                HttpEndpoint.open(
                    authentication,
                    parts.add(jolokia.get()),
                    tls,
                    config.http().host(),
                    httpPort,
                    config.httpNames()));
    warnIfOpen(config);
  }

  private static void warnIfOpen(EndpointConfig config) {
    if (config.openWithoutTls()) {
      // not a constant: logging starts with the data directory known
      LoggerFactory.getLogger(Ports.class)
          .warn("no TLS, and open to other machines: passwords cross the network readable");
    }
  }

  /**
   * Sets the password that the account file is to have, and takes accounts from it. Until here
   * nothing on the disk was changed that was there before, and if this fails nothing is either.
   *
   * @param administratorPassword null = the one that the account file has, or a random one
   * @param first is shown that one
   * @return what to tell of the accounts
   * @throws IOException if a file cannot be written
   */
  String openAccounts(@Nullable String administratorPassword, FirstPassword first)
      throws IOException {
    try {
      String told = setPassword(administratorPassword, first);
      accounts.open();
      return told;
    } catch (IOException | RuntimeException e) {
      takeBack(e);
      throw e;
    }
  }

  /** Leaves the account file as it was, since a start fails. */
  void takeBack(Exception failure) {
    try {
      accounts.takeBack();
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  private String setPassword(@Nullable String administratorPassword, FirstPassword first)
      throws IOException {
    if (administratorPassword != null) {
      accounts.setPassword(ADMINISTRATOR, administratorPassword);
      return ADMINISTRATOR + ", password from SMS_ADMIN_PASSWORD";
    }
    if (Files.exists(accountFile)) {
      return "those of " + accountFile;
    }
    String password = Accounts.newPassword();
    accounts.setPassword(ADMINISTRATOR, password);
    return first.show(ADMINISTRATOR, password);
  }

  /**
   * Lets clients in, who have proved that they own an account.
   *
   * @param deserted run each second while the JMX endpoint does not accept connections any more,
   *     which RMI cannot be told to do again
   * @throws IOException if RMI refuses
   */
  void start(Runnable deserted) throws IOException {
    if (jmx != null) {
      jmx.start();
    }
    if (http != null) {
      http.start();
    }
    parts.add(accounts::tidyAtTheEnd);
    repeat(
        "accounts",
        BETWEEN_LOOKS,
        () -> {
          roles.look();
          if (jmx != null) {
            jmx.closeLost();
          }
        });
    repeat(
        "endpoints",
        SECOND,
        () -> {
          audit.tend();
          if (http != null) {
            http.tend();
          }
          if (jmx != null && jmx.isDeserted()) {
            deserted.run();
          }
        });
    if (tls != null) {
      repeat("renewal", SECOND, tls::look);
    }
  }

  private void repeat(String name, Duration pause, Runnable work) {
    repeated.put(name, parts.add(RepeatedTask.begin(name, pause, work)));
  }

  /** Replaces passwords in clear; to be called again and again. */
  void tidy() {
    accounts.tidy();
  }

  /** Returns the URLs that clients take, by {@code HTTP} and {@code JMX}. */
  Map<String, String> urls() {
    Map<String, String> urls = new LinkedHashMap<>();
    if (http != null) {
      urls.put("HTTP", http.url());
    }
    if (jmx != null) {
      urls.put("JMX", jmx.url());
    }
    return urls;
  }

  void tellHealth(Health health) {
    health.add("account file", accounts::problem);
    health.add("roles", roles::problem);
    if (http != null) {
      health.add("http", http::problem);
    }
    if (jmx != null) {
      health.add("jmx", jmx::problem);
    }
    repeated.forEach((name, task) -> health.add(name, task::problem));
    if (tls != null) {
      health.add("certificate", tls::problem);
      health.addCertificate(tls::expiresAt);
    }
  }

  @Override
  public void close() {
    parts.close();
  }
}
