package org.smsjmx.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What a run of pdadmin left. */
record Ran(int exitCode, String out, String err) {

  /** Runs it without a terminal and with nothing on standard input. */
  static Ran of(String... arguments) {
    return of(Map.of(), "", arguments);
  }

  static Ran of(Map<String, String> environment, String in, String... arguments) {
    return of(environment, in.getBytes(StandardCharsets.UTF_8), arguments);
  }

  static Ran of(Map<String, String> environment, byte[] in, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        Pdadmin.run(arguments, environment, new ByteArrayInputStream(in), stream(out), stream(err));
    return new Ran(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }
}
