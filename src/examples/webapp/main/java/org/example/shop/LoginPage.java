package org.example.shop;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** The form of the container's own sign-in, which web.xml names; also where it failed. */
@WebServlet({"/public/login", "/public/login-failed"})
public final class LoginPage extends HttpServlet {

  private static final long serialVersionUID = 1;

  // the container forwards what was asked for, so that any method comes here
  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    boolean failed = request.getServletPath().endsWith("failed");
    Page.show(
        request,
        response,
        "Sign in",
        (failed ? "<p id=\"problem\">User name or password is wrong.</p>" : "")
            + """
            <form method="post" action="{context}/j_security_check">
              <label>User <input name="j_username" autocomplete="username" required autofocus></label>
              <label>Password
                <input name="j_password" type="password" autocomplete="current-password" required></label>
              <button>Sign in</button>
            </form>
            <p>Users of this example; the password of each is <code>demo</code>.</p>
            <table>
              <tr><th>user</th><th>roles</th></tr>
              <tr><td>dlucas</td><td>user</td></tr>
              <tr><td>johnq</td><td>user</td></tr>
              <tr><td>Mary Jones</td><td>user, admin</td></tr>
            </table>
            """);
  }
}
