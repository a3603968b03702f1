package org.smsjmx.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.security.auth.Subject;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.Configuration;
import javax.security.auth.login.LoginContext;
import javax.security.auth.login.LoginException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smsjmx.management.Caller;
import org.smsjmx.management.Permission;

final class AccountsTest {

  private static final Map<String, Permission> PERMISSIONS =
      Map.of("anna", Permission.VIEW, "bob", Permission.TERMINATE);

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {"secret", "Pässwörter", "with blank", " ", "a:b:", "日本\uD83D\uDE00", "#x", "\t"})
  void aPasswordThatWasSetLetsInAndNoOtherDoes(String password) throws IOException {
    Accounts.setPassword(file(), "anna", password);
    Accounts accounts = accounts();

    assertThat(accounts.authenticate("anna", password, "http", "10.0.0.1"))
        .isEqualTo(new Caller("anna", "10.0.0.1", "http", Permission.VIEW));
    for (String wrong : List.of("", password + " ", password + "x", "\0", "SHA3-512")) {
      assertThat(accounts.authenticate("anna", wrong, "http", "")).isNull();
    }
    for (String name : List.of("", "Anna", "anna ", "bob", "nobody")) {
      assertThat(accounts.authenticate(name, password, "http", "")).isNull();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"secret", "Pässwörter", "with blank", "a:b:", "日本\uD83D\uDE00"})
  void theJdkReadsTheHashes(String password) throws IOException {
    Accounts.setPassword(file(), "anna", password);

    assertThat(jdkLetsIn("anna", password)).isTrue();
    assertThat(jdkLetsIn("anna", password + "x")).isFalse();
  }

  @Test
  void hashesOfTheJdkAreRead() throws IOException {
    write("anna secret", "bob Päss:wört");
    assertThat(jdkLetsIn("anna", "secret")).as("the JDK hashes the file").isTrue();
    assertThat(content()).doesNotContain("secret");

    Accounts accounts = accounts();

    assertThat(accounts.authenticate("anna", "secret", "jmx", "")).isNotNull();
    assertThat(accounts.authenticate("bob", "Päss:wört", "jmx", "")).isNotNull();
    assertThat(accounts.authenticate("bob", "secret", "jmx", "")).isNull();
  }

  /** Asks the JDK's own login module, by JAAS. */
  private boolean jdkLetsIn(String name, String password) {
    Map<String, String> options =
        Map.of("passwordFile", file().toString(), "hashPasswords", "true");
    AppConfigurationEntry module =
        new AppConfigurationEntry(
            "com.sun.jmx.remote.security.FileLoginModule",
            AppConfigurationEntry.LoginModuleControlFlag.REQUIRED,
            options);
    Configuration configuration =
        new Configuration() {
          @Override
          public AppConfigurationEntry[] getAppConfigurationEntry(String application) {
            return new AppConfigurationEntry[] {module};
          }
        };
    try {
      new LoginContext(
              "test",
              new Subject(),
              callbacks -> {
                for (Callback callback : callbacks) {
                  if (callback instanceof NameCallback asked) {
                    asked.setName(name);
                  } else if (callback instanceof PasswordCallback asked) {
                    asked.setPassword(password.toCharArray());
                  }
                }
              },
              configuration)
          .login();
      return true;
    } catch (LoginException e) {
      return false;
    }
  }

  @Test
  void passwordsInClearAreReplacedByHashesAndTheRestStays() throws IOException {
    Accounts.setPassword(file(), "bob", "hashed before");
    String hashed = content().strip();
    write("# comment with words", "", "  anna \t secret  ", hashed);

    Accounts accounts = accounts();

    List<String> lines = Files.readAllLines(file());
    assertThat(lines).hasSize(4);
    assertThat(lines.get(0)).isEqualTo("# comment with words");
    assertThat(lines.get(1)).isEmpty();
    assertThat(lines.get(2)).matches("anna \\S+ \\S+ SHA3-512");
    assertThat(lines.get(3)).isEqualTo(hashed);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
    assertThat(accounts.authenticate("anna", "secret", "jmx", "")).isNotNull();
    assertThat(accounts.authenticate("bob", "hashed before", "jmx", "")).isNotNull();
    assertThat(filesInDirectory()).as("no temporary file stays").hasSize(1);
  }

  private List<Path> filesInDirectory() throws IOException {
    try (var files = Files.list(directory)) {
      return files.toList();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "anna",
        "anna two words",
        "anna a b c d",
        "anna salt hash MD5",
        "anna ??? ??? SHA3-512",
        "anna eA== eA== SHA3-512 more",
        "bob again"
      })
  void aBrokenLineIsNamed(String line) throws IOException {
    write("# accounts", "bob secret", line);

    assertThatThrownBy(this::accounts)
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(file() + ":3: ");
    assertThat(content()).as("left alone").contains("bob secret");
  }

  @Test
  void aFileThatIsNotUtf8IsNamed() throws IOException {
    write("anna secret");
    Files.write(file(), "anna Pässwort\n".getBytes(StandardCharsets.ISO_8859_1));

    assertThatThrownBy(this::accounts)
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file().toString());
  }

  @Test
  void aFileThatIsMissingOrADirectoryIsNamed() throws IOException {
    assertThatThrownBy(this::accounts)
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file().toString());

    Files.createDirectory(file());
    Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rwx------"));

    assertThatThrownBy(this::accounts)
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file().toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r--r--", "rw-r-----", "rw--w----", "rw----r--", "rw------x"})
  void aFileOfWhichOthersHaveAPartIsRefused(String permissions) throws IOException {
    write("anna secret");
    Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString(permissions));

    assertThatThrownBy(this::accounts)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("chmod 600")
        .hasMessageContaining(file().toString());
    assertThatThrownBy(() -> Accounts.setPassword(file(), "anna", "new"))
        .hasMessageContaining("chmod 600");
    assertThat(content()).isEqualTo("anna secret\n");
  }

  @Test
  void aChangedFileIsReadAgain() throws IOException {
    write("anna secret");
    Accounts accounts = accounts();
    assertThat(accounts.authenticate("anna", "secret", "jmx", "")).isNotNull();

    write("anna other", "bob secret");

    await().until(() -> accounts.authenticate("anna", "secret", "jmx", "") == null);
    assertThat(accounts.authenticate("anna", "other", "jmx", "")).isNotNull();
    assertThat(accounts.authenticate("bob", "secret", "jmx", "")).isNotNull();
    assertThat(content()).doesNotContain("other", "secret");

    write("bob secret");

    await().until(() -> accounts.authenticate("anna", "other", "jmx", "") == null);
    assertThat(accounts.caller("anna", "jmx", "")).as("nor on a connection it has").isNull();
    assertThat(accounts.caller("bob", "jmx", "")).isNotNull();
  }

  @Test
  void aBrokenChangeKeepsTheLastGoodContent() throws IOException {
    write("anna secret");
    Accounts accounts = accounts();

    write("anna one two");

    assertThat(accounts.authenticate("anna", "secret", "jmx", "")).isNotNull();
  }

  @Test
  void anAccountWithoutPermissionCannotSignIn() throws IOException {
    write("anna secret", "stranger secret");

    assertThat(accounts().authenticate("stranger", "secret", "jmx", "")).isNull();
    assertThat(accounts().caller("stranger", "jmx", "")).isNull();
  }

  @Test
  void settingAPasswordChangesThatAccountOnly() throws IOException {
    write("# mine", "anna secret", "annabel other");
    Accounts.setPassword(file(), "anna", "new");
    Accounts accounts =
        new Accounts(file(), Map.of("anna", Permission.VIEW, "annabel", Permission.VIEW));

    assertThat(accounts.authenticate("anna", "new", "jmx", "")).isNotNull();
    assertThat(accounts.authenticate("anna", "secret", "jmx", "")).isNull();
    assertThat(accounts.authenticate("annabel", "other", "jmx", "")).isNotNull();
    assertThat(content()).startsWith("# mine\n");
    assertThatThrownBy(() -> Accounts.setPassword(file(), "anna", ""))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("anna");
  }

  @Test
  void newPasswordsAreLongAndAllDifferent() {
    Set<String> passwords = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      String password = Accounts.newPassword();
      assertThat(password).hasSizeGreaterThanOrEqualTo(20).matches("[A-Za-z0-9_-]+");
      passwords.add(password);
    }
    assertThat(passwords).hasSize(100);
  }

  private Path file() {
    return directory.resolve("jmxremote.password");
  }

  private Accounts accounts() throws IOException {
    return new Accounts(file(), PERMISSIONS);
  }

  private String content() throws IOException {
    return Files.readString(file());
  }

  private void write(String... lines) throws IOException {
    Files.write(file(), List.of(lines));
    Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-------"));
  }
}
