package org.smsjmx.audit;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks the files of an audit: whether each line holds the hash of the line before it. Files may
 * be given in any order; former ones may be compressed. Lines of version 0.1.0, which have no
 * hashes, are accepted as long as no line with one came before.
 *
 * <p>Who can write the files can write all anew from some line on. This shows only where a head of
 * the chain was kept elsewhere: an anchor.
 */
public final class AuditVerifier {

  private final @Nullable AuditHead anchor;
  private final List<String> notes = new ArrayList<>();
  private final Set<String> runs = new HashSet<>();
  private long lines;
  private long unchained;
  private boolean anchored;

  /** The lines of the file before, of which the last ones may stand once more in this one. */
  private List<AuditEntry> former = List.of();

  /** The beginning of a line with which a file ends; what follows shows whether it was torn. */
  private @Nullable AuditEntry endPart;

  private @Nullable AuditEntry last;
  private @Nullable AuditEntry lastWhole;

  private AuditVerifier(@Nullable AuditHead anchor) {
    this.anchor = anchor;
  }

  /**
   * What was found.
   *
   * @param fault the first thing that is wrong, null if nothing is
   * @param notes what else is to be known, such as a torn last line
   * @param lines number of lines up to there
   * @param unchained how many of them have no hash: those of version 0.1.0
   * @param runs number of runs
   * @param head the last whole line
   * @param anchored whether the anchor is among the lines, false if none was given
   */
  public record Result(
      @Nullable String fault,
      List<String> notes,
      long lines,
      long unchained,
      int runs,
      AuditHead head,
      boolean anchored) {}

  /**
   * Checks files.
   *
   * @param files all of an audit, or some that follow each other
   * @param anchor the head that the chain once had, null if none was kept
   * @throws IOException if a file cannot be read
   */
  public static Result verify(List<Path> files, @Nullable AuditHead anchor) throws IOException {
    AuditVerifier verifier = new AuditVerifier(anchor);
    String fault = verifier.fault(AuditFiles.inOrder(files, verifier.notes));
    AuditEntry last = verifier.lastWhole;
    return new Result(
        fault,
        List.copyOf(verifier.notes),
        verifier.lines,
        verifier.unchained,
        verifier.runs.size(),
        last == null ? AuditHead.NONE : new AuditHead(last.number(), last.hash()),
        verifier.anchored);
  }

  private @Nullable String fault(List<Path> files) throws IOException {
    for (Path file : files) {
      List<AuditEntry> entries = new ArrayList<>();
      String broken = null;
      try {
        AuditFiles.read(file, entries);
      } catch (EOFException e) {
        broken = file + ": breaks off after line " + entries.size();
      }
      String fault = fault(file, entries);
      if (fault != null || broken != null) {
        return fault == null ? broken : fault;
      }
      former = entries;
    }
    if (endPart != null) {
      notes.add(endPart.place() + ": torn: the run ended while it was written");
    }
    if (anchor != null && !anchored) {
      return "no line is the anchor %d:%s: lines up to it were changed or cut, or are in files that were not given"
          .formatted(anchor.number(), anchor.hash());
    }
    return null;
  }

  private @Nullable String fault(Path file, List<AuditEntry> entries) {
    int repeated = repeated(entries);
    if (repeated > 0) {
      notes.add(
          "%s: the first %d lines stand also at the end of the former file, as line %d says"
              .formatted(file, repeated, repeated + 1));
    }
    for (int i = repeated; i < entries.size(); i++) {
      AuditEntry entry = entries.get(i);
      String fault = faultOfEndPart(entry);
      if (fault == null) {
        fault = entry.isWhole() ? fault(entries, i) : faultOfPart(entries, i);
      }
      if (fault != null) {
        return fault;
      }
      take(entry);
    }
    return null;
  }

  private void take(AuditEntry entry) {
    lines++;
    last = entry;
    if (entry.isWhole()) {
      lastWhole = entry;
      runs.add(entry.run());
      unchained += entry.previous() == null ? 1 : 0;
      anchored |=
          anchor != null && anchor.number() == entry.number() && anchor.hash().equals(entry.hash());
    }
  }

  /** Returns how many lines were written once more, since their file was taken away meanwhile. */
  private int repeated(List<AuditEntry> entries) {
    for (int k = 1; k < entries.size() && k <= former.size(); k++) {
      AuditEntry told = entries.get(k);
      if (told.repeated() == k && last != null && last.hash().equals(told.previous())) {
        for (int i = 0; i < k; i++) {
          if (!entries.get(i).hash().equals(former.get(former.size() - k + i).hash())) {
            return 0;
          }
        }
        return k;
      }
    }
    return 0;
  }

