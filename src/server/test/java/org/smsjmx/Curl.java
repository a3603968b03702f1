package org.smsjmx;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The command line curl. */
final class Curl implements Door {

  private final String url;
  private final String user;
  private final boolean byGet;

  private Curl(ServerProcess server, String account, String password, boolean byGet) {
    this.url = server.http() + "/jolokia";
    this.user = account + ":" + password;
    this.byGet = byGet;
  }

  static Curl byPost(ServerProcess server, String account, String password) {
    return new Curl(server, account, password, false);
  }

  static Curl byGet(ServerProcess server, String account, String password) {
    return new Curl(server, account, password, true);
  }

  @Override
  public Outcome call(String mbean, String operation, Object... arguments) {
    if (byGet) {
      String path =
          Stream.concat(Stream.of(mbean, operation), Arrays.stream(arguments))
              .map(JolokiaClient::pathElement)
              .collect(Collectors.joining("/"));
      return JolokiaClient.outcome(run(List.of(url + "/exec/" + path), ""));
    }
    return JolokiaClient.outcome(post(JolokiaClient.exec(mbean, operation, arguments).toString()));
  }

  /** Sends a body and returns the answer. */
  Object post(String body) {
    return run(List.of("-H", "Content-Type: application/json", "--data-binary", "@-", url), body);
  }

  private Object run(List<String> more, String input) {
    List<String> command =
        Stream.concat(Stream.of("curl", "-q", "-sS", "-u", user), more.stream()).toList();
    Tools.Ran ran = Tools.run(Map.of(), input, command);
    if (ran.exitCode() != 0) {
      throw new AssertionError(ran);
    }
    return JolokiaClient.parse(ran.out());
  }

  @Override
  public String toString() {
    return byGet ? "curl GET" : "curl POST";
  }
}
