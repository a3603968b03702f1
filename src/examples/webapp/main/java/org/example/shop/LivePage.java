package org.example.shop;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** A page that stays connected: by server-sent events and by a WebSocket. */
@WebServlet("/live")
public final class LivePage extends HttpServlet {

  private static final long serialVersionUID = 1;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Page.show(
        request,
        response,
        "Live",
        """
        <h2>Server-sent events</h2>
        <output id="events">connecting</output>
        <h2>WebSocket</h2>
        <output id="socket">connecting</output>
        <button id="ask">Ask who I am</button>
        <script>
          const events = new EventSource('{context}/events');
          const says = (id, text) => document.getElementById(id).textContent = text;
          events.onmessage = event => says('events', event.data);
          events.onerror = () => { events.close(); says('events', 'closed by the server'); };
          const socket = new WebSocket(
            location.protocol.replace('http', 'ws') + '//' + location.host + '{context}/socket');
          socket.onopen = () => says('socket', 'open');
          socket.onmessage = event => says('socket', event.data);
          socket.onclose = event => says('socket', `closed: ${event.code} ${event.reason}`);
          document.getElementById('ask').onclick = () => socket.send('who am I?');
        </script>
        """);
  }
}
