package org.smsjmx.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a check of audit files finds. */
final class AuditVerifierTest {

  private static final String FIRST_RUN = "2026-11-30T10:00:00Z";
  private static final String SECOND_RUN = "2026-11-30T11:00:00Z";

  @TempDir private Path directory;
  private Path file;
  private final List<String> lines = new ArrayList<>();
  private AuditHead head = AuditHead.NONE;

  /** Two runs: start, five operations, stop; start, two operations. */
  @BeforeEach
  void writeTwoRuns() {
    file = directory.resolve("audit.log");
    add(FIRST_RUN, "start", "");
    for (int i = 1; i <= 5; i++) {
      add(FIRST_RUN, "terminateAllSessions", ",\"user\":\"u" + i + "\"");
    }
    add(FIRST_RUN, "stop", "");
    begin(SECOND_RUN);
    add(SECOND_RUN, "terminateAllSessions", ",\"user\":\"u6\"");
    add(SECOND_RUN, "terminateAllSessions", ",\"user\":\"u7\"");
  }

  private void begin(String run) {
    long last = head.number();
    head = new AuditHead(0, head.hash());
    add(run, "start", ",\"lastNumber\":" + last);
  }

  private void add(String run, String operation, String facts) {
    ChainedLine line =
        ChainedLine.of(
            head.number() + 1,
            head.hash(),
            "{\"run\":\"%s\",\"time\":\"%s\",\"operation\":\"%s\"%s}"
                .formatted(run, run, operation, facts));
    head = new AuditHead(head.number() + 1, line.hash());
    lines.add(line.text());
  }

