package org.smsjmx.remote.http;

import com.sun.net.httpserver.Headers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Request line and headers, read as RFC 9112 has them and no other way: what two readers could
 * understand differently is refused.
 *
 * @param method as GET
 * @param uri path and query; percent-encoded parts are UTF-8
 * @param minorVersion 0 or 1, of HTTP/1
 * @param headers by name, letter case ignored
 */
record RequestHead(String method, URI uri, int minorVersion, Headers headers) {

  static final int MAXIMUM_BYTES = 16 << 10;
  static final int MAXIMUM_HEADERS = 64;

  /** Stands for a request that could not be read, in the answer that says so. */
  static final RequestHead UNREADABLE = new RequestHead("", URI.create("/"), 1, new Headers());

  private static final String TOKEN_SIGNS = "!#$%&'*+-.^_`|~";
  private static final int LONGEST_METHOD = 20;

  /**
   * Reads the head of the next request.
   *
   * @return null if the client has ended the connection
   * @throws Refusal if the head is malformed or too large
   */
  static @Nullable RequestHead read(InputStream in) throws IOException {
    Lines lines = new Lines(in);
    byte[] first = lines.next();
    if (first != null && first.length == 0) {
      first = lines.next(); // some clients end a body with a line too many
    }
    if (first == null) {
      return null;
    }
    String[] words = utf8(first).split(" ", -1);
    if (words.length != 3 || words[0].length() > LONGEST_METHOD || !isToken(words[0])) {
      throw malformed("The request line");
    }
    int minorVersion =
        switch (words[2]) {
          case "HTTP/1.1" -> 1;
          case "HTTP/1.0" -> 0;
          default -> throw new Refusal(505, "Only HTTP/1.1 and HTTP/1.0 are understood.");
        };
    Headers headers = headers(lines);
    URI uri = uri(words[1]);
    requireHost(uri, headers, minorVersion);
    return new RequestHead(words[0], uri, minorVersion, headers);
  }

  private static Headers headers(Lines lines) throws IOException {
    Headers headers = new Headers();
    int count = 0;
    for (byte[] line = lines.next(); line == null || line.length > 0; line = lines.next()) {
      if (line == null) {
        throw malformed("The head of the request ends too early; it");
      }
      if (++count > MAXIMUM_HEADERS) {
        throw new Refusal(431, "There are more than %d headers.".formatted(MAXIMUM_HEADERS));
      }
      String text = new String(line, StandardCharsets.ISO_8859_1);
      int colon = text.indexOf(':');
      // a name with a blank behind it, or none, would be another header to somebody else
      if (colon < 1 || !isToken(text.substring(0, colon)) || !isValue(text, colon + 1)) {
        throw malformed("A header");
      }
      headers.add(text.substring(0, colon), text.substring(colon + 1).strip());
    }
    return headers;
  }

  /** The host decides what may be answered, so there is one. */
  private static void requireHost(URI uri, Headers headers, int minorVersion) throws Refusal {
    List<String> hosts = headers.getOrDefault("Host", List.of());
    if (hosts.size() > 1 || (hosts.isEmpty() && minorVersion > 0)) {
      throw new Refusal(400, "A request must have one Host header.");
    }
    if (uri.getRawAuthority() != null) {
      headers.set("Host", uri.getRawAuthority());
    }
  }

  private static URI uri(String target) throws Refusal {
    try {
      URI uri = new URI(target);
      boolean relative = !uri.isAbsolute() && !target.startsWith("/") && !target.equals("*");
      if (relative || uri.isOpaque() || uri.getRawFragment() != null) {
        throw malformed("The address");
      }
      requireUtf8(target);
      return uri;
    } catch (URISyntaxException e) {
      throw malformed("The address");
    }
  }

  /** Percent-encoded bytes that are no UTF-8 would become another name. */
  private static void requireUtf8(String target) throws Refusal {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(target.length());
    for (int i = 0; i < target.length(); i++) {
      char c = target.charAt(i);
      if (c == '%') {
        // java.net.URI has seen to it that two hexadecimal digits follow
        bytes.write(Integer.parseInt(target, i + 1, i + 3, 16));
        i += 2;
      } else {
        bytes.write(c < 0x80 ? c : '?');
      }
    }
    utf8(bytes.toByteArray());
  }

  private static String utf8(byte[] bytes) throws Refusal {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new Refusal(400, "The address is not UTF-8.");
    }
  }

  static boolean isToken(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean letterOrDigit =
          (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      if (!letterOrDigit && TOKEN_SIGNS.indexOf(c) < 0) {
        return false;
      }
    }
    return !text.isEmpty();
  }

  private static boolean isValue(String text, int from) {
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < ' ' && c != '\t') || c == 0x7f) {
        return false;
      }
    }
    return true;
  }

  private static Refusal malformed(String what) {
    return new Refusal(400, what + " is not as HTTP has it.");
  }

  /** Returns whether the client wants to send further requests. */
  boolean keepsAlive() {
    String connection = headers.getOrDefault("Connection", List.of()).toString();
    return minorVersion > 0
        ? !connection.toLowerCase(Locale.ROOT).contains("close")
        : connection.toLowerCase(Locale.ROOT).contains("keep-alive");
  }

  /** Lines that end in CR LF, together no longer than a head may be. */
  static final class Lines {

    private final InputStream in;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(128);
    private int left = MAXIMUM_BYTES;

    Lines(InputStream in) {
      this.in = in;
    }

    /**
     * Returns the next line without its end.
     *
     * @return null at the end of the stream
     * @throws Refusal if lines are too long or end otherwise
     */
    byte @Nullable [] next() throws IOException {
      line.reset();
      for (int c = in.read(); c >= 0; c = in.read()) {
        if (--left < 0) {
          throw new Refusal(
              431, "Request line and headers are longer than %d bytes.".formatted(MAXIMUM_BYTES));
        }
        if (c == '\r') {
          if (in.read() != '\n') {
            throw malformed("The end of a line");
          }
          return line.toByteArray();
        }
        if (c == '\n') {
          throw malformed("The end of a line");
        }
        line.write(c);
      }
      if (line.size() > 0) {
        throw malformed("The head of the request ends too early; it");
      }
      return null;
    }
  }
}
