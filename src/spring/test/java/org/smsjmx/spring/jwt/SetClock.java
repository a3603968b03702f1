package org.smsjmx.spring.jwt;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that a test sets. */
final class SetClock implements InstantSource {

  private volatile Instant now = Instant.parse("2026-11-30T12:00:00.400Z");

  @Override
  public Instant instant() {
    return now;
  }

  void advance(Duration by) {
    now = now.plus(by);
  }
}
