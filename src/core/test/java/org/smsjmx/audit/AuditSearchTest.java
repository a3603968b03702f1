package org.smsjmx.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smsjmx.session.HandClock;

/** Looking for lines in the files of an audit. */
final class AuditSearchTest {

  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Predicate<Map<String, Object>> ALL = line -> true;

  @TempDir Path directory;
  private Path file;
  private AuditSearch search;

  @BeforeEach
  void nameTheFile() {
    file = directory.resolve("audit.log");
    search = new AuditSearch(file);
  }

  private static String line(int number, String more) {
    return "{\"number\":%d,\"run\":\"r\",\"time\":\"2026-11-%02dT10:00:00Z\",\"what\":\"%s\"}\n"
        .formatted(number, number / 100 + 1, more);
  }

  private static String lines(int from, int to) {
    StringBuilder lines = new StringBuilder();
    IntStream.rangeClosed(from, to).forEach(number -> lines.append(line(number, "x".repeat(700))));
    return lines.toString();
  }

  private void write(Path where, String content) throws IOException {
    Files.writeString(where, content, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private void compress(String name, String content) throws IOException {
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(directory.resolve(name)))) {
      out.write(content.getBytes(StandardCharsets.UTF_8));
    }
  }

  private AuditSearch.Found find(Predicate<Map<String, Object>> wanted, int maximum)
      throws IOException {
    return search.newestFirst(wanted, Instant.EPOCH, maximum, LONG);
  }

  private static List<Long> numbers(AuditSearch.Found found) {
    return found.lines().stream().map(line -> (Long) line.get("number")).toList();
  }

  private static List<Long> downFrom(int from, int to) {
    List<Long> numbers =
        new ArrayList<>(IntStream.rangeClosed(to, from).asLongStream().boxed().toList());
    Collections.reverse(numbers);
    return numbers;
  }

  private void writeThreeFiles() throws IOException {
    compress("audit.2026-11-01.0.log.gz", lines(0, 99));
    compress("audit.2026-11-02.0.log.gz", lines(100, 150));
    write(directory.resolve("audit.2026-11-02.1.log"), lines(151, 199));
    write(file, lines(200, 450));
  }

  @Test
  void linesOfAllFilesAreFoundNewestFirst() throws IOException {
    writeThreeFiles();

    AuditSearch.Found found = find(ALL, 1_000);

    assertThat(numbers(found)).isEqualTo(downFrom(450, 0));
    assertThat(found.complete()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 251, 260, 300, 340, 400, 450})
  void whatIsLeftOutIsTold(int maximum) throws IOException {
    writeThreeFiles();

    AuditSearch.Found found = find(ALL, maximum);

    assertThat(numbers(found)).isEqualTo(downFrom(450, 451 - maximum));
    assertThat(found.complete()).isFalse();
    assertThat(find(ALL, 451).complete()).isTrue();
  }

  @Test
  void onlyWhatIsWantedIsFound() throws IOException {
    writeThreeFiles();
    assertThat(numbers(find(line -> (Long) line.get("number") % 100 == 0, 9)))
        .containsExactly(400L, 300L, 200L, 100L, 0L);
    assertThat(find(line -> false, 1)).isEqualTo(new AuditSearch.Found(List.of(), true));
  }

  @Test
  void linesBeforeATimeAreLeftOut() throws IOException {
    writeThreeFiles();
    Instant since = Instant.parse("2026-11-02T10:00:00Z");
    assertThat(numbers(search.newestFirst(ALL, since, 1_000, LONG))).isEqualTo(downFrom(450, 100));
    assertThat(search.newestFirst(ALL, Instant.MAX, 9, LONG).lines()).isEmpty();
    assertThat(search.newestFirst(ALL, Instant.MIN, 1_000, LONG).lines()).hasSize(451);
  }

  @Test
  void whereTheTimeIsOverItReturnsWhatItHasReadAndSaysSo() throws IOException {
    writeThreeFiles();

    AuditSearch.Found found = search.newestFirst(ALL, Instant.EPOCH, 1_000, Duration.ZERO);

    assertThat(found.complete()).isFalse();
    assertThat(numbers(found)).isEqualTo(downFrom(450, 451 - found.lines().size()));
    assertThat(found.lines()).hasSizeLessThan(451);
  }

