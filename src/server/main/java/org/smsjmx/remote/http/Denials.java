package org.smsjmx.remote.http;

import java.util.ArrayList;
import java.util.List;
import javax.management.ObjectName;
import org.smsjmx.text.Wildcard;

/**
 * What {@code <deny>} names in a policy: it is denied whatever else allows it. Jolokia asks one
 * {@code <mbean>} alone where several match, and none where {@code <commands>} lacks the command.
 */
final class Denials {

  private final List<Rule> rules = new ArrayList<>();

  /** What is done with a member of an MBean. */
  enum Use {
    READ,
    WRITE,
    CALL
  }

  private record Rule(ObjectName mbeans, Use use, Wildcard members) {
    boolean matches(Use asked, ObjectName mbean, String member) {
      return use == asked && mbeans.apply(mbean) && members.matches(member);
    }
  }

  /**
   * Adds a denial.
   *
   * @param mbeans a name, or a pattern of names
   * @param members name of attributes or operations, in which a star stands for any characters
   */
  void add(ObjectName mbeans, Use use, String members) {
    rules.add(new Rule(mbeans, use, new Wildcard(members)));
  }

  boolean deny(Use use, ObjectName mbean, String member) {
    return rules.stream().anyMatch(rule -> rule.matches(use, mbean, member));
  }
}
