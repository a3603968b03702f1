package org.example.shop;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.ConcurrentHashMap;

/** Server-sent events: the time of day, each second, until the browser or the server ends it. */
@WebServlet(value = "/events", asyncSupported = true)
public final class EventStream extends HttpServlet {

  private static final long serialVersionUID = 1;

  private final transient Set<AsyncContext> open = ConcurrentHashMap.newKeySet();
  private final transient Timer clock = new Timer("shop-events");

  @Override
  public void init() {
    TimerTask tick =
        new TimerTask() {
          @Override
          public void run() {
            open.forEach(EventStream.this::tick);
          }
        };
    clock.schedule(tick, 1000, 1000);
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.setContentType("text/event-stream;charset=UTF-8");
    AsyncContext stream = request.startAsync();
    stream.setTimeout(0);
    stream.addListener(new Forget());
    send(stream, "hello " + Page.user(request));
    open.add(stream);
  }

  private void tick(AsyncContext stream) {
    try {
      send(
          stream, LocalTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS).toString());
    } catch (IOException | RuntimeException e) {
      // the browser has gone, or the stream was ended by somebody else
      open.remove(stream);
    }
  }

  private static void send(AsyncContext stream, String text) throws IOException {
    PrintWriter writer = stream.getResponse().getWriter();
    writer.print("data: " + text + "\n\n");
    writer.flush();
  }

  @Override
  public void destroy() {
    clock.cancel();
  }

  private final class Forget implements AsyncListener {

    @Override
    public void onComplete(AsyncEvent event) {
      open.remove(event.getAsyncContext());
    }

    @Override
    public void onTimeout(AsyncEvent event) {
      // there is none
    }

    @Override
    public void onError(AsyncEvent event) {
      open.remove(event.getAsyncContext());
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
      // happens once
    }
  }
}