  private AuditVerifier.Result verify(AuditHead anchor) {
    try {
      Files.writeString(file, lines.isEmpty() ? "" : String.join("\n", lines) + "\n");
      return AuditVerifier.verify(List.of(file), anchor);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private String fault() {
    String fault = verify(null).fault();
    return fault == null ? "none" : fault.replace(file.toString(), "audit.log");
  }

  private void replace(int line, String old, String replacement) {
    assertThat(lines.get(line - 1)).contains(old);
    lines.set(line - 1, lines.get(line - 1).replace(old, replacement));
  }

  @Test
  void whatIsAsItWasWrittenIsFoundSo() {
    AuditVerifier.Result found = verify(null);

    assertThat(found.fault()).isNull();
    assertThat(found.notes()).isEmpty();
    assertThat(found.lines()).isEqualTo(10);
    assertThat(found.runs()).isEqualTo(2);
    assertThat(found.head()).isEqualTo(head);
  }

  @Test
  void aChangedLineIsNamed() {
    for (int line = 2; line <= 6; line++) {
      replace(line, "\"user\":\"u", "\"user\":\"x");
      assertThat(fault()).startsWith("audit.log, line " + line + ": changed");
      replace(line, "\"user\":\"x", "\"user\":\"u");
    }
    replace(1, "start", "begin");
    assertThat(fault()).startsWith("audit.log, line 1: changed");
    replace(1, "begin", "start");
    replace(8, "\"lastNumber\":7", "\"lastNumber\":6");
    assertThat(fault()).startsWith("audit.log, line 8: changed");
  }

  @Test
  void aChangedHashIsNamed() {
    for (int line = 3; line <= 6; line++) {
      String old = lines.get(line - 1);
      lines.set(line - 1, old.replaceFirst("\"previous\":\"......", "\"previous\":\"000000"));
      assertThat(fault()).startsWith("audit.log, line " + line + ": changed");
      lines.set(line - 1, old);
    }
  }

  @Test
  void aLineThatIsNoneIsNamed() {
    lines.set(3, "nonsense");
    assertThat(fault()).startsWith("audit.log, line 4: changed");
  }

  @Test
  void missingLinesAreNamed() {
    lines.subList(2, 5).clear();
    assertThat(fault()).isEqualTo("audit.log, line 3: numbers 3 to 5 are missing before it");
  }

  @Test
  void aCutEndOfARunIsNamed() {
    lines.subList(5, 7).clear();
    assertThat(fault())
        .isEqualTo(
            "audit.log, line 5: cut: the run before ended with number 7, and 5 is the last that is"
                + " there");
  }

  @Test
  void anInsertedLineIsNamed() {
    String forged =
        ChainedLine.of(
                4,
                ChainedLine.hash(lines.get(2).getBytes()),
                "{\"run\":\"%s\",\"time\":\"t\",\"operation\":\"x\"}".formatted(FIRST_RUN))
            .text();
    lines.add(3, forged);
    assertThat(fault()).isEqualTo("audit.log, line 4: inserted");
    lines.set(3, lines.get(2));
    assertThat(fault()).isEqualTo("audit.log, line 4: inserted: it is line 3");
    lines.set(3, "{\"number\":4,\"run\":\"r\",\"time\":\"t\",\"operation\":\"of 0.1.0\"}");
    assertThat(fault()).startsWith("audit.log, line 4: inserted");
    lines.set(3, "a word");
    assertThat(fault()).isEqualTo("audit.log, line 4: inserted");
  }

  @Test
  void reorderedLinesAreNamed() {
    Collections.swap(lines, 3, 4);
    assertThat(fault()).isEqualTo("audit.log, line 4: reordered: it stood after line 5");
  }

  @Test
  void aTornLastLineIsNamedAsTorn() throws IOException {
    verify(null);
    Files.writeString(file, "{\"number\":4,\"prev", StandardOpenOption.APPEND);

    AuditVerifier.Result found = AuditVerifier.verify(List.of(file), null);
    assertThat(found.fault()).isNull();
    assertThat(found.notes())
        .containsExactly(file + ", line 11: torn: the run ended while it was written");
    assertThat(found.head()).isEqualTo(head);
  }

  @Test
  void aRunAfterATornLineFollowsIt() {
    String torn = "{\"number\":4,\"prev";
    lines.add(torn);
    head = new AuditHead(3, ChainedLine.hash(torn.getBytes()));
    begin("2026-11-30T12:00:00Z");

    AuditVerifier.Result found = verify(null);
    assertThat(found.fault()).isNull();
    assertThat(found.notes())
        .containsExactly(file + ", line 11: torn: a run ended while it was written");
    lines.set(10, "{\"number\":4");
    assertThat(fault()).startsWith("audit.log, line 11: changed");
  }

  @Test
  void linesOfVersion010AreAcceptedUpToTheFirstHash() {
    String old =
        "{\"number\":1,\"run\":\"r\",\"time\":\"2026-11-29T10:00:00Z\",\"operation\":\"old\"}";
    lines.clear();
    lines.add(old);
    head = new AuditHead(0, ChainedLine.hash(old.getBytes()));
    add(FIRST_RUN, "start", ",\"lastNumber\":1");
    add(FIRST_RUN, "x", "");

    AuditVerifier.Result found = verify(null);
    assertThat(found.fault()).isNull();
    assertThat(found.unchained()).isEqualTo(1);
    lines.set(0, old.replace("old", "new"));
    assertThat(fault()).startsWith("audit.log, line 1: changed");
  }

  @Test
  void onlyAnAnchorShowsThatAllWasWrittenAnew() {
    AuditHead anchor = head;
    assertThat(verify(anchor).anchored()).isTrue();

    lines.clear();
    head = AuditHead.NONE;
    add(FIRST_RUN, "start", "");
    add(FIRST_RUN, "forged", "");

    assertThat(verify(null).fault()).isNull();
    assertThat(verify(anchor).fault()).startsWith("no line is the anchor 3:");
  }

  @Test
  void linesThatWereNeverWrittenAreNoFault() {
    head = new AuditHead(13, head.hash());
    add(SECOND_RUN, "x", "");

    AuditVerifier.Result found = verify(null);
    assertThat(found.fault()).isNull();
    assertThat(found.notes())
        .containsExactly(
            file + ", line 11: numbers 4 to 13 were never written: too many lines waited");
  }

  private List<Path> split(int... at) throws IOException {
    List<Path> files = new ArrayList<>();
    int from = 0;
    for (int i = 0; i <= at.length; i++) {
      int to = i == at.length ? lines.size() : at[i];
      Path part = directory.resolve("audit.2026-11-30." + (at.length - i) + ".log.gz");
      try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(part))) {
        out.write((String.join("\n", lines.subList(from, to)) + "\n").getBytes());
      }
      files.add(part);
      from = to;
    }
    return files;
  }

  @Test
  void filesMayBeGivenInAnyOrder() throws IOException {
    List<Path> files = split(3, 6, 8);
    for (int i = 0; i < files.size(); i++) {
      Collections.rotate(files, 1);
      assertThat(AuditVerifier.verify(files, head).fault()).isNull();
    }
    Collections.reverse(files);
    assertThat(AuditVerifier.verify(files, head).lines()).isEqualTo(10);
  }

