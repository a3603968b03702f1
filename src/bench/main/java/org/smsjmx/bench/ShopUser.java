package org.smsjmx.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/** A browser in front of the example application, with the cookie of one session. */
final class ShopUser {

  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final String COOKIE = "JSESSIONID=";
  private static final int MOST_REDIRECTS = 5;

  private final URI application;
  private final String name;
  private String cookie = "";

  /** A user who has not signed in. */
  ShopUser(URI application, String name) {
    this.application = application;
    this.name = name;
  }

  /**
   * Signs in by the form, as far as the password: the next page is the first one of the session.
   */
  ShopUser prove() {
    get("/me");
    send(
        request(URI.create(application + "/j_security_check"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "j_username=%s&j_password=%s"
                        .formatted(
                            URLEncoder.encode(name, StandardCharsets.UTF_8), ShopServer.PASSWORD)))
            .build());
    return this;
  }

  /** Signs in and looks at the first page. */
  ShopUser signIn() {
    prove();
    if (!isSignedIn()) {
      throw new IllegalStateException(name + " could not sign in");
    }
    return this;
  }

  /** Returns whether a page shows that the user is signed in, and not the form. */
  boolean isSignedIn() {
    String page = get("/me").body();
    if (page.contains("id=\"user\">" + name + "<")) {
      return true;
    }
    if (page.contains("j_security_check")) {
      return false;
    }
    throw new IllegalStateException("neither page nor form: " + page);
  }

  /** Returns whether the user may see a page. */
  boolean maySee(String path) {
    return get(path).statusCode() == 200;
  }

  /** Returns a page, after redirects. */
  HttpResponse<String> get(String path) {
    URI address = URI.create(application + path);
    HttpResponse<String> answer = send(request(address).build());
    for (int i = 0; i < MOST_REDIRECTS && answer.statusCode() / 100 == 3; i++) {
      address = address.resolve(answer.headers().firstValue("Location").orElseThrow());
      answer = send(request(address).build());
    }
    return answer;
  }

  private HttpRequest.Builder request(URI address) {
    HttpRequest.Builder request = HttpRequest.newBuilder(address);
    return cookie.isEmpty() ? request : request.header("Cookie", cookie);
  }

  private HttpResponse<String> send(HttpRequest request) {
    try {
      HttpResponse<String> answer = CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
      for (String set : answer.headers().allValues("Set-Cookie")) {
        if (set.startsWith(COOKIE)) {
          cookie = set.substring(0, set.indexOf(';'));
        }
      }
      return answer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
