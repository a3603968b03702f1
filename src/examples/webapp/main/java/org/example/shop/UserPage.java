package org.example.shop;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.time.Instant;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Who is signed in: to everybody, to users, to administrators. Who may see which is said in
 * web.xml.
 */
@WebServlet({"", "/me", "/admin", "/public/hello"})
public final class UserPage extends HttpServlet {

  private static final long serialVersionUID = 1;

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    HttpSession session = request.getSession(false);
    if (session != null && request.getUserPrincipal() != null) {
      Basket.of(session).add();
    }
    Page.show(
        request,
        response,
        switch (request.getServletPath()) {
          case "/admin" -> "For administrators";
          case "/public/hello" -> "For everybody";
          default -> "My page";
        },
        """
        <dl>
          <dt>user</dt><dd id="user">%s</dd>
          <dt>roles</dt><dd id="roles">%s</dd>
          <dt>signed in by</dt><dd id="method">%s</dd>
          <dt>session since</dt><dd id="since">%s</dd>
          <dt>pages seen in it</dt><dd id="pages">%s</dd>
          <dt>baskets given back</dt><dd id="baskets">%s</dd>
        </dl>
        """
            .formatted(
                Page.user(request),
                Stream.of("user", "admin")
                    .filter(request::isUserInRole)
                    .collect(Collectors.joining(", ")),
                Objects.requireNonNullElse(request.getAuthType(), "–"),
                session == null ? "no session" : Instant.ofEpochMilli(session.getCreationTime()),
                session == null || request.getUserPrincipal() == null
                    ? "–"
                    : Basket.of(session).pages(),
                Basket.givenBack()));
  }
}
