package org.smsjmx.management;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jolokia.json.JSONObject;
import org.jolokia.json.parser.JSONParser;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/** Holds what is written to the logger of the audit, and can be full, slow or hang. */
final class AuditDisk extends AppenderBase<ILoggingEvent>
    implements BeforeEachCallback, AfterEachCallback {

  private static final Logger LINES = (Logger) LoggerFactory.getLogger("sms.audit");

  final List<String> lines = Collections.synchronizedList(new ArrayList<>());
  volatile boolean full;
  volatile boolean slow;
  volatile CountDownLatch hanging = new CountDownLatch(0);
  private volatile boolean busy;

  @Override
  public void beforeEach(ExtensionContext test) {
    setContext((LoggerContext) LoggerFactory.getILoggerFactory());
    start();
    LINES.addAppender(this);
  }

  @Override
  public void afterEach(ExtensionContext test) {
    LINES.detachAppender(this);
  }

  @Override
  public void doAppend(ILoggingEvent event) {
    append(event);
  }

  @Override
  protected void append(ILoggingEvent event) {
    try {
      busy = true;
      hanging.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    if (full) {
      throw new UncheckedIOException(new IOException("No space left on device"));
    }
    if (slow) {
      LockSupport.parkNanos(1);
    }
    lines.add(event.getFormattedMessage());
  }

  boolean isBusy() {
    return busy;
  }

  /** Returns the value of a fact in each line. */
  List<Object> all(String fact) {
    synchronized (lines) { // a line may still come
      return lines.stream().map(line -> parse(line).get(fact)).toList();
    }
  }

  static JSONObject parse(String line) {
    try {
      return new JSONParser().parse(line, JSONObject.class);
    } catch (Exception e) {
      throw new AssertionError(line, e);
    }
  }

  /** Returns what {@link #all} returns for numbers that follow each other. */
  static List<Object> numbers(int from, int to) {
    return IntStream.rangeClosed(from, to).<Object>mapToObj(number -> (long) number).toList();
  }
}
