package org.smsjmx.remote.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.parsers.SAXParserFactory;
import org.jolokia.server.core.util.RequestType;
import org.jspecify.annotations.Nullable;
import org.xml.sax.Attributes;
import org.xml.sax.Locator;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;
import org.xml.sax.helpers.DefaultHandler;

/**
 * Checks a policy file before Jolokia reads it. Jolokia leaves out what it does not know, so that a
 * slip of the pen would allow what was meant to be denied; and its parser fetches what a DOCTYPE
 * names. What counts is named with its line here, which Jolokia does not tell.
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

  /** Elements that hold a text; others hold elements alone. */
  private static final Set<String> TEXTS =
      Set.of("host", "command", "method", "name", "attribute", "operation");

  private static final Pattern SUBNET =
      Pattern.compile("\\d+(\\.\\d+){3}/(\\d+(\\.\\d+){3}|[12]?\\d|3[0-2])|[\\da-fA-F:]+/\\d{1,3}");

  private final Denials denials = new Denials();
  private final Deque<String> open = new ArrayDeque<>();
  private final StringBuilder text = new StringBuilder();
  private final Set<ObjectName> allowed = new HashSet<>();
  private @Nullable Locator locator;

  // of the <mbean> that is open
  private @Nullable ObjectName mbean;
  private final Map<Denials.Use, List<String>> members = new EnumMap<>(Denials.Use.class);
  private boolean onlyRead;

  private PolicyFile() {}

  /**
   * Checks the file.
   *
   * @param file its name, for messages
   * @param content what stands in it
   * @return what it denies
   * @throws IOException if it is no policy, or holds an element that does not count here; the
   *     message names file, line and element
   */
  static Denials require(Path file, InputStream content) throws IOException {
    try {
      SAXParserFactory factory = SAXParserFactory.newInstance();
      factory.setFeature(NO_DOCTYPE, true);
      PolicyFile read = new PolicyFile();
      factory.newSAXParser().parse(content, read);
      return read.denials;
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
    requireNoText(parent);
    open.push(name);
    requireAttributes(name, attributes);
    if (name.equals("mbean")) {
      mbean = null;
      members.clear();
    }
  }

  private void requireAttributes(String element, Attributes attributes) throws SAXException {
    onlyRead = false;
    for (int i = 0; i < attributes.getLength(); i++) {
      String name = attributes.getQName(i);
      if (element.equals("attribute") && name.equals("mode")) {
        if (!attributes.getValue(i).equalsIgnoreCase("read")) {
          throw wrong("mode of <attribute> must be read, or left out for reading and writing");
        }
        onlyRead = true;
      } else if (!name.startsWith("xmlns") && !name.contains(":")) {
        throw wrong("%s of <%s> is unknown".formatted(name, element));
      }
    }
  }

  @Override
  public void characters(char[] characters, int start, int length) {
    text.append(characters, start, length);
  }

  /** Around elements there are blanks alone. */
  private void requireNoText(String element) throws SAXException {
    String found = text.toString().strip();
    text.setLength(0);
    if (!found.isEmpty()) {
      throw wrong("<%s> holds elements, no text: %s".formatted(element, found));
    }
  }

  @Override
  public void endElement(String uri, String localName, String name) throws SAXException {
    open.pop();
    String parent = open.isEmpty() ? "" : open.peek();
    boolean filtered = name.equals("mbean") && parent.equals("filter");
    if (TEXTS.contains(name) || (filtered && mbean == null)) {
      String said = text.toString().strip();
      text.setLength(0);
      take(name, said);
    } else {
      requireNoText(name);
      if (name.equals("mbean")) {
        take(parent);
      }
    }
  }

  private void take(String element, String said) throws SAXException {
    try {
      switch (element) {
        case "name", "mbean" -> mbean = new ObjectName(said);
        case "attribute" -> {
          member(Denials.Use.READ, element, said);
          if (!onlyRead) {
            member(Denials.Use.WRITE, element, said);
          }
        }
        case "operation" -> {
          if (said.contains("(")) {
            throw wrong("<operation> is a name, without types: " + said);
          }
          member(Denials.Use.CALL, element, said);
        }
        case "command" -> RequestType.getTypeByName(said);
        case "method" -> {
          if (!said.equalsIgnoreCase("get") && !said.equalsIgnoreCase("post")) {
            throw wrong("<method> must be get or post: " + said);
          }
        }
        default -> {
          if (said.isEmpty() || (said.contains("/") && !SUBNET.matcher(said).matches())) {
            throw wrong("<host> must be a host, an address or a network as 10.0.0.0/8: " + said);
          }
        }
      }
    } catch (MalformedObjectNameException e) {
      throw wrong("<%s> must be the name of an MBean: %s".formatted(element, said));
    } catch (IllegalArgumentException e) {
      throw wrong("<command> is unknown: " + said);
    }
  }

  private void member(Denials.Use use, String element, String said) throws SAXException {
    if (said.isEmpty()) {
      throw wrong("<%s> must be a name, or * for all".formatted(element));
    }
    members.computeIfAbsent(use, none -> new ArrayList<>()).add(said);
  }

  /** Takes an MBean of {@code <allow>} or {@code <deny>}. */
  private void take(String list) throws SAXException {
    ObjectName named = mbean;
    if (named == null) {
      throw wrong("<mbean> needs a <name>");
    }
    if (list.equals("deny")) {
      if (members.isEmpty()) {
        throw wrong("<mbean> denies nothing without an <attribute> or an <operation>");
      }
      members.forEach((use, names) -> names.forEach(name -> denials.add(named, use, name)));
    } else if (!allowed.add(named)) {
      throw wrong("<mbean> of this name stands twice in <allow>, and one alone would count");
    }
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