  /** Says what is wrong with the end of the former file, which a line of the next one follows. */
  private @Nullable String faultOfEndPart(AuditEntry next) {
    AuditEntry part = endPart;
    if (part == null) {
      return null;
    }
    endPart = null;
    if (next.isStart() && part.hash().equals(next.previous())) {
      notes.add(part.place() + ": torn: a run ended while it was written");
      return null;
    }
    return part.place() + ": changed: it is no line of an audit";
  }

  /** A run that is killed may leave the beginning of a line; only the next run can follow it. */
  private @Nullable String faultOfPart(List<AuditEntry> entries, int i) {
    AuditEntry part = entries.get(i);
    if (i + 1 == entries.size() && !part.ended()) {
      endPart = part;
      return null;
    }
    AuditEntry next = i + 1 < entries.size() ? entries.get(i + 1) : null;
    if (next != null && next.isStart() && part.hash().equals(next.previous())) {
      notes.add(part.place() + ": torn: a run ended while it was written");
      return null;
    }
    if (next != null && last != null && last.hash().equals(next.previous())) {
      return part.place() + ": inserted";
    }
    return part.place() + ": changed: it is no line of an audit";
  }

  private @Nullable String fault(List<AuditEntry> entries, int i) {
    AuditEntry entry = entries.get(i);
    AuditEntry before = last;
    if (entry.previous() == null) {
      return unchained < lines
          ? entry.place() + ": inserted: it has no hash, as lines before"
          : null;
    }
    if (before == null) {
      if (!entry.previous().equals(AuditHead.NONE.hash())) {
        notes.add(entry.place() + ": what was before it is not in these files");
      }
      return null;
    }
    if (entry.previous().equals(before.hash())) {
      noteGap(entry);
      return null;
    }
    return wrongLink(entries, i, before);
  }

  private void noteGap(AuditEntry entry) {
    if (lastWhole != null
        && lastWhole.run().equals(entry.run())
        && entry.number() > lastWhole.number() + 1) {
      notes.add(
          "%s: numbers %d to %d were never written: too many lines waited"
              .formatted(entry.place(), lastWhole.number() + 1, entry.number() - 1));
    }
  }

  /** Says what is wrong where a line does not hold the hash of the one before it. */
  private String wrongLink(List<AuditEntry> entries, int i, AuditEntry before) {
    AuditEntry entry = entries.get(i);
    AuditEntry next = i + 1 < entries.size() ? entries.get(i + 1) : null;
    for (int j = 0; j < i; j++) {
      if (entries.get(j).hash().equals(entry.hash())) {
        return "%s: inserted: it is line %d".formatted(entry.place(), j + 1);
      }
    }
    for (int j = 0; j < entries.size(); j++) {
      if (entries.get(j).hash().equals(entry.previous())) {
        return j > i
            ? "%s: reordered: it stood after line %d".formatted(entry.place(), j + 1)
            : entries.get(j + 1).place() + ": inserted";
      }
    }
    for (int j = 0; j + 1 < former.size(); j++) {
      if (former.get(j).hash().equals(entry.previous())) {
        return former.get(j + 1).place() + ": inserted";
      }
    }
    boolean sameRun = entry.run().equals(before.run());
    if (sameRun && entry.number() > before.number() + 1) {
      return "%s: numbers %d to %d are missing before it"
          .formatted(entry.place(), before.number() + 1, entry.number() - 1);
    }
    if (lastWhole != null
        && !entry.lastRun().isEmpty()
        && !entry.lastRun().equals(lastWhole.run())) {
      return "%s: lines are missing before it: at least those of the run of %s"
          .formatted(entry.place(), entry.lastRun());
    }
    if (entry.isStart() && entry.lastNumber() > before.number()) {
      return "%s: cut: the run before ended with number %d, and %d is the last that is there"
          .formatted(before.place(), entry.lastNumber(), before.number());
    }
    if (!sameRun && !entry.isStart()) {
      return entry.place() + ": lines are missing before it";
    }
    boolean heldByNext = next != null && entry.hash().equals(next.previous());
    return heldByNext || next == null
        ? "%s: changed: line %d holds another hash of it".formatted(before.place(), entry.line())
        : entry.place() + ": changed";
  }
}
