package org.smsjmx.remote.http;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handlers by path, each behind its filters. A {@link Refusal} of any of them becomes the answer,
 * and so does what went wrong, without its details.
 */
final class Routes implements HttpHandler {

  private static final Logger LOG = LoggerFactory.getLogger(Routes.class);

  private final Map<String, Route> routes = new LinkedHashMap<>();

  private record Route(HttpHandler handler, List<Filter> filters) {}

  /**
   * Adds a handler.
   *
   * @param path as {@code /jolokia}; the handler also has the paths below it
   * @param handler answers
   * @param filters in the order in which a request passes them
   */
  Routes add(String path, HttpHandler handler, Filter... filters) {
    routes.put(path, new Route(handler, List.of(filters)));
    return this;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try {
      Route route = route(exchange.getRequestURI().getPath());
      new Filter.Chain(route.filters, route.handler).doFilter(exchange);
    } catch (Refusal refusal) {
      JsonResponse.refuse(exchange, refusal);
    } catch (RuntimeException | Error e) {
      LOG.error("request failed", e);
      JsonResponse.refuse(exchange, new Refusal(500, "The request failed; see the server's log."));
    }
  }

  private Route route(String path) throws Refusal {
    for (Map.Entry<String, Route> entry : routes.entrySet()) {
      if (path != null && (path.equals(entry.getKey()) || path.startsWith(entry.getKey() + "/"))) {
        return entry.getValue();
      }
    }
    throw new Refusal(404, "Nothing is here but %s.".formatted(String.join(", ", routes.keySet())));
  }
}
