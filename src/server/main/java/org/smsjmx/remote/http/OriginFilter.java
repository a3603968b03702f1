package org.smsjmx.remote.http;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;

/**
 * Refuses what a web page of another origin makes a browser send: the browser then says so in
 * {@code Origin} or {@code Sec-Fetch-Site}, which a page cannot change.
 */
final class OriginFilter extends Filter {

  @Override
  public String description() {
    return "refuses requests of foreign web pages";
  }

  @Override
  public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
    if (isForeign(exchange.getRequestHeaders())) {
      throw new Refusal(403, "Requests from web pages of other origins are refused.");
    }
    chain.doFilter(exchange);
  }

  private static boolean isForeign(Headers headers) {
    String origin = headers.getFirst("Origin");
    if (origin != null && !origin.replaceFirst("^https?://", "").equals(headers.getFirst("Host"))) {
      return true;
    }
    String site = headers.getFirst("Sec-Fetch-Site");
    return site != null && !site.equals("same-origin") && !site.equals("none");
  }
}
