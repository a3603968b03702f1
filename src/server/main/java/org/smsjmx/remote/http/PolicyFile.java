package org.smsjmx.remote.http;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Set;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.parsers.SAXParserFactory;
import org.jspecify.annotations.Nullable;
import org.xml.sax.Attributes;
import org.xml.sax.Locator;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;
import org.xml.sax.helpers.DefaultHandler;

/**
 * Checks a policy file before Jolokia reads it. Jolokia leaves out what it does not know, so that a
 * slip of the pen would allow what was meant to be denied; and its parser fetches what a DOCTYPE
 * names.
 */
final class PolicyFile extends DefaultHandler {

  private static final String NO_DOCTYPE = "http://apache.org/xml/features/disallow-doctype-decl";

  /** Which elements may stand in which; "" holds the root. */
  private static final Map<String, Set<String>> KNOWN =
      Map.of(
          "",
          Set.of("restrict"),
          "restrict",
          Set.of("remote", "commands", "allow", "deny", "http", "filter"),
          "remote",
          Set.of("host"),
          "commands",
          Set.of("command"),
          "http",
          Set.of("method"),
          "allow",
          Set.of("mbean"),
          "deny",
          Set.of("mbean"),
          "filter",
          Set.of("mbean"),
          "mbean",
          Set.of("name", "attribute", "operation"));

  private final Deque<String> open = new ArrayDeque<>();
  private @Nullable Locator locator;

  private PolicyFile() {}

  /**
   * Checks the file.
   *
   * @throws IOException if it is no policy, or holds an element that does not count here; the
   *     message names file, line and element
   */
  static void require(Path file) throws IOException {
    try {
      SAXParserFactory factory = SAXParserFactory.newInstance();
      factory.setFeature(NO_DOCTYPE, true);
      factory.newSAXParser().parse(file.toFile(), new PolicyFile());
    } catch (SAXParseException e) {
      String message = String.valueOf(e.getMessage());
      throw new IOException(
          "%s:%d: %s"
              .formatted(
                  file,
                  e.getLineNumber(),
                  message.contains("DOCTYPE") && message.contains("feature")
                      ? "<!DOCTYPE> is not read, nor is anything that it names"
                      : message),
          e);
    } catch (SAXException | ParserConfigurationException e) {
      throw new IOException("%s: %s".formatted(file, e.getMessage()), e);
    }
  }

  @Override
  public void setDocumentLocator(Locator found) {
    locator = found;
  }

  @Override
  public void startElement(String uri, String localName, String name, Attributes attributes)
      throws SAXException {
    String parent = open.isEmpty() ? "" : open.peek();
    if (name.equals("cors")) {
      throw wrong("<cors> does not count here; name the origins in http.origins of sms.yaml");
    }
    Set<String> known = KNOWN.getOrDefault(parent, Set.of());
    if (!known.contains(name)) {
      throw wrong(
          "<%s> is unknown %s"
              .formatted(name, parent.isEmpty() ? "as a policy" : "in <" + parent + ">"));
    }
    open.push(name);
  }

  @Override
  public void endElement(String uri, String localName, String name) {
    open.pop();
  }

  private SAXParseException wrong(String what) {
    return new SAXParseException(what, locator);
  }

  @Override
  public void error(SAXParseException e) throws SAXException {
    throw e;
  }

  @Override
  public void fatalError(SAXParseException e) throws SAXException {
    throw e;
  }
}
