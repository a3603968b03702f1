package org.smsjmx.cli;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.smsjmx.audit.AuditHead;
import org.smsjmx.audit.AuditVerifier;

/** Checks files of the audit, and words what was found. */
final class AuditCheck {

  private static final Pattern ANCHOR = Pattern.compile("(\\d{1,18}):([0-9a-f]{64})");

  private AuditCheck() {}

  /**
   * Checks them.
   *
   * @throws Failure if something is wrong with them, or they cannot be read
   */
  static Answer answer(Request request) throws Failure {
    AuditHead anchor = anchor(request.optional(Parameter.ANCHOR));
    AuditVerifier.Result found = verify(files(request), anchor);
    List<String> lines = new ArrayList<>(found.notes());
    if (found.fault() != null) {
      throw new Failure("The audit is not as it was written. " + found.fault() + ".", lines);
    }
    lines.add(
        "%s of %s: all as written."
            .formatted(counted(found.lines(), "line"), counted(found.runs(), "run")));
    if (found.unchained() > 0) {
      lines.add("The first %d have no hash and cannot be checked.".formatted(found.unchained()));
    }
    lines.add("Head: %d:%s".formatted(found.head().number(), found.head().hash()));
    lines.add(
        anchor == null
            ? "Without an anchor from outside, lines that were all written anew do not show."
            : "The anchor is among them: up to it nothing was written anew.");
    return new Answer(lines, data(found));
  }

  private static String counted(long count, String what) {
    return count + " " + what + (count == 1 ? "" : "s");
  }

  private static Map<String, Object> data(AuditVerifier.Result found) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("lines", found.lines());
    data.put("unchained", found.unchained());
    data.put("runs", found.runs());
    data.put("number", found.head().number());
    data.put("hash", found.head().hash());
    data.put("anchored", found.anchored());
    data.put("notes", found.notes());
    return data;
  }

  private static @Nullable AuditHead anchor(@Nullable String text) throws Failure {
    if (text == null) {
      return null;
    }
    Matcher anchor = ANCHOR.matcher(text);
    if (!anchor.matches()) {
      throw new Failure("-anchor must be a number, a colon and 64 hexadecimal digits: " + text);
    }
    return new AuditHead(Long.parseLong(anchor.group(1)), anchor.group(2));
  }

  private static List<Path> files(Request request) throws Failure {
    List<String> names = new ArrayList<>();
    names.add(request.value(Parameter.FILE));
    names.addAll(request.rest());
    try {
      return names.stream().map(Path::of).toList();
    } catch (InvalidPathException e) {
      throw new Failure("Not the name of a file: " + e.getInput() + ".");
    }
  }

  private static AuditVerifier.Result verify(List<Path> files, @Nullable AuditHead anchor)
      throws Failure {
    try {
      return AuditVerifier.verify(files, anchor);
    } catch (NoSuchFileException e) {
      throw new Failure("There is no file " + e.getFile() + ".");
    } catch (IOException e) {
      throw new Failure("A file cannot be read: " + e.getMessage() + ".");
    }
  }
}
