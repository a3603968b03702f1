package org.smsjmx.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smsjmx.registry.TestCertificate;

/** What is said of files that cannot be used for TLS. */
final class TlsTest {

  @TempDir private static Path directory;
  private static Path certificate;
  private static Path key;
  private static Path keyStore;
  private static Path password;

  @BeforeAll
  static void make() throws Exception {
    TestCertificate made = new TestCertificate(directory, "ip:127.0.0.1");
    certificate = made.certificate();
    key = ownerOnly(made.privateKey());
    keyStore = ownerOnly(made.keyStore());
    password = ownerOnly(Files.writeString(directory.resolve("password"), "changeit\n"));
    Tls.of(pem(certificate, key));
    Tls.of(store(keyStore, password));
  }

  private static Path ownerOnly(Path file) throws IOException {
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private static Tls.Settings pem(Path certificate, Path key) {
    return new Tls.Settings(null, null, certificate, key, null);
  }

  private static Tls.Settings store(Path keyStore, Path password) {
    return new Tls.Settings(keyStore, password, null, null, null);
  }

  private static Path file(String name, String content) throws IOException {
    return ownerOnly(Files.writeString(directory.resolve(name), content));
  }

  private static void assertRefused(Tls.Settings settings, String... parts) {
    assertThatThrownBy(() -> Tls.of(settings))
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll(parts);
  }

  @Test
  void secretFilesThatOthersCanReadAreRefused() throws IOException {
    for (String mode : new String[] {"rw-r-----", "rw----r--", "rw--w----"}) {
      Path open = Files.copy(key, directory.resolve("key " + mode));
      Files.setPosixFilePermissions(open, PosixFilePermissions.fromString(mode));

      assertRefused(pem(certificate, open), open + ": others can read", "chmod 600");
      assertRefused(store(open, password), open + ": others can read");
      assertRefused(store(keyStore, open), open + ": others can read");
    }
  }

  @Test
  void filesThatHoldSomethingElseAreNamed() throws Exception {
    Path empty = file("empty", "");
    Path text = file("text", "nothing of the kind\n");
    Path wrongPassword = file("wrong", "wrong\n");
    for (Path wrong : new Path[] {empty, text}) {
      assertRefused(pem(wrong, key), wrong.toString());
      assertRefused(pem(certificate, wrong), wrong.toString());
      assertRefused(store(wrong, password), wrong.toString());
      assertRefused(store(keyStore, wrong), keyStore.toString());
      assertRefused(new Tls.Settings(null, null, certificate, key, wrong), wrong.toString());
    }
    assertRefused(pem(directory.resolve("no"), key), "no: is missing");
    assertRefused(pem(certificate, directory.resolve("no")), "no: is missing");
    assertRefused(store(keyStore, wrongPassword), keyStore + ": cannot be used for TLS: ");
  }

  @Test
  void aKeyThatIsNotThatOfTheCertificateIsRefused() throws Exception {
    Path other = ownerOnly(new TestCertificate(directory, "ip:127.0.0.1").privateKey());

    assertRefused(pem(certificate, other), "the key is not that of the certificate");
  }

  @Test
  void anExpiredCertificateDoesNotTakeThePlaceOfAnotherOne() throws Exception {
    Path used = Files.copy(certificate, directory.resolve("used.pem"));
    Path usedKey = ownerOnly(Files.copy(key, directory.resolve("used.key")));
    Tls tls = Tls.of(pem(used, usedKey));
    Instant end = tls.expiresAt();
    TestCertificate expired =
        new TestCertificate(directory, "ip:127.0.0.1", "-startdate", "-3d", "-validity", "1");
    Files.copy(expired.certificate(), used, StandardCopyOption.REPLACE_EXISTING);
    Files.copy(expired.privateKey(), usedKey, StandardCopyOption.REPLACE_EXISTING);
    ownerOnly(usedKey);

    tls.look();
    tls.look();

    assertThat(tls.problem()).startsWith(used + ": holds a certificate that expired at ");
    assertThat(tls.expiresAt()).isEqualTo(end);
  }
}
