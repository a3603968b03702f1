package org.smsjmx.registry;

import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A search filter with places for a user's name and DN.
 *
 * @param text as in RFC 4515, with {@code {user}} and {@code {dn}}
 */
record SearchFilter(String text) {

  static final String USER = "{user}";
  static final String DN = "{dn}";

  /** LDAP_MATCHING_RULE_IN_CHAIN (MS-ADTS, 3.1.1.3.4.4.3): also by other groups in between. */
  private static final String IN_CHAIN = ":1.2.840.113556.1.4.1941:";

  /** Finds the groups of Active Directory that hold a member. */
  static final SearchFilter MEMBER_IN_CHAIN = new SearchFilter("(member" + IN_CHAIN + "={dn})");

  private static final Pattern PLACE = Pattern.compile("\\{(user|dn)}");
  private static final Pattern COMPARED_DN = Pattern.compile("\\(([A-Za-z0-9.;-]+)=\\{dn}\\)");

  /**
   * What a filter compares with the user's name.
   *
   * @param attribute its name
   * @param value what it must be, with {@code {user}} for the name
   */
  record Compared(String attribute, String value) {}

  /**
   * Checks a filter.
   *
   * @param key of the setting, for the message
   * @param place what must stand in it
   * @throws IllegalArgumentException if it is none, or lacks the place
   */
  void require(String key, String place) {
    try {
      Filter.create(with("x", "x"));
    } catch (LDAPException e) {
      throw new IllegalArgumentException(key + ": " + e.getMessage(), e);
    }
    if (!text.contains(place)) {
      throw new IllegalArgumentException("%s must hold %s: %s".formatted(key, place, text));
    }
  }

  /** Returns the filter for a user; in one pass, so that a name may hold a place. */
  String with(String user, String dn) {
    return PLACE
        .matcher(text)
        .replaceAll(
            place ->
                Matcher.quoteReplacement(
                    Filter.encodeValue(place.group(1).equals("user") ? user : dn)));
  }

  /**
   * Returns the filter that also finds groups which hold the user's groups, where the directory has
   * the rule; null if this one does not compare an attribute with the DN.
   */
  @Nullable SearchFilter inChain() {
    Matcher compared = COMPARED_DN.matcher(text);
    return compared.find()
        ? new SearchFilter(compared.replaceAll("($1" + IN_CHAIN + "={dn})"))
        : null;
  }

  /** Returns what is compared with the user's name: first what must be the name itself. */
  List<Compared> compared() {
    List<Compared> compared = new ArrayList<>();
    try {
      addCompared(Filter.create(text), compared);
    } catch (LDAPException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
    compared.sort((one, other) -> Boolean.compare(isName(other), isName(one)));
    return compared;
  }

  private static boolean isName(Compared compared) {
    return compared.value.equals(USER);
  }

  private static void addCompared(Filter filter, List<Compared> compared) {
    for (Filter part : filter.getComponents()) {
      addCompared(part, compared);
    }
    String attribute = filter.getAttributeName();
    String value = filter.getAssertionValue();
    if (filter.getFilterType() == Filter.FILTER_TYPE_EQUALITY
        && attribute != null
        && value != null
        && value.contains(USER)) {
      compared.add(new Compared(attribute, value));
    }
  }
}
