package org.smsjmx.registry;

import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.LDAPException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Values that a directory hands out in ranges, as Active Directory does beyond 1,500: {@code
 * member;range=0-1499}, and so on to {@code member;range=3000-*} (MS-ADTS, 3.1.1.3.1.3.3). An
 * attribute counts when all of its ranges are there.
 */
final class Ranges {

  private static final Pattern RANGE =
      Pattern.compile("(.*);range=(\\d{1,9})-(\\d{1,9}|\\*)(;.*|)", Pattern.CASE_INSENSITIVE);
  private static final Pattern SOME_RANGE =
      Pattern.compile(".*;range=.*", Pattern.CASE_INSENSITIVE);

  private final Source source;

  /** Begins; what is missing is asked for. */
  Ranges(Source source) {
    this.source = source;
  }

  /** Where further ranges come from. */
  interface Source {

    /**
     * Returns what the directory answers.
     *
     * @param description attribute with the range asked for, as {@code member;range=1500-*}
     */
    Collection<Attribute> ask(String description) throws LDAPException;
  }

  /**
   * Some values of an attribute.
   *
   * @param of the attribute with its other options
   * @param from number of the first
   * @param to number of the last; null = there are none behind these
   */
  private record Range(String of, int from, @Nullable Integer to, Attribute values) {

    static Range of(Attribute attribute) throws IOException {
      Matcher range = RANGE.matcher(attribute.getName());
      if (!range.matches()) {
        throw new IOException("%s: is no range of values".formatted(attribute.getName()));
      }
      return new Range(
          range.group(1) + range.group(4),
          Integer.parseInt(range.group(2)),
          range.group(3).equals("*") ? null : Integer.valueOf(range.group(3)),
          attribute);
    }

    boolean holds(int number) {
      return from <= number && (to == null || to >= number);
    }
  }

  /**
   * Returns the attributes with all values of each.
   *
   * @throws IOException if a range is missing; the message names the attribute
   */
  Collection<Attribute> whole(Collection<Attribute> attributes) throws LDAPException, IOException {
    List<Attribute> whole = new ArrayList<>();
    Map<String, List<Range>> parts = new LinkedHashMap<>();
    for (Attribute attribute : attributes) {
      if (isRange(attribute)) {
        Range range = Range.of(attribute);
        parts
            .computeIfAbsent(range.of.toLowerCase(Locale.ROOT), of -> new ArrayList<>())
            .add(range);
      } else {
        whole.add(attribute);
      }
    }
    for (List<Range> ranges : parts.values()) {
      addAll(ranges, whole);
    }
    return whole;
  }

  private static boolean isRange(Attribute attribute) {
    return SOME_RANGE.matcher(attribute.getName()).matches();
  }

  private void addAll(List<Range> ranges, List<Attribute> whole) throws LDAPException, IOException {
    String of = ranges.get(0).of;
    Integer last;
    int next = 0;
    do {
      Range range = holding(next, ranges);
      if (range == null) {
        range = holding(next, asked(of, next));
      }
      if (range == null) {
        throw new IOException("%s: the values from number %d on are missing".formatted(of, next));
      }
      whole.add(range.values);
      last = range.to;
      next = last == null ? 0 : last + 1;
    } while (last != null);
  }

  private List<Range> asked(String of, int next) throws LDAPException, IOException {
    List<Range> ranges = new ArrayList<>();
    for (Attribute attribute : source.ask("%s;range=%d-*".formatted(of, next))) {
      if (isRange(attribute)) {
        Range range = Range.of(attribute);
        if (range.of.equalsIgnoreCase(of)) {
          ranges.add(range);
        }
      }
    }
    return ranges;
  }

  private static @Nullable Range holding(int number, List<Range> ranges) {
    return ranges.stream().filter(range -> range.holds(number)).findFirst().orElse(null);
  }
}
