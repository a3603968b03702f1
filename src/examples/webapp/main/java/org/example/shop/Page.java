package org.example.shop;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.Principal;

/** What all pages look like. */
final class Page {

  private Page() {}

  /**
   * Answers with a page.
   *
   * @param content HTML; {@code {context}} stands for the path of the application
   */
  static void show(
      HttpServletRequest request, HttpServletResponse response, String title, String content)
      throws IOException {
    response.setContentType("text/html;charset=UTF-8");
    // a page that tells who is signed in is out of date at once
    response.setHeader("Cache-Control", "no-store");
    response
        .getWriter()
        .print(
            frame()
                .replace("{title}", escape(title))
                .replace("{content}", content)
                .replace("{context}", request.getContextPath()));
  }

  /** Returns the name of the user who is signed in, as HTML. */
  static String user(HttpServletRequest request) {
    Principal user = request.getUserPrincipal();
    return user == null ? "nobody" : escape(user.getName());
  }

  static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }

  private static String frame() throws IOException {
    try (InputStream in = Page.class.getResourceAsStream("page.html")) {
      if (in == null) {
        throw new IOException("page.html is missing in the application");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
