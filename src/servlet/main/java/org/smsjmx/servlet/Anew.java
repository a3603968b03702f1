package org.smsjmx.servlet;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.regex.Pattern;

/** Lets a browser ask again, whose session was ended. */
public final class Anew {

  /** Two of them begin the name of another host. */
  private static final Pattern SLASHES = Pattern.compile("^[/\\\\]+");

  private Anew() {}

  /** Returns whether a request may be asked again without harm. */
  public static boolean isRead(HttpServletRequest request) {
    return request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
  }

  /** Lets the browser ask again, here and nowhere else, and without the id of the session. */
  public static void again(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (response.isCommitted()) {
      return;
    }
    String path = SLASHES.matcher(request.getRequestURI()).replaceFirst("/");
    String id = request.getRequestedSessionId();
    if (id != null && request.isRequestedSessionIdFromURL()) {
      path = path.replaceAll(";[^;/=]*=" + Pattern.quote(id) + "[^;/]*", "");
    }
    String query = request.getQueryString();
    response.sendRedirect(path + (query == null ? "" : "?" + query));
  }
}
