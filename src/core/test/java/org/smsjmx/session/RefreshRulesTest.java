package org.smsjmx.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.smsjmx.session.RefreshRules.Rule;

final class RefreshRulesTest {

  private static final List<String> NONE = List.of();
  private static final List<String> OLD = List.of("old");
  private static final List<String> NEW = List.of("new");

  private static Credential credential(Map<String, List<String>> attributes) {
    return new Credential("dlucas", List.of("employees"), attributes);
  }

  private static Map<String, List<String>> attribute(String name, List<String> values) {
    return values.isEmpty() ? Map.of() : Map.of(name, values);
  }

  private static RefreshRules rules(Rule... rules) {
    return new RefreshRules(List.of(rules));
  }

  private static Rule preserve(String attribute) {
    return new Rule(attribute, true);
  }

  private static Rule refresh(String attribute) {
    return new Rule(attribute, false);
  }

  /** Values before, values in the registry, values after a refresh, and how the report has it. */
  static Stream<Arguments> fates() {
    List<String> two = List.of("a", "b");
    List<String> three = List.of("a", "b", "c");
    return Stream.of(
        arguments("refresh", OLD, NONE, NONE, "removed"),
        arguments("refresh", NONE, NEW, NEW, "added"),
        arguments("refresh", OLD, NEW, NEW, "replaced"),
        arguments("refresh", OLD, OLD, OLD, "equal"),
        arguments("refresh", two, three, three, "replaced"),
        arguments("refresh", three, two, two, "replaced"),
        arguments("refresh", two, two, two, "equal"),
        arguments("refresh", three, NONE, NONE, "removed"),
        arguments("refresh", NONE, three, three, "added"),
        arguments("preserve", OLD, NONE, OLD, "preserved"),
        arguments("preserve", NONE, NEW, NONE, "preserved"),
        arguments("preserve", OLD, NEW, OLD, "preserved"),
        arguments("preserve", OLD, OLD, OLD, "equal"),
        arguments("preserve", two, three, two, "preserved"),
        arguments("preserve", three, NONE, three, "preserved"),
        arguments("preserve", NONE, three, NONE, "preserved"));
  }

  @ParameterizedTest
  @MethodSource("fates")
  void aRuleDecidesWhatBecomesOfAnAttribute(
      String rule, List<String> before, List<String> offered, List<String> after, String report) {
    Credential old = credential(attribute("level", before));
    Credential fresh = credential(attribute("level", offered));
    RefreshRules rules = rules(rule.equals("preserve") ? preserve("level") : refresh("level"));

    assertThat(rules.refresh(old, fresh).credential())
        .isEqualTo(credential(attribute("level", after)));
    assertThat(rules.refresh(old, fresh).change()).isEqualTo(change(report, "level"));
    assertThat(rules.refresh(old, fresh).change().changes()).isEqualTo(!before.equals(after));
  }

  private static CredentialChange change(String kind, String name) {
    return new CredentialChange(
        NONE,
        NONE,
        kind.equals("added") ? List.of(name) : NONE,
        kind.equals("removed") ? List.of(name) : NONE,
        kind.equals("replaced") ? List.of(name) : NONE,
        kind.equals("preserved") ? List.of(name) : NONE);
  }

  private static boolean preserves(RefreshRules rules, String attribute) {
    Credential kept =
        rules
            .refresh(credential(attribute(attribute, OLD)), credential(attribute(attribute, NEW)))
            .credential();
    return kept.attributes().get(attribute).equals(OLD);
  }

  @ParameterizedTest
  @CsvSource({
    "authentication_level, true",
    "AUTHENTICATION_LEVEL, true",
    "authentication_level2, false",
    "my_authentication_level, false",
    "tagvalue_, true",
    "tagvalue_department, true",
    "TagValue_Department, true",
    "tagvalue, false",
    "x_tagvalue_y, false",
    "mail, false"
  })
  void byDefaultAuthenticationLevelAndTagValuesArePreserved(String attribute, boolean preserved) {
    assertThat(preserves(RefreshRules.DEFAULT, attribute)).isEqualTo(preserved);
  }

  @Test
  void withoutRulesEverythingIsRefreshed() {
    assertThat(preserves(rules(), "authentication_level")).isFalse();
  }