  @Test
  void aMissingFileIsNamedByWhatIsMissing() throws IOException {
    List<Path> files = split(3, 5);
    files.remove(1);
    assertThat(AuditVerifier.verify(files, null).fault())
        .isEqualTo(files.get(1) + ", line 1: numbers 4 to 5 are missing before it");
    files.remove(0);
    AuditVerifier.Result rest = AuditVerifier.verify(files, null);
    assertThat(rest.fault()).isNull();
    assertThat(rest.notes())
        .containsExactly(files.get(0) + ", line 1: what was before it is not in these files");
  }

  @Test
  void aCompressedFileThatBreaksOffIsNamed() throws IOException {
    List<Path> files = split(5);
    byte[] whole = Files.readAllBytes(files.get(1));
    Files.write(files.get(1), Arrays.copyOf(whole, whole.length - 12));

    assertThat(AuditVerifier.verify(files, null).fault())
        .startsWith(files.get(1) + ": breaks off after line ");
  }

  @Test
  void linesThatWereWrittenOnceMoreAreCountedOnce() throws IOException {
    Path moved = directory.resolve("audit.log.1");
    verify(null);
    Files.move(file, moved);
    List<String> repeated = List.copyOf(lines.subList(8, 10));
    lines.clear();
    lines.addAll(repeated);
    add(SECOND_RUN, "auditFile", ",\"event\":\"missing\",\"repeated\":2");
    add(SECOND_RUN, "x", "");
    Files.writeString(file, String.join("\n", lines) + "\n");

    AuditVerifier.Result found = AuditVerifier.verify(List.of(file, moved), head);
    assertThat(found.fault()).isNull();
    assertThat(found.lines()).isEqualTo(12);
    assertThat(found.notes()).hasSize(1);
    assertThat(AuditVerifier.verify(List.of(file), head).fault())
        .as("where the former file was removed")
        .isNull();
  }

  @Test
  void aRunOfTheNextFileFollowsALineThatWasTornAtTheEndOfTheFormerOne() throws IOException {
    String torn = "{\"number\":4,\"prev";
    Path former = directory.resolve("audit.2026-11-30.0.log");
    Files.writeString(former, String.join("\n", lines) + "\n" + torn);
    lines.clear();
    head = new AuditHead(3, ChainedLine.hash(torn.getBytes()));
    begin("2026-12-01T12:00:00Z");

    verify(null);
    AuditVerifier.Result found = AuditVerifier.verify(List.of(file, former), head);
    assertThat(found.fault()).isNull();
    assertThat(found.notes())
        .containsExactly(former + ", line 11: torn: a run ended while it was written");
    Files.writeString(former, "e", StandardOpenOption.APPEND);
    assertThat(AuditVerifier.verify(List.of(file, former), null).fault())
        .startsWith(former + ", line 11: changed");
  }

  @Test
  void aFileIsCheckedOnceWhereACompressedOneHoldsTheSame() throws IOException {
    List<Path> files = split(5);
    Path plain = directory.resolve("audit.2026-11-30.1.log");
    Files.writeString(plain, String.join("\n", lines.subList(0, 5)) + "\n");
    files.add(plain);

    AuditVerifier.Result found = AuditVerifier.verify(files, head);
    assertThat(found.fault()).isNull();
    assertThat(found.lines()).isEqualTo(10);
    assertThat(found.notes())
        .containsExactly(plain + ": left out: it holds the same as " + files.get(0));
    Files.writeString(plain, String.join("\n", lines.subList(0, 4)) + "\n");
    assertThat(AuditVerifier.verify(files, head).fault()).isNotNull();
  }

  @Test
  void aRunOfWhichNoLineIsLeftIsNamedAsMissing() {
    lines.subList(7, 10).clear();
    begin("2026-11-30T12:00:00Z");
    lines.set(
        7,
        lines
            .get(7)
            .replace("\"lastNumber\"", "\"lastRun\":\"" + SECOND_RUN + "\",\"lastNumber\""));
    assertThat(fault())
        .isEqualTo(
            "audit.log, line 8: lines are missing before it: at least those of the run of "
                + SECOND_RUN);
  }

  @Test
  void theLastLinesOfACompressedFileAreFoundWhereverItsPiecesEnd() throws IOException {
    for (int length : new int[] {1, 16_383, 16_384, 50_000}) {
      lines.add("x".repeat(length));
      lines.add("y");
      assertThat(LastLines.of(split().get(0)))
          .containsExactly("x".repeat(length).getBytes(), "y".getBytes());
    }
  }
}
