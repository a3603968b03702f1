package org.smsjmx;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;

/**
 * A server that test classes share, with the shipped configuration but for further accounts, one
 * for each role, and further users, whose names are hard to write.
 */
final class ChangedConfiguration {

  static final List<String> ROLES = List.of("view", "refresh", "terminate", "administer");
  static final String STRANGER = "stranger";

  static final List<String> HARD_NAMES =
      List.of(
          "Jörg",
          "Ünal Öztürk",
          "sales/emea",
          "/",
          "a//b/",
          "Pat \"Q\" O'Brien",
          "back\\slash\\",
          "wow!",
          "!/!!",
          "100%25",
          "a+b c",
          "who?x=y&z#f",
          "a;b,c=d:e",
          "<script>",
          "日本 太郎",
          "smile \uD83D\uDE00",
          "ß",
          "x".repeat(256));

  private static ServerProcess server;
  private static Path directory;

  private ChangedConfiguration() {}

  static synchronized ServerProcess server() {
    if (server == null) {
      directory = ServerProcess.copyOfConfiguration();
      replace(
          directory.resolve("sms.yaml"),
          "  sec_master: administer\n",
          "  sec_master: administer\n"
              + "  view: view\n  refresh: refresh\n  terminate: terminate\n"
              + "  administer: administer\n");
      append(ldif(), hardNames());
      Path data = ServerProcess.temporaryDirectory("data");
      ServerProcess.accountFile(
          data,
          "# accounts in clear, as a person writes them",
          "",
          "view " + password("view"),
          "refresh   " + password("refresh"),
          "  terminate\t" + password("terminate"),
          "administer " + password("administer"),
          STRANGER + " " + password(STRANGER));
      server =
          ServerProcess.start().config(directory).data(data).option("--sessions", "100").ready();
    }
    return server;
  }

  static String password(String account) {
    return account + "-Paßwort:1";
  }

  /** Returns the server's registry file. */
  static Path ldif() {
    return directory.resolve("users.ldif");
  }

  private static String hardNames() {
    StringBuilder entries = new StringBuilder();
    for (int i = 0; i < HARD_NAMES.size(); i++) {
      String name = HARD_NAMES.get(i);
      String uid =
          name.equals("Jörg")
              ? "uid: " + name
              : "uid:: "
                  + Base64.getEncoder().encodeToString(name.getBytes(StandardCharsets.UTF_8));
      entries.append(
          """

          dn: cn=hard%d,ou=people,dc=ibm,dc=com
          objectClass: inetOrgPerson
          %s
          cn: hard%d
          sn: hard
          """
              .formatted(i, uid, i));
    }
    return entries.toString();
  }

  static void replace(Path file, String part, String by) {
    write(file, ServerProcess.read(file).replace(part, by));
  }

  static void append(Path file, String text) {
    write(file, ServerProcess.read(file) + text);
  }

  static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
