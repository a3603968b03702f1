package org.smsjmx.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jolokia.json.JSONObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the audit does when its lines cannot be written, or not now. */
final class AuditTest {

  @RegisterExtension private final AuditDisk disk = new AuditDisk();

  private final List<Audit> audits = new ArrayList<>();

  private Audit audit(boolean required) {
    Audit audit = new Audit(InstantSource.system(), required, null, Duration.ofMinutes(1));
    audits.add(audit);
    return audit;
  }

  /** What an audit could not write it would write into the next test. */
  @AfterEach
  void closeAll() {
    audits.forEach(Audit::close);
  }

  private static void call(Audit audit, String operation) {
    audit.denied(Caller.LOCAL, "sms:type=Service", operation);
  }

  @Test
  void linesThatCannotBeWrittenAreKeptUntilTheyCan() {
    Audit audit = audit(false);
    call(audit, "first");
    disk.full = true;
    call(audit, "second");
    call(audit, "third");

    assertThat(audit.isHealthy()).isFalse();
    // once for each line, and once as it was asked; the writing thread may try in between
    assertThat(audit.failures()).isGreaterThanOrEqualTo(3);
    assertThat(audit.waiting()).isEqualTo(2);
    assertThat(disk.all("operation")).containsExactly("first");

    disk.full = false;

    assertThat(audit.isHealthy()).as("asking tries again").isTrue();
    assertThat(audit.waiting()).isZero();
    assertThat(disk.all("operation")).containsExactly("first", "second", "third");
    assertThat(disk.all("number")).isEqualTo(AuditDisk.numbers(1, 3));
  }

  @Test
  void theNextOperationWritesWhatWaits() {
    Audit audit = audit(false);
    disk.full = true;
    call(audit, "first");
    disk.full = false;

    call(audit, "second");

    assertThat(disk.all("operation")).containsExactly("first", "second");
  }

  @Test
  void tooManyThatWaitLeaveAGapThatShows() {
    Audit audit = audit(false);
    disk.full = true;
    for (int i = 1; i <= 10_003; i++) {
      call(audit, "x");
    }
    assertThat(audit.waiting()).isEqualTo(10_000);
    disk.full = false;
    call(audit, "last");
    call(audit, "after it");
    await().until(() -> audit.waiting() == 0);

    List<Object> expected = new ArrayList<>(AuditDisk.numbers(1, 10_000));
    expected.addAll(AuditDisk.numbers(10_004, 10_005));
    assertThat(disk.all("number")).isEqualTo(expected);
  }

  @Test
  void onlyARequiredAuditHoldsUpChanges() {
    for (boolean required : List.of(true, false)) {
      Audit audit = audit(required);
      audit.requireWritable();
      disk.full = true;
      call(audit, "x");

      if (required) {
        assertThatThrownBy(audit::requireWritable).isInstanceOf(Audit.UnavailableException.class);
      } else {
        audit.requireWritable();
      }
      disk.full = false;
      audit.requireWritable();
    }
  }

  @Test
  void aRequiredAuditThatCannotBeWrittenEndsTheStart() throws IOException {
    disk.full = true;

    audit(false).begin();
    assertThatThrownBy(() -> audit(true).begin())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("audit");
  }

  @Test
  void linesOfCallsThatAreAnsweredAtOnceAreWrittenBeforeThat() {
    Audit audit = audit(false);
    try (Audit.Batch lines = audit.batch()) {
      call(audit, "first");
      call(audit, "second");
      assertThat(disk.lines).isEmpty();
      assertThat(audit.waiting()).isEqualTo(2);
    }
    assertThat(disk.all("operation")).containsExactly("first", "second");
    call(audit, "by itself");
    assertThat(disk.all("number")).isEqualTo(AuditDisk.numbers(1, 3));
  }

  @Test
  void veryManyLinesDoNotWaitForEachOther() {
    Audit audit = audit(false);
    try (Audit.Batch lines = audit.batch()) {
      for (int i = 0; i < 20_000; i++) {
        call(audit, "of many");
        assertThat(audit.waiting()).isLessThan(256);
      }
    }
    assertThat(disk.all("number")).isEqualTo(AuditDisk.numbers(1, 20_000));
  }

  @Test
  void linesOfARequiredAuditDoNotWaitForEachOther() {
    Audit audit = audit(true);
    try (Audit.Batch lines = audit.batch()) {
      call(audit, "first");
      assertThat(disk.lines).hasSize(1);
      disk.full = true;
      call(audit, "second");
      assertThatThrownBy(audit::requireWritable).isInstanceOf(Audit.UnavailableException.class);
    }
  }

  @Test
  void aRunHasAFirstAndALastLine() throws IOException {
    try (Audit audit = audit(false)) {
      audit.begin();
      call(audit, "x");
    }
    assertThat(disk.all("operation")).containsExactly("start", "x", "stop");
  }

  @Test
  void aFailedSignInTellsAccountAndAddressAndNoPassword() {
    Audit audit = audit(false);

    audit.signInFailed("sec_\u202emaster\n", "jmx", "10.1.2.3", true);

    JSONObject line = AuditDisk.parse(disk.lines.get(0));
    assertThat(line.get("operation")).isEqualTo("signIn");
    assertThat(line.get("caller")).isEqualTo("sec_\\u202Emaster\\u000A");
    assertThat(line.get("address")).isEqualTo("10.1.2.3");
    assertThat(line.get("outcome")).isEqualTo("HPDIA0200W");
    assertThat(line.get("delayed")).isEqualTo(true);
    assertThat(audit.failedSignIns()).isEqualTo(1);
    assertThat(audit.delayedSignIns()).isEqualTo(1);
  }
}
