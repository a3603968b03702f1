package org.smsjmx.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

final class WatchedFileTest {

  private static final Instant WRITTEN = Instant.parse("2026-03-01T12:00:00Z");
  private static final InstantSource LONG_AFTER =
      InstantSource.fixed(WRITTEN.plus(Duration.ofDays(1)));

  @TempDir private Path directory;

  private Path file;
  private final AtomicInteger parsed = new AtomicInteger();
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  @BeforeEach
  void writeAndListen() throws IOException {
    file = directory.resolve("watched");
    write("first", WRITTEN);
    log.start();
    logger().addAppender(log);
  }

  @AfterEach
  void listenNoMore() {
    logger().detachAppender(log);
  }

  @Test
  void anUnchangedFileIsReadOnce() throws IOException {
    WatchedFile<String> watched = watched();

    assertThat(watched.current()).isEqualTo("first");
    assertThat(watched.current()).isEqualTo("first");
    assertThat(parsed).hasValue(1);
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aPipeInThePlaceOfTheFileHoldsNobodyUp() throws Exception {
    WatchedFile<String> watched = watched();
    Files.delete(file);
    assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor()).isZero();

    assertThat(watched.current()).isEqualTo("first");
    assertThat(watched.failure())
        .extracting(WatchedFile.Failure::reason)
        .isEqualTo(file + ": is no regular file");
  }

  @Test
  void anUnchangedFileWhoseTimeLiesAheadIsReadOnce() throws IOException {
    write("ahead", WRITTEN.plus(Duration.ofDays(365)));
    WatchedFile<String> watched = watched();

    assertThat(watched.current()).isEqualTo("ahead");
    assertThat(watched.current()).isEqualTo("ahead");
    assertThat(parsed).hasValue(1);
  }

  @Test
  void aTimeAheadByLessThanTwoWritesMayShareIsNotTrusted() throws IOException {
    InstantSource justBefore = InstantSource.fixed(WRITTEN.minusMillis(100));
    WatchedFile<String> watched = new WatchedFile<>(file, Duration.ZERO, this::parse, justBefore);
    write("again", WRITTEN);

    assertThat(watched.current()).isEqualTo("again");
  }

  @Test
  void aFailureTellsSinceWhenItIsAndWhyItIsNow() throws IOException {
    AtomicReference<Instant> now = new AtomicReference<>(WRITTEN.plusSeconds(100));
    WatchedFile<String> watched = new WatchedFile<>(file, Duration.ZERO, this::parse, now::get);
    assertThat(watched.failure()).isNull();

    write("bad 1", WRITTEN.plusSeconds(1));
    watched.current();
    WatchedFile.Failure first = watched.failure();
    assertThat(first.since()).isEqualTo(WRITTEN.plusSeconds(100));
    assertThat(first.reason()).isEqualTo("bad 1");

    now.set(WRITTEN.plusSeconds(200));
    write("bad 2", WRITTEN.plusSeconds(2));
    watched.current();
    assertThat(watched.failure())
        .isEqualTo(new WatchedFile.Failure(first.since(), first.sinceNanos(), "bad 2"));

    write("good", WRITTEN.plusSeconds(3));
    watched.current();
    assertThat(watched.failure()).isNull();

    Files.delete(file);
    watched.current();
    assertThat(watched.failure().since()).isEqualTo(now.get());
    assertThat(watched.failure().reason()).contains(file.toString());
  }

  @Test
  void howLongAFailureLastsDoesNotDependOnTheClock() throws IOException {
    AtomicReference<Instant> now = new AtomicReference<>(WRITTEN.plusSeconds(100));
    WatchedFile<String> watched = new WatchedFile<>(file, Duration.ZERO, this::parse, now::get);
    write("bad", WRITTEN.plusSeconds(1));
    watched.current();

    for (int hours : new int[] {2, -4}) {
      now.set(now.get().plus(Duration.ofHours(hours)));
      watched.current();
      assertThat(watched.failure().lasting()).isBetween(Duration.ZERO, Duration.ofHours(1));
    }
  }

  @Test
  void aFileWithAnotherTimeIsReadAgainOnce() throws IOException {
    WatchedFile<String> watched = watched();
    write("other", WRITTEN.plusMillis(1));

    assertThat(watched.current()).isEqualTo("other");
    assertThat(watched.current()).isEqualTo("other");
    assertThat(parsed).hasValue(2);
  }

  @Test
  void aFileWithAnEarlierTimeIsReadAgain() throws IOException {
    WatchedFile<String> watched = watched();
    write("older", WRITTEN.minusSeconds(60));

    assertThat(watched.current()).isEqualTo("older");
  }

  @Test
  void aFileWithAnotherLengthIsReadAgainThoughItsTimeIsTheSame() throws IOException {
    WatchedFile<String> watched = watched();
    write("longer than before", WRITTEN);

    assertThat(watched.current()).isEqualTo("longer than before");
  }

  @Test
  void aFileThatIsPutInItsPlaceIsReadThoughTimeAndLengthAreTheSame() throws IOException {
    WatchedFile<String> watched = watched();
    Path next = directory.resolve("next");
    Files.writeString(next, "right");
    Files.setLastModifiedTime(next, FileTime.from(WRITTEN));
    Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);

