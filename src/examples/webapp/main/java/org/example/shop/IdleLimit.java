package org.example.shop;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Sets how long the user's session may be idle: {@code /idle?seconds=1}. */
@WebServlet("/idle")
public final class IdleLimit extends HttpServlet {

  private static final long serialVersionUID = 1;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    int seconds = Integer.parseInt(request.getParameter("seconds"));
    request.getSession().setMaxInactiveInterval(seconds);
    Page.show(
        request,
        response,
        "Idle limit",
        "<p>Your session ends when it was idle for <span id=\"seconds\">%d</span> s.</p>"
            .formatted(seconds));
  }
}