  @Test
  void theFirstRuleThatMatchesDecides() {
    RefreshRules exceptionFirst = rules(refresh("tagvalue_mail"), preserve("tagvalue_*"));
    assertThat(preserves(exceptionFirst, "tagvalue_mail")).isFalse();
    assertThat(preserves(exceptionFirst, "tagvalue_phone")).isTrue();

    RefreshRules exceptionLast = rules(preserve("tagvalue_*"), refresh("tagvalue_mail"));
    assertThat(preserves(exceptionLast, "tagvalue_mail")).isTrue();

    assertThat(preserves(rules(preserve("a"), refresh("a")), "a")).isTrue();
    assertThat(preserves(rules(refresh("A"), preserve("a")), "a")).isFalse();
    assertThat(preserves(rules(refresh("b"), preserve("*")), "a")).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "*, anything, true",
    "*, a*b, true",
    "**, anything, true",
    "a*, a, true",
    "a*, ba, false",
    "*a, ba, true",
    "*a, ab, false",
    "*a*, bab, true",
    "*a*, bbb, false",
    "a*a, a, false",
    "a*a, aa, true",
    "a*b*c, a1b2c, true",
    "a*b*c, a1c2b, false",
    "ab*ba, aba, false",
    "a.c, abc, false",
    "TAG*, tagvalue, true",
    "tag*, TAGVALUE, true",
    "ÄRA*, ära_1, true"
  })
  void aStarStandsForAnyTextAndLetterCaseIsIgnored(
      String pattern, String attribute, boolean matches) {
    assertThat(preserves(rules(preserve(pattern)), attribute)).isEqualTo(matches);
  }

  @Test
  void anAttributeIsTheSameInAnyLetterCase() {
    Credential old = credential(Map.of("Mail", OLD, "Authentication_Level", OLD));
    Credential fresh = credential(Map.of("mail", NEW, "AUTHENTICATION_LEVEL", NEW));

    assertThat(RefreshRules.DEFAULT.refresh(old, fresh).credential().attributes())
        .isEqualTo(Map.of("mail", NEW, "AUTHENTICATION_LEVEL", OLD));
    assertThat(RefreshRules.DEFAULT.refresh(old, fresh).change())
        .isEqualTo(
            new CredentialChange(
                NONE, NONE, NONE, NONE, List.of("mail"), List.of("AUTHENTICATION_LEVEL")));
  }

  @Test
  void principalAndGroupsAreTheNewOnesWhateverTheRules() {
    Credential old = new Credential("dlucas", List.of("trainees", "employees"), Map.of());
    Credential fresh = new Credential("DLucas", List.of("employees", "managers"), Map.of());
    RefreshRules rules = rules(preserve("*"));

    assertThat(rules.refresh(old, fresh).credential()).isEqualTo(fresh);
    assertThat(rules.refresh(old, fresh).change())
        .isEqualTo(
            new CredentialChange(List.of("managers"), List.of("trainees"), NONE, NONE, NONE, NONE));
  }

  @Test
  void otherOrderOfTheSameGroupsIsNoChange() {
    Credential old = new Credential("dlucas", List.of("a", "b"), Map.of());
    Credential fresh = new Credential("dlucas", List.of("b", "a"), Map.of());

    assertThat(rules().refresh(old, fresh).change()).isEqualTo(CredentialChange.NONE);
  }

  @Test
  void namesInTheReportAreSorted() {
    Credential old = new Credential("dlucas", List.of("z", "y"), Map.of());
    Credential fresh =
        new Credential("dlucas", List.of("c", "a", "b"), Map.of("q", NEW, "p", NEW, "R", NEW));

    assertThat(rules().refresh(old, fresh).change())
        .isEqualTo(
            new CredentialChange(
                List.of("a", "b", "c"),
                List.of("y", "z"),
                List.of("p", "q", "R"),
                NONE,
                NONE,
                NONE));
  }

  @Test
  void whatNothingIsKeptOfIsTheRegistrysCredentialItself() {
    Credential fresh = credential(Map.of("mail", NEW, "authentication_level", OLD));

    assertThat(
            RefreshRules.DEFAULT
                .refresh(credential(Map.of("mail", OLD, "authentication_level", OLD)), fresh)
                .credential())
        .isSameAs(fresh);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\t"})
  void aRuleForNothingIsRefused(String attribute) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> preserve(attribute))
        .withMessage("attribute must not be blank");
  }

  @Test
  void theReportIsWhatReallyHappensForAnyRulesAndCredentials() {
    LongStream.range(0, 2_000).forEach(RefreshRulesTest::assertReportIsTrue);
  }

  private static void assertReportIsTrue(long seed) {
    Random random = new Random(seed);
    RefreshRules rules = randomRules(random);
    Credential old = randomCredential(random);
    Credential fresh = randomCredential(random);

    RefreshRules.Refreshed refreshed = rules.refresh(old, fresh);
    Credential after = refreshed.credential();
    CredentialChange change = refreshed.change();

    Map<String, List<String>> was = ignoringCase(old);
    Map<String, List<String>> offered = ignoringCase(fresh);
    Map<String, List<String>> is = ignoringCase(after);
    Set<String> added = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    Set<String> removed = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    Set<String> replaced = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    Set<String> preserved = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    Set<String> all = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    Stream.of(was, offered, is).forEach(map -> all.addAll(map.keySet()));
    for (String name : all) {
      List<String> before = was.get(name);
      List<String> now = is.get(name);
      if (before == null ? now != null : !before.equals(now)) {
        (before == null ? added : now == null ? removed : replaced).add(name);
        assertThat(now)
            .as("seed %d: what changes is the registry's", seed)
            .isEqualTo(offered.get(name));
      } else if (before == null ? offered.containsKey(name) : !before.equals(offered.get(name))) {
        preserved.add(name);
      }
    }
    assertThat(change)
        .as("seed %d", seed)
        .usingRecursiveComparison()
        .isEqualTo(
            new CredentialChange(
                minus(after.groups(), old.groups()),
                minus(old.groups(), after.groups()),
                named(added, offered),
                named(removed, was),
                named(replaced, offered),
                named(preserved, offered)));
    assertThat(after.principal()).isEqualTo(fresh.principal());
    assertThat(after.groups()).isEqualTo(fresh.groups());
    assertThat(change.changes())
        .as("seed %d: changes", seed)
        .isEqualTo(!was.equals(is) || !Set.copyOf(old.groups()).equals(Set.copyOf(after.groups())));
    assertThat(rules.refresh(after, fresh).change().changes())
        .as("seed %d: the same refresh again changes nothing", seed)
        .isFalse();
  }

  private static Map<String, List<String>> ignoringCase(Credential credential) {
    Map<String, List<String>> attributes = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    attributes.putAll(credential.attributes());
    assertThat(attributes).hasSameSizeAs(credential.attributes());
    return attributes;
  }

  /** Returns the names as the registry spells them, else as the session did. */
  private static List<String> named(Set<String> names, Map<String, List<String>> spelling) {
    return names.stream()
        .map(
            name ->
                spelling.keySet().stream().filter(name::equalsIgnoreCase).findFirst().orElse(name))
        .toList();
  }

  private static List<String> minus(List<String> some, List<String> others) {
    Set<String> left = new TreeSet<>(some);
    others.forEach(left::remove);
    return List.copyOf(left);
  }

  private static final List<String> NAMES = List.of("cn", "mail", "tag_a", "tag_b", "level");

  private static RefreshRules randomRules(Random random) {
    List<String> patterns = List.of("*", "tag_*", "*a*", "MAIL", "level", "nothing", "*l");
    List<Rule> rules = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      rules.add(new Rule(patterns.get(random.nextInt(patterns.size())), random.nextBoolean()));
    }
    return new RefreshRules(rules);
  }

  private static Credential randomCredential(Random random) {
    Map<String, List<String>> attributes = new TreeMap<>();
    for (String name : NAMES) {
      if (random.nextInt(3) > 0) {
        String spelling = random.nextInt(4) == 0 ? name.toUpperCase() : name;
        attributes.put(spelling, random(random, 1 + random.nextInt(2), "v", 3));
      }
    }
    return new Credential("dlucas", random(random, random.nextInt(4), "group", 5), attributes);
  }

  private static List<String> random(Random random, int count, String prefix, int kinds) {
    return random.ints(count, 0, kinds).distinct().mapToObj(i -> prefix + i).toList();
  }
}
