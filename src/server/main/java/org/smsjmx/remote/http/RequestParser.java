package org.smsjmx.remote.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpVersion;
import org.apache.hc.core5.http.NotImplementedException;
import org.apache.hc.core5.http.RequestHeaderFieldsTooLargeException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.DefaultContentLengthStrategy;
import org.apache.hc.core5.http.impl.io.ChunkedInputStream;
import org.apache.hc.core5.http.impl.io.ContentLengthInputStream;
import org.apache.hc.core5.http.impl.io.DefaultHttpRequestParser;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.apache.hc.core5.net.URIAuthority;
import org.apache.hc.core5.util.CharArrayBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Heads of requests as the library parses them, with what it does not check: what two readers could
 * understand differently is a {@link Refusal}.
 */
final class RequestParser extends DefaultHttpRequestParser {

  static final int MAXIMUM_HEADERS = 64;

  /**
   * The library takes fewer headers than it is told, and counts the request line as an empty one.
   */
  private static final Http1Config LIMITS =
      Http1Config.custom().setMaxHeaderCount(MAXIMUM_HEADERS + 1).setMaxEmptyLineCount(2).build();

  private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]";
  private static final Pattern NAME = Pattern.compile(TOKEN + "+");
  private static final Pattern LINE = Pattern.compile("(" + TOKEN + "{1,20}) ([^ ]+) ([^ ]+)");
  private static final Pattern LENGTH = Pattern.compile("\\d{1,18}");

  private final RequestLines lines;
  private final InputStream in;

  RequestParser(RequestLines lines, InputStream in) {
    super(LIMITS);
    this.lines = lines;
    this.in = in;
  }

  /**
   * Reads the head of the next request.
   *
   * @return null if the client has ended the connection
   */
  @Nullable ClassicHttpRequest next() throws IOException {
    lines.beginHead();
    try {
      ClassicHttpRequest request = parse(lines, in);
      if (request != null) {
        requireNames(request);
        requireHost(request);
      }
      return request;
    } catch (RequestHeaderFieldsTooLargeException e) {
      throw new Refusal(431, "There are more than %d headers.".formatted(MAXIMUM_HEADERS));
    } catch (HttpException e) {
      throw malformed("A header");
    }
  }

  @Override
  protected ClassicHttpRequest createMessage(CharArrayBuffer line) throws Refusal {
    Matcher words = LINE.matcher(line);
    if (!words.matches()) {
      throw malformed("The request line");
    }
    HttpVersion version =
        switch (words.group(3)) {
          case "HTTP/1.1" -> HttpVersion.HTTP_1_1;
          case "HTTP/1.0" -> HttpVersion.HTTP_1_0;
          default -> throw new Refusal(505, "Only HTTP/1.1 and HTTP/1.0 are understood.");
        };
    ClassicHttpRequest request =
        new BasicClassicHttpRequest(words.group(1), address(words.group(2)));
    request.setVersion(version);
    return request;
  }

  private static URI address(String bytes) throws Refusal {
    String target = new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    if (target.startsWith("//")) {
      // a path, which java.net.URI would take for a host and a path
      throw new Refusal(404, "Nothing is here.");
    }
    URI uri;
    try {
      uri = new URI(target);
    } catch (URISyntaxException e) {
      throw malformed("The address");
    }
    boolean relative = !uri.isAbsolute() && !target.startsWith("/") && !target.equals("*");
    if (relative || uri.isOpaque() || uri.getRawFragment() != null) {
      throw malformed("The address");
    }
    if (!isUtf8(bytes.getBytes(StandardCharsets.ISO_8859_1)) || !isUtf8(percentDecoded(bytes))) {
      throw new Refusal(400, "The address is not UTF-8.");
    }
    return uri;
  }

  /** Bytes that are none would become another name. */
  private static boolean isUtf8(byte[] bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  /**
   * @param address with two hexadecimal digits behind each percent sign
   */
  private static byte[] percentDecoded(String address) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(address.length());
    for (int i = 0; i < address.length(); i++) {
      char c = address.charAt(i);
      if (c == '%') {
        bytes.write(HexFormat.fromHexDigits(address, i + 1, i + 3));
        i += 2;
      } else {
        bytes.write(c);
      }
    }
    return bytes.toByteArray();
  }

  private static void requireNames(ClassicHttpRequest request) throws Refusal {
    for (Header header : request.getHeaders()) {
      if (!NAME.matcher(header.getName()).matches()) {
        throw malformed("A header");
      }
    }
  }

  /** The host decides what may be answered, so there is one. */
  private static void requireHost(ClassicHttpRequest request) throws HttpException, Refusal {
    Header host = request.getHeader(HttpHeaders.HOST); // fails if there are several
    URIAuthority authority = request.getAuthority();
    boolean one =
        host == null
            ? HttpVersion.HTTP_1_0.equals(request.getVersion()) && authority == null
            : authority == null || host.getValue().equalsIgnoreCase(authority.toString());
    if (!one) {
      throw new Refusal(400, "A request must have one Host header, the host of the address.");
    }
  }

  /** Returns the body that a head announces. */
  InputStream body(ClassicHttpRequest request) throws Refusal {
    boolean chunked = request.containsHeader(HttpHeaders.TRANSFER_ENCODING);
    Header length = request.getFirstHeader(HttpHeaders.CONTENT_LENGTH);
    if (chunked && (length != null || HttpVersion.HTTP_1_0.equals(request.getVersion()))) {
      throw new Refusal(400, "Where the body ends is said in two ways.");
    }
    try {
      long bytes = DefaultContentLengthStrategy.INSTANCE.determineLength(request);
      if (length != null && !LENGTH.matcher(length.getValue()).matches()) {
        throw malformed("The length of the body");
      }
      if (!chunked) {
        return new ContentLengthInputStream(lines, in, Math.max(bytes, 0));
      }
    } catch (NotImplementedException e) {
      throw new Refusal(501, "No transfer encoding but chunked is understood.");
    } catch (HttpException e) {
      throw malformed("The length of the body");
    }
    lines.beginChunks();
    return new ChunkedInputStream(lines, in, LIMITS);
  }

  private static Refusal malformed(String what) {
    return new Refusal(400, what + " is not as HTTP has it.");
  }
}