  @ParameterizedTest
  @ValueSource(strings = {"audit.log", "audit.2026-11-01.0.log", "audit.2026-11-01.0.log.gz"})
  void whereTheTimeIsOverAFileWithoutTheEndOfALineIsReadNoFurther(String name) throws IOException {
    String zeros = "\0".repeat(1 << 20);
    if (name.endsWith(".gz")) {
      compress(name, zeros);
    } else {
      write(directory.resolve(name), zeros);
    }

    assertThat(search.newestFirst(ALL, Instant.EPOCH, 1, Duration.ZERO).complete()).isFalse();
  }

  @Test
  void whatIsNoLineOfAnAuditIsLeftOut() throws IOException {
    write(
        file, "\n\n  \nnonsense\n{\"number\":1}\n[]\n" + line(1, "") + "x".repeat(3 << 20) + "\n");
    write(file, "{\"time\":7}\n{\"time\":\"yesterday\"}\n" + line(2, "\u00E4\u4E00\uD83D\uDE00"));
    write(file, "{\"number\":3,\"run\":\"r\",\"ti");
    Files.createDirectory(directory.resolve("audit.2026-11-01.5.log"));
    write(directory.resolve("audit.2026-11-01.x.log"), line(7, ""));
    write(directory.resolve(".audit.2026-11-01.0.log.gz"), "half");
    write(directory.resolve("audit.2026-11-01.1.log.gz"), "no gzip");

    AuditSearch.Found found = find(ALL, 9);

    assertThat(numbers(found)).containsExactly(2L, 1L);
    assertThat(found.lines().get(0)).containsEntry("what", "\u00E4\u4E00\uD83D\uDE00");
  }

  @Test
  void ofACompressedFileThatBreaksOffTheLinesBeforeAreFound() throws IOException {
    compress("whole", lines(0, 99));
    byte[] whole = Files.readAllBytes(directory.resolve("whole"));
    Files.write(
        directory.resolve("audit.2026-11-01.0.log.gz"), Arrays.copyOf(whole, whole.length - 20));
    write(file, line(200, ""));

    assertThat(numbers(find(ALL, 200))).startsWith(200L).hasSizeGreaterThan(1);
  }

  @Test
  void aLineThatStandsInTwoFilesIsFoundOnce() throws IOException {
    compress("audit.2026-11-01.0.log.gz", lines(0, 9));
    write(directory.resolve("audit.2026-11-01.0.log"), lines(0, 9));
    write(file, lines(8, 12));

    assertThat(numbers(find(ALL, 99))).isEqualTo(downFrom(12, 0));
    assertThat(numbers(find(ALL, 7))).isEqualTo(downFrom(12, 6));
  }

  @Test
  void withoutAFileNothingIsFound() throws IOException {
    assertThat(find(ALL, 9)).isEqualTo(new AuditSearch.Found(List.of(), true));
  }

  /** The file becomes a former one every few lines, and these are compressed, meanwhile. */
  @Test
  void noLineIsMissedWhileFilesAreBegunAndCompressed() throws Exception {
    HandClock clock = new HandClock();
    AuditFile.Settings settings =
        new AuditFile.Settings(file, false, 2_000, Duration.ofDays(400), 1L << 30, null, false);
    AuditLog log =
        AuditLog.toFile(
            settings,
            clock,
            (event, repeated) -> "{\"run\":\"r\",\"time\":\"2026-11-01T10:00:00Z\"}",
            Duration.ofSeconds(30));
    AtomicInteger written = new AtomicInteger();
    CompletableFuture<Void> writing =
        CompletableFuture.runAsync(
            () -> {
              for (int i = 0; i < 600; i++) {
                AuditLog.Line line =
                    log.append(
                        "{\"run\":\"r\",\"time\":\"%s\",\"pad\":\"%s\"}"
                            .formatted(clock.instant(), "y".repeat(150)),
                        true);
                assertThat(log.await(line)).isTrue();
                written.incrementAndGet();
              }
            });
    try {
      while (!writing.isDone()) {
        int before = written.get();
        List<Long> found = numbers(find(ALL, 1_000));
        assertThat(found).hasSizeGreaterThanOrEqualTo(before);
        assertThat(found).isEqualTo(downFrom(found.size(), 1));
      }
      writing.join();
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(
              () -> assertThat(directory).isDirectoryNotContaining("glob:**/audit.*.log"));
    } finally {
      log.close();
    }
    assertThat(numbers(find(ALL, 1_000))).isEqualTo(downFrom(600, 1));
  }
}
