package org.smsjmx.it.clients;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jolokia.json.JSONObject;
import org.smsjmx.fixture.Endpoint;
import org.smsjmx.fixture.JolokiaClient;
import org.smsjmx.fixture.ServerProcess;
import org.smsjmx.fixture.Tools;

/** jolokia.js in Node. */
final class JolokiaJs implements Endpoint {

  private static final Path SOURCES = Path.of("src/server/test/jolokia.js");

  private static Path installed;

  private final ServerProcess server;
  private final String account;
  private final String password;
  private final String method;

  JolokiaJs(ServerProcess server, String account, String password, String method) {
    this.server = server;
    this.account = account;
    this.password = password;
    this.method = method;
  }

  /** Skips the test without Node, or where npm cannot fetch jolokia.js. */
  private static synchronized Path installed() {
    Tools.assumeInstalled("node");
    Tools.assumeInstalled("npm");
    if (installed == null) {
      Path directory = ServerProcess.temporaryDirectory("node");
      try {
        for (String file : List.of("package.json", "package-lock.json", "door.js")) {
          Files.copy(SOURCES.resolve(file), directory.resolve(file));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      Tools.run(
          Map.of(),
          "",
          List.of("npm", "ci", "--prefix", directory.toString(), "--no-audit", "--no-fund"));
      installed = directory;
    }
    assumeTrue(
        Files.exists(installed.resolve("node_modules/jolokia.js")), "npm cannot fetch jolokia.js");
    return installed;
  }

  @Override
  public Outcome call(String mbean, String operation, Object... arguments) {
    return JolokiaClient.outcome(request(JolokiaClient.exec(mbean, operation, arguments)));
  }

  /** Sends a request, or a list of them, and returns the answer. */
  Object request(Object request) {
    JSONObject call =
        JolokiaClient.json(
            "url", server.http() + "/jolokia", "username", account, "password", password);
    call.put("method", method);
    call.put("request", request);
    Tools.Ran ran =
        Tools.run(
            Map.of(), call + "\n", List.of("node", installed().resolve("door.js").toString()));
    if (ran.exitCode() != 0) {
      throw new AssertionError(ran);
    }
    return JolokiaClient.parse(ran.out());
  }

  @Override
  public String toString() {
    return "jolokia.js " + method;
  }
}
