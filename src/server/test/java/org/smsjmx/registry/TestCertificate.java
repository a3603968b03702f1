package org.smsjmx.registry;

import com.unboundid.util.ssl.KeyStoreKeyManager;
import com.unboundid.util.ssl.SSLUtil;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A key with a self-signed certificate, made by the running JDK's keytool. RSA: slapd with GnuTLS
 * cannot read the EC keys that Java writes.
 */
public final class TestCertificate {

  private static final String PASSWORD = "changeit";
  private static final String ALIAS = "directory";

  private final Path keyStore;

  /**
   * Makes one.
   *
   * @param directory where its files go
   * @param names whom it is for, as keytool wants them: {@code ip:127.0.0.1,dns:localhost}
   * @param more further options of keytool
   */
  public TestCertificate(Path directory, String names, String... more)
      throws IOException, InterruptedException {
    keyStore = Files.createTempDirectory(directory, "key").resolve("key.p12");
    List<String> options = new ArrayList<>(List.of("-genkeypair", "-keyalg", "RSA"));
    options.addAll(List.of("-dname", "CN=test", "-ext", "san=" + names));
    options.addAll(List.of(more));
    keytool(keyStore, options.toArray(new String[0]));
  }

  /** Runs keytool on the test's entry of a store. */
  private static void keytool(Path store, String... options)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(options));
    command.addAll(List.of("-alias", ALIAS, "-storetype", "PKCS12", "-storepass", PASSWORD));
    command.addAll(List.of("-keystore", store.toString()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(output);
    }
  }

  /** Returns what a server needs. */
  SSLUtil server() throws GeneralSecurityException {
    return new SSLUtil(
        new KeyStoreKeyManager(keyStore.toFile(), PASSWORD.toCharArray(), "PKCS12", ALIAS), null);
  }

  /** Returns the PKCS#12 file, with the password {@code changeit}. */
  public Path keyStore() {
    return keyStore;
  }

  /** Returns a new PKCS#12 file with the certificate alone, with the password {@code changeit}. */
  public Path trustStore() throws IOException, GeneralSecurityException, InterruptedException {
    Path store = Files.createTempDirectory(keyStore.getParent(), "trust").resolve("trust.p12");
    keytool(store, "-importcert", "-noprompt", "-file", certificate().toString());
    return store;
  }

  /** Returns a file with the certificate, in PEM form. */
  public Path certificate() throws IOException, GeneralSecurityException {
    return pem("CERTIFICATE", store().getCertificate(ALIAS).getEncoded());
  }

  /** Returns a file with the key, in PEM form. */
  public Path privateKey() throws IOException, GeneralSecurityException {
    return pem("PRIVATE KEY", store().getKey(ALIAS, PASSWORD.toCharArray()).getEncoded());
  }

  private KeyStore store() throws IOException, GeneralSecurityException {
    return KeyStore.getInstance(keyStore.toFile(), PASSWORD.toCharArray());
  }

  private Path pem(String kind, byte[] content) throws IOException {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    return Files.writeString(
        keyStore.resolveSibling(kind + ".pem"),
        "-----BEGIN %s-----%n%s%n-----END %s-----%n".formatted(kind, text, kind));
  }
}
