package org.smsjmx;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jolokia.json.JSONArray;
import org.jolokia.json.JSONObject;
import org.jolokia.json.parser.JSONParser;
import org.jolokia.json.parser.ParseException;

/** Calls by HTTP, in the name of one account. */
final class JolokiaClient {

  /** Nothing here may take so long; it ends a test that hangs. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final URI root;
  private final String authorization;

  JolokiaClient(URI root, String user, String password) {
    this.root = root;
    this.authorization = basic(user, password);
  }

  static String basic(String user, String password) {
    byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(pair);
  }

  /** Returns a request with the account's name and password, to be completed. */
  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(root + path))
        .timeout(PATIENCE)
        .header("Authorization", authorization);
  }

  static HttpResponse<String> send(HttpRequest request) {
    try {
      return CLIENT.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(request.toString(), e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  HttpResponse<String> get(String path) {
    return send(request(path).build());
  }

  HttpResponse<String> post(String body) {
    return send(request("/jolokia").POST(BodyPublishers.ofString(body)).build());
  }

  /** Sends one request, or a list of them, and returns the answer. */
  Object post(Object request) {
    return parse(post(Json.write(request)).body());
  }

  static Object parse(String json) {
    try {
      return new JSONParser().parse(json);
    } catch (IOException | ParseException e) {
      throw new AssertionError("not JSON: " + json, e);
    }
  }

  static JSONObject json(Object... keysAndValues) {
    JSONObject object = new JSONObject();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      object.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return object;
  }

  /** Makes the request that calls an operation. */
  static JSONObject exec(String mbean, String operation, Object... arguments) {
    return json(
        "type", "exec", "mbean", mbean, "operation", operation, "arguments", array(arguments));
  }

  static JSONArray array(Object... members) {
    JSONArray array = new JSONArray(members.length);
    array.addAll(Arrays.asList(members));
    return array;
  }

  /** Reads an attribute. */
  Object read(String mbean, String attribute) {
    JSONObject answer =
        (JSONObject) post((Object) json("type", "read", "mbean", mbean, "attribute", attribute));
    if (!answer.containsKey("value")) {
      throw new AssertionError(answer);
    }
    return answer.get("value");
  }

  static Door.Outcome outcome(Object answer) {
    JSONObject json = (JSONObject) answer;
    Object error = json.get("error");
    return new Door.Outcome(
        json.get("value"),
        ((Number) json.get("status")).intValue(),
        error == null ? "" : error.toString());
  }

  /** Returns the door that takes JSON bodies. */
  Door byPost() {
    return new HttpDoor("POST") {
      @Override
      public Outcome call(String mbean, String operation, Object... arguments) {
        return outcome(post((Object) exec(mbean, operation, arguments)));
      }
    };
  }

  /** Returns the door that takes everything in the path. */
  Door byGet() {
    return new HttpDoor("GET") {
      @Override
      public Outcome call(String mbean, String operation, Object... arguments) {
        String path =
            Stream.concat(Stream.of(mbean, operation), Arrays.stream(arguments))
                .map(JolokiaClient::pathElement)
                .collect(Collectors.joining("/"));
        return outcome(parse(get("/jolokia/exec/" + path).body()));
      }
    };
  }

  /** Escapes as Jolokia's protocol says; null and the empty text have words of their own. */
  static String pathElement(Object argument) {
    if (argument == null) {
      return "%5Bnull%5D";
    }
    String text = argument.toString();
    if (text.isEmpty()) {
      return "%22%22";
    }
    String escaped = text.replace("!", "!!").replace("/", "!/");
    return URLEncoder.encode(escaped, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** A door that shows in test reports. */
  private abstract static class HttpDoor implements Door {

    private final String name;

    HttpDoor(String name) {
      this.name = name;
    }

    @Override
    public String toString() {
      return name;
    }
  }
}
