package org.smsjmx.registry;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;

/** Where a test's directory is: the defaults of sms.yaml, and what the test wants otherwise. */
final class TestSettings {

  private final String url;
  private String baseDn = TestDirectory.BASE;
  private String userFilter = "(&(objectClass=inetOrgPerson)(uid={user}))";
  private String groupFilter = "(&(objectClass=groupOfNames)(member={dn}))";
  private String memberOf;
  private String bindDn;
  private Path passwordFile;
  private boolean startTls;
  private Path trustStore;
  private int connections = 8;
  private Duration timeout = Duration.ofSeconds(30);
  private boolean ignoreReferrals;

  TestSettings(String url) {
    this.url = url;
  }

  TestSettings baseDn(String dn) {
    baseDn = dn;
    return this;
  }

  TestSettings userFilter(String filter) {
    userFilter = filter;
    return this;
  }

  TestSettings groupFilter(String filter) {
    groupFilter = filter;
    return this;
  }

  TestSettings memberOf(String attribute) {
    memberOf = attribute;
    return this;
  }

  TestSettings bind(String dn, Path file) {
    bindDn = dn;
    passwordFile = file;
    return this;
  }

  TestSettings startTls() {
    startTls = true;
    return this;
  }

  TestSettings trust(Path pem) {
    trustStore = pem;
    return this;
  }

  TestSettings connections(int bound) {
    connections = bound;
    return this;
  }

  TestSettings timeout(Duration patience) {
    timeout = patience;
    return this;
  }

  TestSettings ignoreReferrals() {
    ignoreReferrals = true;
    return this;
  }

  LdapRegistry.Settings made() {
    return new LdapRegistry.Settings(
        url,
        baseDn,
        userFilter,
        groupFilter,
        memberOf,
        bindDn,
        passwordFile,
        startTls,
        trustStore,
        connections,
        timeout,
        ignoreReferrals);
  }

  LdapRegistry registry() throws IOException {
    return registry(DirectoryMapping.DEFAULT);
  }

  LdapRegistry registry(DirectoryMapping mapping) throws IOException {
    return registry(mapping, InstantSource.system());
  }

  LdapRegistry registry(DirectoryMapping mapping, InstantSource clock) throws IOException {
    return new LdapRegistry(made(), mapping, clock);
  }
}
