package org.smsjmx.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.smsjmx.session.SessionId;

/**
 * What containers have stored stays readable: the resources were written once, by the version in
 * their names, and are never written again.
 */
final class StoredFormTest {

  private static final long RUN = 4711;
  private static final SessionId ID = new SessionId(0x0123456789abcdefL, 0xfedcba9876543210L);

  @Test
  void boundSessionOfTheFirstVersionIsRead() throws Exception {
    assertMary(read(stored("BoundSession-0.3.0.ser")));
  }

  @Test
  void unmanagedSessionOfTheFirstVersionIsRead() throws Exception {
    Object read = read(stored("UnmanagedSession-0.3.0.ser"));

    assertThat(((UnmanagedSession) read).user()).isEqualTo("*");
  }

  @Test
  void whatIsReadIsStoredAgainAsItWas() throws Exception {
    assertMary(read(write(read(stored("BoundSession-0.3.0.ser")))));
  }

  @Test
  void fieldsOfALaterVersionAreTolerated() throws Exception {
    String later = new String(write(new LaterSession()), StandardCharsets.ISO_8859_1);
    byte[] renamed =
        later
            .replace(asStored(LaterSession.class.getName()), asStored(BoundSession.class.getName()))
            .replace("LaterAddress", "NoClassAtAll")
            .getBytes(StandardCharsets.ISO_8859_1);

    assertMary(read(renamed));
  }

  private static void assertMary(Object read) {
    BoundSession bound = (BoundSession) read;
    assertThat(bound.user()).isEqualTo("Mary Jones");
    assertThat(bound.authenticationType()).isEqualTo("FORM");
    assertThat(bound.storedId(RUN)).isEqualTo(ID);
    assertThat(bound.storedId(RUN + 1)).isNull();
    assertThat(bound.isBound()).isFalse();
  }

  /** As a later version may store it. */
  private static final class LaterSession implements Serializable {

    private static final long serialVersionUID = 1;

    final String user = "Mary Jones";
    final String authenticationType = "FORM";
    final String userAgent = "a browser";
    final LaterAddress address = new LaterAddress("192.0.2.1");
    final long began = 1;
    final long idHigh = ID.high();
    final long idLow = ID.low();
    final long idRun = RUN;
  }

  private record LaterAddress(String text) implements Serializable {}

  /** A short name, which has its length before it in two bytes. */
  private static String asStored(String name) {
    return "\0" + (char) name.length() + name;
  }

  private static byte[] stored(String name) throws IOException {
    try (InputStream in = StoredFormTest.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    }
  }

  private static byte[] write(Object object) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(object);
    }
    return bytes.toByteArray();
  }

  private static Object read(byte[] bytes) throws IOException, ClassNotFoundException {
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
      return in.readObject();
    }
  }
}
