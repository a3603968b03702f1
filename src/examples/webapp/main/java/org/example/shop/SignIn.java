package org.example.shop;

import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * A sign-in of the application's own, beside the container's form. A user who is signed in becomes
 * the other one, in the same session.
 */
@WebServlet("/public/sign-in")
public final class SignIn extends HttpServlet {

  private static final long serialVersionUID = 1;

  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    request.getSession();
    try {
      if (request.getUserPrincipal() != null) {
        request.logout();
      }
      request.login(request.getParameter("user"), request.getParameter("password"));
    } catch (ServletException e) {
      response.setStatus(HttpServletResponse.SC_FORBIDDEN);
      Page.show(request, response, "Not signed in", "<p id=\"problem\">That did not work.</p>");
      return;
    }
    Page.show(
        request,
        response,
        "Signed in",
        "<p>Welcome, <span id=\"user\">" + Page.user(request) + "</span>.</p>");
  }
}
