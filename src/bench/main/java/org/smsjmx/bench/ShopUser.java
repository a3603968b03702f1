package org.smsjmx.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A browser in front of the example application, with the cookie of one session. */
final class ShopUser {

  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final String COOKIE = "JSESSIONID=";
  private static final int MOST_REDIRECTS = 5;
  private static final int FEW_LETTERS = 29;
  private static final Pattern TOKEN = Pattern.compile("name=\"_csrf\" value=\"([^\"]+)\"");

  /** What {@link #sees} says of the page of those who are signed in. */
  static final String OWN_PAGE = "the user's page";

  private final URI application;
  private final Form form;
  private final String name;
  private String cookie = "";
  private String token = "";

  /**
   * The form of a sign-in.
   *
   * @param path where it is sent to
   * @param user field
   * @param password field
   */
  record Form(String path, String user, String password) {}

  /** A user who has not signed in. */
  ShopUser(URI application, Form form, String name) {
    this.application = application;
    this.form = form;
    this.name = name;
  }

  /** Signs in by the form, as far as the password. */
  ShopUser prove() {
    get("/me");
    post(
        form.path(),
        "%s=%s&%s=%s"
            .formatted(
                form.user(),
                URLEncoder.encode(name, StandardCharsets.UTF_8),
                form.password(),
                Shop.PASSWORD));
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

  /** Returns whether a page shows that the user is signed in. */
  boolean isSignedIn() {
    return sees().equals(OWN_PAGE);
  }

  /** Returns what the user sees who asks for the own page, in a few words. */
  String sees() {
    String page = get("/me").body();
    if (page.contains("id=\"user\">" + name + "<")) {
      return OWN_PAGE;
    }
    return page.contains("type=\"password\"")
        ? "the form"
        : "“" + page.substring(0, Math.min(page.length(), FEW_LETTERS)) + " …”";
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

  /** Sends the fields of a form; returns the answer, which is usually a redirect. */
  HttpResponse<String> post(String path, String fields) {
    return send(
        request(URI.create(application + path))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(fields))
            .build());
  }

  HttpResponse<String> delete(String path) {
    return send(request(URI.create(application + path)).DELETE().build());
  }

  /** Returns the lines of a stream of events, which is open when it has one. */
  Stream<String> events() throws IOException, InterruptedException {
    return CLIENT
        .send(
            request(URI.create(application + "/events")).build(),
            HttpResponse.BodyHandlers.ofLines())
        .body();
  }

  private HttpRequest.Builder request(URI address) {
    HttpRequest.Builder request = HttpRequest.newBuilder(address);
    if (!token.isEmpty()) {
      request.header("X-CSRF-TOKEN", token);
    }
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
      Matcher told = TOKEN.matcher(answer.body());
      if (told.find()) {
        token = told.group(1);
      }
      return answer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
