package org.smsjmx.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file of an audit, and what others do to it meanwhile. */
final class AuditFileTest {

  @TempDir private Path directory;
  private Path file;
  private Instant now = Instant.parse("2026-11-30T10:00:00Z");
  private AuditLog log;

  @BeforeEach
  void open() throws IOException {
    file = directory.resolve("audit.log");
    log = opened(AuditFile.Settings.of(file));
  }

  @AfterEach
  void close() {
    log.close();
  }

  private AuditLog opened(AuditFile.Settings settings) throws IOException {
    AuditLog opened =
        AuditLog.toFile(settings, () -> now, AuditFileTest::event, Duration.ofMinutes(1));
    opened.open();
    return opened;
  }

  /** A file that is there has its day from the machine's clock, which the test does not set. */
  private void isOfToday() throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(now));
  }

  private static String event(String event, int repeated) {
    return object("auditFile\",\"event\":\"" + event + "\",\"repeated\":\"" + repeated);
  }

  private static String object(String operation) {
    return "{\"run\":\"r\",\"time\":\"t\",\"operation\":\"" + operation + "\"}";
  }

  private void write(String operation) {
    assertThat(log.await(log.append(object(operation), true))).isTrue();
  }

  private static List<String> lines(Path file) {
    try (InputStream in =
        file.toString().endsWith(".gz")
            ? new GZIPInputStream(Files.newInputStream(file))
            : Files.newInputStream(file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> operations(Path file) {
    return lines(file).stream()
        .map(line -> line.replaceFirst(".*\"operation\":\"", "").replaceFirst("\"}$", ""))
        .map(
            operation ->
                operation.replace("\",\"event\":\"", " ").replace("\",\"repeated\":\"", " "))
        .toList();
  }

  private List<Path> formers() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(known -> !known.equals(file)).sorted().toList();
    }
  }

  private static void assertChained(List<String> lines) {
    String previous = AuditHead.NONE.hash();
    for (String line : lines) {
      assertThat(line).contains("\"previous\":\"" + previous + "\"");
      previous = ChainedLine.hash(line.getBytes(StandardCharsets.UTF_8));
    }
  }

  @Test
  void eachLineHoldsTheHashOfTheOneBeforeIt() {
    write("one");
    write("two");
    write("three");

    assertThat(operations(file)).containsExactly("one", "two", "three");
    assertChained(lines(file));
    assertThat(log.head())
        .isEqualTo(new AuditHead(3, ChainedLine.hash(lines(file).get(2).getBytes())));
  }

  @Test
  void onlyItsOwnerReadsIt() throws IOException {
    write("one");

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void theNextRunGoesOnWithTheChainAndKnowsHowTheLastOneEnded() throws IOException {
    write("one");
    write("stop");
    AuditHead head = log.head();
    log.close();
    isOfToday();

    log =
        AuditLog.toFile(
            AuditFile.Settings.of(file), () -> now, AuditFileTest::event, Duration.ofMinutes(1));
    AuditLog.LastRun last = log.open();
    write("next");

    assertThat(last).isEqualTo(new AuditLog.LastRun("r", head, true, false));
    assertChained(lines(file));
    assertThat(lines(file).get(2)).startsWith("{\"number\":1,");
  }

  @Test
  void aTornLastLineStaysAndTheNextRunSaysSo() throws IOException {
    write("one");
    AuditHead head = log.head();
    log.close();
    Files.writeString(file, "{\"number\":2,\"prev", StandardOpenOption.APPEND);
    isOfToday();

    log =
        AuditLog.toFile(
            AuditFile.Settings.of(file), () -> now, AuditFileTest::event, Duration.ofMinutes(1));
    assertThat(log.open()).isEqualTo(new AuditLog.LastRun("r", head, false, true));
    write("next");

    assertThat(lines(file)).hasSize(3);
    assertChained(lines(file).subList(0, 1));
    assertThat(lines(file).get(2))
        .contains(ChainedLine.hash("{\"number\":2,\"prev".getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void aRunThatWritesNothingLeavesNothing() throws IOException {
    log.close();

    assertThat(file).doesNotExist();
    log = opened(AuditFile.Settings.of(file));
  }

  @Test
  void aFileThatIsRemovedIsMadeAgain() throws IOException {
    write("one");
    Files.delete(file);
    write("two");

    assertThat(operations(file)).containsExactly("auditFile missing 0", "two");
    assertThat(lines(file).get(0)).startsWith("{\"number\":2,");
  }

  @Test
  void aFileThatIsMovedAwayStaysAsItIs() throws IOException {
    write("one");
    Path moved = directory.resolve("audit.log.1");
    Files.move(file, moved);
    write("two");

    List<String> all = new ArrayList<>(lines(moved));
    all.addAll(lines(file));
    assertChained(all);
    assertThat(operations(moved)).containsExactly("one");
  }

  @Test
  void linesGoOnInAFileThatWasPutInItsPlace() throws IOException {
    write("one");
    Files.move(file, directory.resolve("audit.log.1"));
    Files.createFile(file);
    isOfToday();
    write("two");

    assertThat(operations(file)).containsExactly("auditFile replaced 0", "two");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void linesGoOnAtTheBeginningOfATruncatedFile() throws IOException {
    write("one");
    Files.write(file, new byte[0], StandardOpenOption.TRUNCATE_EXISTING);
    isOfToday();
    write("two");

    assertThat(operations(file)).containsExactly("auditFile truncated 0", "two");
    assertThat(Files.readString(file)).doesNotContain("\0");
  }

  @Test
  void whatSomebodyElseWroteStaysAndEndsWithItsLine() throws IOException {
    write("one");
    Files.writeString(file, "of somebody else", StandardOpenOption.APPEND);
    write("two");

    assertThat(operations(file))
        .containsExactly("one", "of somebody else", "auditFile grown 0", "two");
  }

  @Test
  void aFileThatIsMadeReadOnlyIsSetAside() throws IOException {
    write("one");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));
    write("two");

    assertThat(operations(file)).containsExactly("auditFile readOnly 0", "two");
    await().untilAsserted(() -> assertThat(formers()).hasSize(1));
    assertThat(operations(formers().get(0))).containsExactly("one");
  }

  @Test
  void aSymbolicLinkIsNotFollowed() throws IOException {
    write("one");
    Path elsewhere = Files.writeString(directory.resolve("elsewhere"), "");
    Files.delete(file);
    Files.createSymbolicLink(file, elsewhere);

    assertThat(log.await(log.append(object("two"), true))).isFalse();
    assertThat(log.isHealthy()).isFalse();
    assertThat(elsewhere).isEmptyFile();

    Files.delete(file);
    assertThat(log.isHealthy()).isTrue();
    assertThat(operations(file)).containsExactly("auditFile missing 0", "two");
  }

  @Test
  void aFileThatIsGoneShowsWithoutALine() throws IOException {
    write("one");
    Files.delete(file);
    Files.createDirectory(file);
    assertThat(log.isHealthy()).isFalse();

    Files.delete(file);
    assertThat(log.isHealthy()).isTrue();
    assertThat(operations(file)).containsExactly("auditFile missing 0");
  }

  private void reopen(long fileSize, Duration retention, long total) throws IOException {
    log.close();
    log = opened(new AuditFile.Settings(file, true, fileSize, retention, total, null, false));
  }

  @Test
  void aFullFileIsCompressedAndKept() throws IOException {
    reopen(300, Duration.ofDays(1), 1_000_000);
    for (int i = 0; i < 6; i++) {
      write("x".repeat(200) + i);
    }

    await()
        .untilAsserted(
            () ->
                assertThat(formers())
                    .extracting(known -> known.getFileName().toString())
                    .containsExactly(
                        "audit.2026-11-30.0.log.gz",
                        "audit.2026-11-30.1.log.gz",
                        "audit.2026-11-30.2.log.gz",
                        "audit.2026-11-30.3.log.gz",
                        "audit.2026-11-30.4.log.gz"));
    List<String> all = new ArrayList<>();
    for (Path former : formers()) {
      all.addAll(lines(former));
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(former)))
          .isEqualTo("rw-------");
    }
    all.addAll(lines(file));
    assertChained(all);
    assertThat(all).hasSize(6);
  }

  private static byte[] compressed(byte[] bytes) throws IOException {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(compressed)) {
      out.write(bytes);
    }
    return compressed.toByteArray();
  }

  @Test
  void whatAStopLeftWhileCompressingIsFinished() throws IOException {
    byte[] lines = new byte[200_000];
    new Random(1).nextBytes(lines);
    byte[] half = Arrays.copyOf(compressed(lines), 150_000);
    Files.write(directory.resolve(".audit.2026-11-29.0.log.gz"), half);
    Files.write(directory.resolve("audit.2026-11-29.0.log"), lines);
    Files.write(directory.resolve("audit.2026-11-29.1.log4711.tmp"), lines);
    Files.write(directory.resolve("audit.2026-11-29.1.log.gz"), half);
    Files.write(directory.resolve("audit.2026-11-29.2.log.gz4712.tmp"), lines);
    Files.write(directory.resolve("audit.2026-11-29.2.log.gz"), compressed(lines));
    write("one");

    await()
        .untilAsserted(
            () ->
                assertThat(formers())
                    .extracting(known -> known.getFileName().toString())
                    .containsExactly(
                        "audit.2026-11-29.0.log.gz",
                        "audit.2026-11-29.1.log.gz",
                        "audit.2026-11-29.2.log.gz"));
    for (Path former : formers()) {
      try (InputStream in = new GZIPInputStream(Files.newInputStream(former))) {
        assertThat(in.readAllBytes()).isEqualTo(lines);
      }
    }
  }

  @Test
  void oldFilesAndThoseBeyondTheTotalAreRemovedOldestFirst() throws IOException {
    for (int i = 0; i < 4; i++) {
      Path former = directory.resolve("audit.2026-11-2" + i + ".0.log.gz");
      Files.write(former, compressed(new byte[] {(byte) i}));
      Instant written = now.minus(Duration.ofDays(i == 0 ? 11 : 1));
      Files.setLastModifiedTime(former, FileTime.from(written));
    }
    long each = Files.size(directory.resolve("audit.2026-11-20.0.log.gz"));
    reopen(1_000, Duration.ofDays(10), 2 * each + 140);
    write("one");

    await()
        .untilAsserted(
            () ->
                assertThat(formers())
                    .extracting(known -> known.getFileName().toString())
                    .containsExactly("audit.2026-11-22.0.log.gz", "audit.2026-11-23.0.log.gz"));
  }
}