    assertThat(watched.current()).isEqualTo("right");
  }

  @Test
  void aFileThatWasJustWrittenIsNotTrustedToKeepItsTimeAtTheNextWrite() throws IOException {
    InstantSource justAfter = InstantSource.fixed(WRITTEN.plusMillis(100));
    WatchedFile<String> watched = new WatchedFile<>(file, Duration.ZERO, this::parse, justAfter);
    write("again", WRITTEN);

    assertThat(watched.current()).isEqualTo("again");
  }

  @Test
  void aChangeDuringTheReadingIsSeenAtTheNextLook() throws IOException {
    WatchedFile<String> watched =
        new WatchedFile<>(
            file,
            Duration.ZERO,
            path -> {
              String content = parse(path);
              if (parsed.get() <= 2) {
                write("change " + parsed, WRITTEN.plusSeconds(parsed.get()));
              }
              return content;
            },
            LONG_AFTER);

    assertThat(watched.current()).isEqualTo("change 1");
    assertThat(watched.current()).isEqualTo("change 2");
  }

  @Test
  void withinTheRestTheFileIsNotLookedAt() throws IOException {
    WatchedFile<String> watched = new WatchedFile<>(file, Duration.ofDays(1), this::parse);
    write("later", WRITTEN.plusSeconds(60));

    assertThat(watched.current()).isEqualTo("first");
  }

  @Test
  void afterTheRestTheFileIsLookedAt() throws IOException {
    WatchedFile<String> watched = new WatchedFile<>(file, Duration.ofMillis(1), this::parse);
    write("later", WRITTEN.plusSeconds(60));

    await().until(watched::current, "later"::equals);
  }

  @Test
  void aBadContentIsLoggedOnceAndTheLastGoodOneStays() throws IOException {
    WatchedFile<String> watched = watched();
    write("bad 1", WRITTEN.plusSeconds(1));

    for (int i = 0; i < 3; i++) {
      assertThat(watched.current()).isEqualTo("first");
    }
    assertThat(parsed).hasValue(2);
    assertThat(logged()).containsExactly("bad 1; the last good content stays in use");
  }

  @Test
  void aBadContentThatMayChangeUnseenIsReadAgainButLoggedOnce() throws IOException {
    WatchedFile<String> watched =
        new WatchedFile<>(file, Duration.ZERO, this::parse, InstantSource.fixed(WRITTEN));
    write("bad 1", WRITTEN.plusMillis(1));

    for (int i = 0; i < 3; i++) {
      assertThat(watched.current()).isEqualTo("first");
    }
    assertThat(parsed).hasValue(4);
    assertThat(logged()).hasSize(1);
  }

  @Test
  void anotherBadContentIsLoggedAnewAndAGoodOneIsUsed() throws IOException {
    WatchedFile<String> watched = watched();
    write("bad 1", WRITTEN.plusSeconds(1));
    watched.current();
    write("bad 2", WRITTEN.plusSeconds(2));

    assertThat(watched.current()).isEqualTo("first");
    assertThat(logged()).hasSize(2).last().asString().startsWith("bad 2; ");

    write("good", WRITTEN.plusSeconds(3));

    assertThat(watched.current()).isEqualTo("good");
    assertThat(logged()).hasSize(2);
  }

  @Test
  void aFileThatDisappearsIsLoggedOnceAndReadWhenItIsBack() throws IOException {
    WatchedFile<String> watched = watched();
    Files.delete(file);

    assertThat(watched.current()).isEqualTo("first");
    assertThat(watched.current()).isEqualTo("first");
    assertThat(logged()).hasSize(1).first().asString().contains(file.toString(), "last good");

    write("back", WRITTEN);

    assertThat(watched.current()).isEqualTo("back");
  }

  @Test
  void aDirectoryInItsPlaceLeavesTheLastGoodContent() throws IOException {
    WatchedFile<String> watched = watched();
    Files.delete(file);
    Files.createDirectory(file);

    assertThat(watched.current()).isEqualTo("first");
    assertThat(logged()).first().asString().contains("is a directory");
    assertThat(parsed).hasValue(1);
  }

  @Test
  void theFirstReadingFailsWithAReason() throws IOException {
    write("bad 1", WRITTEN);
    assertThatThrownBy(this::watched).isInstanceOf(IOException.class).hasMessage("bad 1");

    Files.delete(file);
    assertThatThrownBy(this::watched)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is missing");

    Files.createDirectory(file);
    assertThatThrownBy(this::watched)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is a directory");
  }

  @Test
  void threadsThatSeeAChangeTogetherReadItOnce() throws Exception {
    CountDownLatch reading = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    WatchedFile<String> watched =
        new WatchedFile<>(
            file,
            Duration.ZERO,
            path -> {
              String content = parse(path);
              if (content.equals("slow")) {
                reading.countDown();
                waitFor(goOn);
              }
              return content;
            },
            LONG_AFTER);
    write("slow", WRITTEN.plusSeconds(1));

    FutureTask<String> first = new FutureTask<>(watched::current);
    new Thread(first, "first").start();
    waitFor(reading);
    FutureTask<String> second = new FutureTask<>(watched::current);
    Thread waiting = new Thread(second, "second");
    waiting.start();
    await().until(() -> waiting.getState() == Thread.State.BLOCKED || parsed.get() > 2);
    goOn.countDown();

    assertThat(first.get()).isEqualTo("slow");
    assertThat(second.get()).isEqualTo("slow");
    assertThat(parsed).hasValue(2);
  }

  private WatchedFile<String> watched() throws IOException {
    return new WatchedFile<>(file, Duration.ZERO, this::parse, LONG_AFTER);
  }

  private String parse(Path path) throws IOException {
    parsed.incrementAndGet();
    String content = Files.readString(path);
    if (content.startsWith("bad")) {
      throw new IOException(content);
    }
    return content;
  }

  private void write(String content, Instant modified) throws IOException {
    Files.writeString(file, content);
    Files.setLastModifiedTime(file, FileTime.from(modified));
  }

  private static void waitFor(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private List<String> logged() {
    return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  private static Logger logger() {
    return (Logger) LoggerFactory.getLogger(WatchedFile.class);
  }
}
