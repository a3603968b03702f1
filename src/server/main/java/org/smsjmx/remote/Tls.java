package org.smsjmx.remote;

import com.unboundid.util.ssl.PEMFileTrustManager;
import com.unboundid.util.ssl.cert.CertException;
import com.unboundid.util.ssl.cert.PKCS8PEMFileReader;
import com.unboundid.util.ssl.cert.PKCS8PrivateKey;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.security.KeyException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.smsjmx.files.PrivateFile;
import org.smsjmx.runtime.RequiredModules;

/**
 * TLS for both endpoints: one certificate, and whether clients must show one too. The files are
 * read again when they have changed, and count for new connections; what cannot be used leaves the
 * last good ones in use.
 */
public final class Tls {

  private static final Logger LOG = LoggerFactory.getLogger(Tls.class);
  private static final int DNS_NAME = 2;
  private static final int IP_ADDRESS = 7;

  private final Settings settings;
  private volatile Identity identity;
  private volatile @Nullable String problem;

  /** What the files were like when they were read or tried last, and at the last look. */
  private List<Object> tried;

  private List<Object> seen;

  private Tls(Settings settings) throws IOException {
    this.settings = settings;
    this.tried = stamps(settings);
    this.seen = tried;
    this.identity = read(settings);
  }

  /**
   * What the files hold.
   *
   * @param context for connections
   * @param chain the certificate, and then those that vouch for it
   */
  private record Identity(SSLContext context, List<X509Certificate> chain) {}

  /** A key with its certificates. */
  private record KeyPairs(KeyManager[] managers, Certificate[] chain) {}

  /**
   * Where the certificate is: in a key store, or in two PEM files.
   *
   * @param keyStore PKCS#12 file, null for PEM files
   * @param passwordFile its first line is the key store's password; null for PEM files
   * @param certificate PEM file with the certificate, and then those that vouch for it
   * @param key PEM file with the private key (PKCS#8, not encrypted)
   * @param clientCertificates PEM file with the certificates that vouch for clients; null = clients
   *     need none
   */
  public record Settings(
      @Nullable Path keyStore,
      @Nullable Path passwordFile,
      @Nullable Path certificate,
      @Nullable Path key,
      @Nullable Path clientCertificates) {

    /**
     * Checks them.
     *
     * @throws IllegalArgumentException unless there are both parts of a key store, or both PEM
     *     files
     */
    public Settings {
      boolean store = keyStore != null && passwordFile != null;
      boolean pem = certificate != null && key != null;
      boolean mixed =
          (keyStore != null || passwordFile != null) && (certificate != null || key != null);
      if (mixed || store == pem) {
        throw new IllegalArgumentException(
            "needs key-store and password-file, or certificate and key");
      }
    }
  }

  /**
   * Reads the files.
   *
   * @throws IOException if one cannot be used, or others can read a secret one; the message names
   *     it
   */
  public static Tls of(Settings settings) throws IOException {
    return new Tls(settings);
  }

  private static Identity read(Settings settings) throws IOException {
    KeyPairs own =
        settings.keyStore != null && settings.passwordFile != null
            ? fromKeyStore(settings.keyStore, settings.passwordFile)
            : fromPem(
                Objects.requireNonNull(settings.certificate), Objects.requireNonNull(settings.key));
    Path clients = settings.clientCertificates;
    try {
      TrustManager[] trusted =
          clients == null
              ? new TrustManager[0]
              : new TrustManager[] {new PEMFileTrustManager(clients.toFile())};
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(own.managers, trusted, null);
      List<X509Certificate> chain = new ArrayList<>();
      for (Certificate certificate : own.chain) {
        if (certificate instanceof X509Certificate x509) {
          chain.add(x509);
        }
      }
      return new Identity(context, chain);
    } catch (GeneralSecurityException e) {
      throw unusable(clients, e);
    }
  }

  /**
   * Reads the files again if they have changed and rest; to be called again and again, by one
   * thread. Certificate and key may be written one after the other.
   */
  public void look() {
    List<Object> now = stamps(settings);
    boolean rests = now.equals(seen);
    seen = now;
    if (!rests || now.equals(tried)) {
      return;
    }
    tried = now;
    try {
      Identity found = read(settings);
      requireNotExpired(found);
      identity = found;
      problem = null;
      LOG.info("the certificate was read anew; it expires at {}", expiresAt());
    } catch (IOException | RuntimeException e) { // a parser may throw anything at a broken file
      problem = Objects.requireNonNullElse(e.getMessage(), e.toString());
      LOG.warn("{}; the former certificate stays in use", problem);
    }
  }

  /** At the start there is none that is better. */
  private void requireNotExpired(Identity found) throws IOException {
    for (X509Certificate certificate : found.chain) {
      Instant end = certificate.getNotAfter().toInstant();
      if (end.isBefore(Instant.now())) {
        Path file = settings.keyStore == null ? settings.certificate : settings.keyStore;
        throw new IOException("%s: holds a certificate that expired at %s".formatted(file, end));
      }
    }
  }

