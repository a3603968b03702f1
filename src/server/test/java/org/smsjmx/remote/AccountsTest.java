package org.smsjmx.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
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
import org.smsjmx.management.Permission;

final class AccountsTest {

  private static final Map<String, Permission> PERMISSIONS =
      Map.of("anna", Permission.VIEW, "bob", Permission.TERMINATE);

  @TempDir private Path directory;
  private Map<String, Permission> permissions = PERMISSIONS;
  private Instant now = Instant.now();

  @ParameterizedTest
  @ValueSource(
      strings = {"secret", "Pässwörter", "with blank", " ", "a:b:", "日本\uD83D\uDE00", "#x", "\t"})
  void aPasswordThatWasSetLetsInAndNoOtherDoes(String password) throws IOException {
    Accounts.setPassword(file(), "anna", password);
    Accounts accounts = accounts();

    Accounts.Proof proof = accounts.check("anna", password);
    assertThat(proof).isNotNull();
    assertThat(accounts.permission(proof)).isEqualTo(Permission.VIEW);
    for (String wrong : List.of("", password + " ", password + "x", "\0", "SHA3-512")) {
      assertThat(accounts.check("anna", wrong)).isNull();
    }
    for (String name : List.of("", "Anna", "anna ", "bob", "nobody")) {
      assertThat(accounts.check(name, password)).isNull();
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

    assertThat(accounts.check("anna", "secret")).isNotNull();
    assertThat(accounts.check("bob", "Päss:wört")).isNotNull();
    assertThat(accounts.check("bob", "secret")).isNull();
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

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n"})
  void passwordsInClearAreReplacedByHashesAndTheRestStays(String end) throws IOException {
    Accounts.setPassword(file(), "bob", "hashed before");
    String hashed = content().strip();
    writeText(
        "\uFEFF# comment  with words" + end + end + "  anna \t secret  " + end + hashed + end);
    Object inode = Files.getAttribute(file(), "unix:ino");

    Accounts accounts = accounts();
    tidyLater(accounts, 10);

    assertThat(content())
        .matches(
            "\uFEFF# comment  with words%1$s%1$sanna \\S+ \\S+ SHA3-512%1$s%2$s%1$s"
                .formatted(end, Pattern.quote(hashed)));
    assertThat(Files.getAttribute(file(), "unix:ino")).as("the file itself").isEqualTo(inode);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
    assertThat(accounts.check("anna", "secret")).isNotNull();
    assertThat(accounts.check("bob", "hashed before")).isNotNull();
    assertThat(filesInDirectory()).as("no temporary file stays").hasSize(1);
    assertThat(accounts.problem()).isNull();
  }

  /** Lets so many seconds pass since the last change of the file. */
  private void tidyLater(Accounts accounts, long seconds) throws IOException {
    now = Files.getLastModifiedTime(file()).toInstant().plusSeconds(seconds);
    await()
        .untilAsserted(
            () -> {
              accounts.tidy();
              assertThat(accounts.problem()).isNull();
            });
  }

  @Test
  void nothingIsReplacedWhileTheFileIsWrittenTo() throws IOException {
    write("anna secret");
    Accounts accounts = accounts();

    tidyLater(accounts, 9);

    assertThat(content()).isEqualTo("anna secret\n");
    assertThat(accounts.check("anna", "secret")).isNotNull();
  }

  @Test
  void aFileThatWasWrittenBeforeTheClockWasSetBackHasRested() throws IOException {
    writeText("anna secret");
    Accounts accounts = accounts();

    tidyLater(accounts, -7_200);

    assertThat(accounts.check("anna", "secret")).isNotNull();
    assertThat(content()).matches("anna \\S+ \\S+ SHA3-512");
  }

  @Test
  void whatIsAddedMeanwhileIsNeverLost() throws IOException {
    write("anna secret");
    Accounts accounts = accounts();
    now = Files.getLastModifiedTime(file()).toInstant().plusSeconds(10);
    try (var out = Files.newOutputStream(file(), StandardOpenOption.APPEND)) {
      AccountFile read = AccountFile.read(file(), false, null);
      out.write("bob builder\n".getBytes(StandardCharsets.UTF_8));

      assertThat(read.hashClearText()).isFalse();
      assertThat(content()).isEqualTo("anna secret\nbob builder\n");

      assertThat(AccountFile.read(file(), false, null).hashClearText()).isTrue();
      out.write("# the same writer goes on\n".getBytes(StandardCharsets.UTF_8));
    }
    assertThat(content())
        .matches("anna \\S+ \\S+ SHA3-512\nbob \\S+ \\S+ SHA3-512\n# the same writer goes on\n");
    await().until(() -> accounts.check("bob", "builder") != null);
  }

  @Test
  void aLineCountsOnceItIsWhole() throws IOException {
    write("bob secret");
    Accounts accounts = accounts();
    Files.writeString(file(), "anna wonder", StandardOpenOption.APPEND);
    now = Files.getLastModifiedTime(file()).toInstant().plusSeconds(4);
    await().during(Duration.ofMillis(500)).until(() -> accounts.check("anna", "wonder") == null);
    assertThat(accounts.check("bob", "secret")).isNotNull();

    Files.writeString(file(), "land\n", StandardOpenOption.APPEND);
    await().until(() -> accounts.check("anna", "wonderland") != null);
    assertThat(accounts.check("anna", "wonder")).isNull();
  }

  @Test
  void aLastLineWithoutAnEndCountsWhenTheFileHasRested() throws IOException {
    writeText("anna secret");
    Accounts accounts = accounts();
    now = Files.getLastModifiedTime(file()).toInstant().plusSeconds(4);
    assertThat(accounts.check("anna", "secret")).isNull();

    now = now.plusSeconds(1);
    assertThat(accounts.check("anna", "secret")).isNotNull();
    tidyLater(accounts, 10);
    assertThat(content()).matches("anna \\S+ \\S+ SHA3-512");
  }

  @Test
  void aLastLineThatIsBrokenAndHasNoEndIsAProblemWhenTheFileHasRested() throws IOException {
    writeText("bob secret\nanna");
    Accounts accounts = accounts();
    now = Files.getLastModifiedTime(file()).toInstant().plusSeconds(4);
    assertThat(accounts.problem()).isNull();

    now = now.plusSeconds(1);
    assertThat(accounts.problem()).startsWith(file() + ":2: ");
    assertThat(accounts.check("bob", "secret")).isNotNull();
  }

  @Test
  void hashesWithoutAlgorithmAndOfOtherAlgorithmsAreRead() throws Exception {
    for (String algorithm : List.of("SHA3-512", "SHA-512", "SHA-256")) {
      byte[] salt = {1, 2, 3, 4};
      MessageDigest digest = MessageDigest.getInstance(algorithm);
      digest.update(salt);
      Base64.Encoder base64 = Base64.getEncoder();
      String hash = base64.encodeToString(digest.digest("secret".getBytes(StandardCharsets.UTF_8)));
      String line = "anna " + base64.encodeToString(salt) + " " + hash;
      write(algorithm.equals("SHA3-512") ? line : line + " " + algorithm);

      assertThat(accounts().check("anna", "secret")).as(algorithm).isNotNull();
      assertThat(accounts().check("anna", "other")).as(algorithm).isNull();
      assertThat(jdkLetsIn("anna", "secret")).as("by the JDK").isTrue();
    }
  }

  @Test
  void behindALinkTheClearTextIsReplacedWhereItStands() throws IOException {
    Path target = directory.resolve("target");
    Files.writeString(target, "anna secret\n");
    Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rw-------"));
    Files.createSymbolicLink(file(), target);
    Accounts accounts = accounts();

    tidyLater(accounts, 10);

    assertThat(Files.isSymbolicLink(file())).isTrue();
    assertThat(Files.readString(target)).doesNotContain("secret").startsWith("anna ");
    assertThat(accounts.check("anna", "secret")).isNotNull();
  }

  @Test
  void whatCannotBeReadIsAProblemUntilItCan() throws IOException {
    write("anna secret");
    Accounts accounts = accounts();
    assertThat(accounts.problem()).isNull();

    write("anna one two three four");
    await().until(() -> accounts.problem() != null);
    assertThat(accounts.problem()).startsWith(file() + ":1: ");

    write("anna secret");
    await().until(() -> accounts.problem() == null);
  }

  @Test
  void whatAnAccountHadCountsUntilItLosesSomething() throws IOException {
    write("anna secret", "bob secret");
    Accounts accounts = accounts();
    Accounts.Proof proof = accounts.check("anna", "secret");
    tidyLater(accounts, 10);
    assertThat(accounts.permission(proof)).as("hashed by ourselves").isEqualTo(Permission.VIEW);

    permissions = Map.of("anna", Permission.ADMINISTER);
    assertThat(accounts.permission(proof)).as("more than before").isEqualTo(Permission.ADMINISTER);
    Accounts.Proof higher = accounts.check("anna", "secret");
    permissions = Map.of("anna", Permission.TERMINATE);
    assertThat(accounts.permission(higher)).as("less than before").isNull();
    assertThat(accounts.permission(proof)).isEqualTo(Permission.TERMINATE);
    permissions = Map.of();
    assertThat(accounts.permission(proof)).as("no role").isNull();

    permissions = PERMISSIONS;
    write("anna another");
    await().until(() -> accounts.permission(proof) == null);
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
        "anna two words MD4",
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
  void aFileThatIsTooLargeForTheMemoryIsNamedAndTheLastGoodContentStays() throws IOException {
    write("anna secret");
    Accounts accounts = accounts();
    try (RandomAccessFile sparse = new RandomAccessFile(file().toFile(), "rw")) {
      sparse.setLength(3L << 30);
    }
    await().until(() -> accounts.problem() != null);

    assertThat(accounts.problem()).startsWith(file() + ": is larger than");
    assertThat(accounts.check("anna", "secret")).isNotNull();
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
    assertThat(accounts.check("anna", "secret")).isNotNull();

    write("anna other", "bob secret");

    await().until(() -> accounts.check("anna", "secret") == null);
    assertThat(accounts.check("anna", "other")).isNotNull();
    assertThat(accounts.check("bob", "secret")).isNotNull();

    write("bob secret");

    await().until(() -> accounts.check("anna", "other") == null);
    assertThat(accounts.check("bob", "secret")).isNotNull();
  }

  @Test
  void aBrokenChangeKeepsTheLastGoodContent() throws IOException {
    write("anna secret");
    Accounts accounts = accounts();

    write("anna one two");

    assertThat(accounts.check("anna", "secret")).isNotNull();
  }

  @Test
  void anAccountWithoutPermissionCannotSignIn() throws IOException {
    write("anna secret", "stranger secret");

    assertThat(accounts().check("stranger", "secret")).isNull();
  }

  @Test
  void settingAPasswordChangesThatAccountOnly() throws IOException {
    write("# mine", "anna secret", "annabel other");
    Accounts.setPassword(file(), "anna", "new");
    Accounts accounts =
        new Accounts(file(), () -> Map.of("anna", Permission.VIEW, "annabel", Permission.VIEW));

    assertThat(accounts.check("anna", "new")).isNotNull();
    assertThat(accounts.check("anna", "secret")).isNull();
    assertThat(accounts.check("annabel", "other")).isNotNull();
    assertThat(content()).startsWith("# mine\n");
    assertThatThrownBy(() -> Accounts.setPassword(file(), "anna", ""))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("anna");
  }

  @Test
  void aPasswordThatAnAccountHasAlreadyChangesNothing() throws IOException {
    Accounts.setPassword(file(), "anna", "secret");
    String before = content();

    Accounts.setPassword(file(), "anna", "secret");

    assertThat(content()).isEqualTo(before);
  }

  @Test
  void aPasswordThatWasSetIsTakenBackWhereTheStartFails() throws IOException {
    Accounts first = Accounts.closed(file(), Map::of, false);
    first.setPassword("sec_master", "one");
    first.takeBack();
    assertThat(file()).doesNotExist();

    first.setPassword("sec_master", "one");
    String before = Files.readString(file());
    Accounts second = Accounts.closed(file(), Map::of, false);
    second.takeBack();
    assertThat(file()).hasContent(before);
    second.setPassword("sec_master", "two");
    assertThat(Files.readString(file())).isNotEqualTo(before);
    second.takeBack();
    assertThat(Files.readString(file())).isEqualTo(before);
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
    return new Accounts(file(), () -> permissions, () -> now);
  }

  private String content() throws IOException {
    return Files.readString(file());
  }

  private void write(String... lines) throws IOException {
    writeText(String.join("\n", lines) + "\n");
  }

  private void writeText(String text) throws IOException {
    Files.writeString(file(), text);
    Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-------"));
  }
}
