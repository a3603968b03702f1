package org.example.shop;

import java.io.IOException;
import java.security.Principal;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * A page that stays connected: by server-sent events, which are the time of day, and by a
 * WebSocket.
 */
@Controller
class LivePage {

  private final Set<SseEmitter> open = ConcurrentHashMap.newKeySet();

  @GetMapping("/live")
  String show() {
    return "live";
  }

  @GetMapping("/events")
  SseEmitter events(Principal user) throws IOException {
    SseEmitter stream = new SseEmitter(0L);
    stream.send("hello " + user.getName());
    stream.onCompletion(() -> open.remove(stream));
    open.add(stream);
    return stream;
  }

  @Scheduled(fixedRate = 1000)
  void tick() {
    String now = LocalTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS).toString();
    open.removeIf(stream -> !sent(stream, now));
  }

  private static boolean sent(SseEmitter stream, String text) {
    try {
      stream.send(text);
      return true;
    } catch (IOException | IllegalStateException e) {
      // the browser has gone, or the stream was ended by somebody else
      return false;
    }
  }
}
