package org.example.shop;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * A page that takes its time and then writes to the session, as most applications do: half a
 * minute, or until {@code /public/hurry} is asked for, which tells how many such pages it finished.
 * {@code /public/waiting} tells how many there are.
 */
@WebServlet({"/slow", "/public/hurry", "/public/waiting"})
public final class SlowPage extends HttpServlet {

  private static final long serialVersionUID = 1;
  private static final Semaphore FINISH = new Semaphore(0);

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (request.getServletPath().equals("/slow")) {
      takeTime(request, response);
      return;
    }
    int waiting = FINISH.getQueueLength();
    if (request.getServletPath().equals("/public/hurry")) {
      FINISH.release(waiting);
    }
    Page.show(request, response, "Slow pages", "<p id=\"waiting\">%d</p>".formatted(waiting));
  }

  private static void takeTime(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    HttpSession session = request.getSession();
    try {
      boolean hurried = FINISH.tryAcquire(30, TimeUnit.SECONDS);
      session.setAttribute("hurried", hurried);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Page.show(
        request,
        response,
        "Slow page",
        "<p>Done for <span id=\"user\">" + Page.user(request) + "</span>.</p>");
  }
}
