package org.smsjmx.management;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.smsjmx.log.Logs;

/**
 * The JDK's connector for processes that attach to this one. Nobody else finds it: its address,
 * which holds a random number, is told to them alone. It stays once it was started.
 */
final class LocalConnector {

  private static final Logger LOG = Logs.of(LocalConnector.class);

  /** How RMI names the threads that accept connections; those of our own endpoint rename theirs. */
  private static final String ACCEPTING = "RMI TCP Accept-";

  /** The performance counter in which the JVM keeps its address. */
  private static final Pattern ADDRESS =
      Pattern.compile(
          "sun\\.management\\.JMXConnectorServer\\.address\\x00+[^\\x00]*/stub/([A-Za-z0-9+/=]+)");

  /** The class of a reference in its serialized form; host and port follow. */
  private static final Pattern REFERENCE =
      Pattern.compile("UnicastRef(2.)?(?=\\x00)", Pattern.DOTALL);

  private static final String ESTABLISHED = "01";

  /** Its port, 0 while it is not known to run. */
  private static volatile int port;

  private LocalConnector() {}

  /**
   * Returns whether an RMI call can have come by this connector alone: it runs, and nothing else in
   * this JVM accepts RMI connections.
   */
  static boolean isOnlyOne() {
    return accepting() == 1 && port() > 0;
  }

  private static int accepting() {
    ThreadGroup all = Thread.currentThread().getThreadGroup();
    while (all.getParent() != null) {
      all = all.getParent();
    }
    Thread[] threads = new Thread[2 * all.activeCount() + 64];
    int found = all.enumerate(threads, true);
    int accepting = found == threads.length ? 2 : 0; // there may be more
    for (int i = 0; i < found; i++) {
      if (threads[i].getName().startsWith(ACCEPTING)) {
        accepting++;
      }
    }
    return accepting;
  }

  private static int port() {
    if (port == 0) {
      Matcher address = ADDRESS.matcher(performanceCounters());
      if (address.find()) {
        port = portOf(Base64.getMimeDecoder().decode(address.group(1)));
      }
    }
    return port;
  }

  /** Returns what HotSpot keeps in a file for tools of the same user, empty if there is none. */
  private static String performanceCounters() {
    Path self = Path.of("/proc/self");
    Path file =
        Path.of(
            "/tmp/hsperfdata_" + System.getProperty("user.name"),
            String.valueOf(ProcessHandle.current().pid()));
    try {
      // nobody else may say so, and /tmp is everybody's
      return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
              && Files.getOwner(file, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(self))
          ? Files.readString(file, StandardCharsets.ISO_8859_1)
          : "";
    } catch (IOException | UnsupportedOperationException e) {
      LOG.debug("this JVM does not tell its performance counters", e);
      return "";
    }
  }

  /** Returns the port of a serialized stub, 0 if it is of another form. */
  static int portOf(byte[] stub) {
    Matcher reference = REFERENCE.matcher(new String(stub, StandardCharsets.ISO_8859_1));
    if (!reference.find()) {
      return 0;
    }
    ByteBuffer rest = ByteBuffer.wrap(stub, reference.end(), stub.length - reference.end());
    int host = rest.remaining() < 2 ? 0 : Short.toUnsignedInt(rest.getShort());
    return rest.remaining() < host + 4 ? 0 : rest.getInt(rest.position() + host);
  }

  /**
   * Returns the operating-system user of the processes that have a connection open, empty if it is
   * not known, or there are several. Linux says whose the client's end of a connection is.
   */
  static String osUser() {
    try {
      Set<String> users = usersOf(connections(), port());
      return users.size() == 1 ? name(users.iterator().next()) : "";
    } catch (IOException e) {
      LOG.debug("it is not known whose a connection is", e);
      return "";
    }
  }

  /**
   * The two ends of a TCP connection of this machine, as Linux writes them: address and port in
   * hexadecimal.
   */
  record Ends(String here, String there) {
    Ends turned() {
      return new Ends(there, here);
    }
  }

  private static List<String> connections() throws IOException {
    List<String> lines = new ArrayList<>();
    for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
      Path file = Path.of(table);
      if (Files.exists(file)) {
        lines.addAll(Files.readAllLines(file, StandardCharsets.ISO_8859_1));
      }
    }
    return lines;
  }

  /** Returns the numbers of the users whose processes are connected to a port of this machine. */
  static Set<String> usersOf(List<String> connections, int port) {
    Map<Ends, String> users = new HashMap<>();
    for (String line : connections) {
      String[] columns = line.trim().split(" +");
      if (columns.length > 7 && columns[3].equals(ESTABLISHED)) {
        users.put(new Ends(plain(columns[1]), plain(columns[2])), columns[7]);
      }
    }
    String suffix = ":%04X".formatted(port);
    Set<String> connected = new HashSet<>();
    for (Ends ends : users.keySet()) {
      if (ends.there.endsWith(suffix) && users.containsKey(ends.turned())) {
        connected.add(Objects.requireNonNull(users.get(ends)));
      }
    }
    return connected;
  }

  /** Returns an IPv4 address as such where it is written as one of IPv6. */
  private static String plain(String address) {
    String mapped = "0000000000000000FFFF0000";
    return address.startsWith(mapped) ? address.substring(mapped.length()) : address;
  }

  /** Returns the name of a user, the number itself if there is none. */
  private static String name(String number) throws IOException {
    Path passwd = Path.of("/etc/passwd");
    if (Files.isReadable(passwd)) {
      for (String line : Files.readAllLines(passwd, StandardCharsets.ISO_8859_1)) {
        String[] fields = line.split(":");
        if (fields.length > 2 && fields[2].equals(number)) {
          return RefusedException.shown(fields[0]);
        }
      }
    }
    return number;
  }
}