  private static List<Object> stamps(Settings settings) {
    List<Object> stamps = new ArrayList<>();
    for (Path file :
        new Path[] {
          settings.keyStore,
          settings.passwordFile,
          settings.certificate,
          settings.key,
          settings.clientCertificates
        }) {
      if (file != null) {
        try {
          BasicFileAttributes read = Files.readAttributes(file, BasicFileAttributes.class);
          stamps.add(read.lastModifiedTime());
          stamps.add(read.size());
          stamps.add(String.valueOf(read.fileKey()));
        } catch (IOException e) {
          stamps.add("missing");
        }
      }
    }
    return stamps;
  }

  /** Returns why a former certificate is in use, null if that of the files is. */
  public @Nullable String problem() {
    return problem;
  }

  /** Returns when the certificate, or one that vouches for it, expires first. */
  public @Nullable Instant expiresAt() {
    return identity.chain.stream()
        .map(certificate -> certificate.getNotAfter().toInstant())
        .min(Comparator.naturalOrder())
        .orElse(null);
  }

  /** Returns the names of hosts and addresses in the certificate, in lower case. */
  public Set<String> names() {
    Set<String> names = new HashSet<>();
    try {
      Collection<List<?>> alternatives =
          identity.chain.isEmpty() ? null : identity.chain.get(0).getSubjectAlternativeNames();
      for (List<?> name : alternatives == null ? List.<List<?>>of() : alternatives) {
        if (name.get(0).equals(DNS_NAME) || name.get(0).equals(IP_ADDRESS)) {
          names.add(name.get(1).toString().toLowerCase(Locale.ROOT));
        }
      }
    } catch (CertificateParsingException e) {
      LOG.debug("no names in the certificate", e);
    }
    return names;
  }

  private static KeyPairs fromKeyStore(Path file, Path passwordFile) throws IOException {
    PrivateFile.require(file);
    PrivateFile.require(passwordFile);
    try (BufferedReader reader = Files.newBufferedReader(passwordFile)) {
      String first = reader.readLine();
      char[] password = first == null ? new char[0] : first.toCharArray();
      KeyStore store = KeyStore.getInstance(file.toFile(), password);
      for (String alias : Collections.list(store.aliases())) {
        if (store.isKeyEntry(alias)) {
          return new KeyPairs(managers(store, password), store.getCertificateChain(alias));
        }
      }
    } catch (GeneralSecurityException | IOException e) {
      throw unusable(file, e);
    }
    throw new IOException("%s: holds no private key".formatted(file));
  }

  private static KeyPairs fromPem(Path certificate, Path key) throws IOException {
    PrivateFile.require(key);
    try (InputStream certificates = Files.newInputStream(certificate);
        PKCS8PEMFileReader keys = new PKCS8PEMFileReader(key.toFile())) {
      Certificate[] chain =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(certificates)
              .toArray(new Certificate[0]);
      PKCS8PrivateKey read = keys.readPrivateKey();
      if (chain.length == 0 || read == null) {
        throw new IOException("%s, %s: hold no certificate or no key".formatted(certificate, key));
      }
      PrivateKey privateKey = read.toPrivateKey();
      requirePair(chain[0].getPublicKey(), privateKey);
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry("server", privateKey, new char[0], chain);
      return new KeyPairs(managers(store, new char[0]), chain);
    } catch (GeneralSecurityException | CertException e) {
      throw unusable(certificate + ", " + key, e);
    } catch (NoSuchFileException e) {
      throw new IOException("%s: is missing".formatted(e.getFile()), e);
    }
  }

  /** Else clients would be told of a failed handshake, and nobody why. */
  private static void requirePair(PublicKey certified, PrivateKey key)
      throws GeneralSecurityException {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> key.getAlgorithm();
        };
    byte[] text = {1};
    Signature signature = Signature.getInstance(algorithm);
    signature.initSign(key);
    signature.update(text);
    byte[] signed = signature.sign();
    signature.initVerify(certified);
    signature.update(text);
    if (!signature.verify(signed)) {
      throw new KeyException("the key is not that of the certificate");
    }
  }

  private static KeyManager[] managers(KeyStore store, char[] password)
      throws GeneralSecurityException {
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, password);
    return factory.getKeyManagers();
  }

  private static IOException unusable(@Nullable Object file, Exception e) {
    String reason = String.valueOf(e.getMessage());
    String missing = RequiredModules.missing(List.of("jdk.crypto.ec"));
    if (missing != null && reason.contains("EC KeyFactory not available")) {
      reason += "; " + missing;
    }
    return new IOException("%s: cannot be used for TLS: %s".formatted(file, reason), e);
  }

  /** Returns whether each client shows a certificate that is vouched for. */
  public boolean vouchesForClients() {
    return settings.clientCertificates != null;
  }

  /** Returns the server's side of a connection, before the handshake. */
  public Socket secured(Socket plain) throws IOException {
    SSLSocket secured =
        (SSLSocket)
            identity
                .context
                .getSocketFactory()
                .createSocket(plain, InputStream.nullInputStream(), true);
    secured.setUseClientMode(false);
    secured.setNeedClientAuth(vouchesForClients());
    return secured;
  }
}
