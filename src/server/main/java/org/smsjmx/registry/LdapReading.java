package org.smsjmx.registry;

import com.unboundid.asn1.ASN1OctetString;
import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.LDAPSearchException;
import com.unboundid.ldap.sdk.LDAPURL;
import com.unboundid.ldap.sdk.RDN;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchResult;
import com.unboundid.ldap.sdk.SearchResultEntry;
import com.unboundid.ldap.sdk.SearchResultReference;
import com.unboundid.ldap.sdk.SearchScope;
import com.unboundid.ldap.sdk.controls.SimplePagedResultsControl;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.smsjmx.registry.SearchFilter.Compared;
import org.smsjmx.session.Credential;
import org.smsjmx.session.UserRegistry.NoCredentialException;
import org.smsjmx.session.UserRegistry.UnknownUserException;
import org.smsjmx.text.Showable;

/**
 * A reading of one user, on one connection: the cookies of pages belong to it. It is complete or
 * gives no credential: all ranges of all attributes, all pages, no referral to other directories.
 */
final class LdapReading {

  /** Below what Active Directory hands out at once (1,000). */
  private static final int PAGE = 500;

  private static final int MAXIMUM_GROUPS = 100_000;
  private static final int MAXIMUM_WALKED = 1_000;
  private static final int WALKED_AT_ONCE = 50;
  private static final int MAXIMUM_TIMEOUTS = 10;
  private static final int MAXIMUM_RULE_LENGTH = 200;
  private static final String ANY = "(objectClass=*)";

  /** Active Directory refers to these at every search of a domain; they hold no accounts. */
  private static final Set<String> PARTITIONS =
      Set.of("dc=domaindnszones", "dc=forestdnszones", "cn=configuration");

  /** How a directory says that it has no such matching rule (RFC 4511, A.2). */
  private static final Set<ResultCode> NO_SUCH_RULE =
      Set.of(
          ResultCode.INAPPROPRIATE_MATCHING,
          ResultCode.UNDEFINED_ATTRIBUTE_TYPE,
          ResultCode.INVALID_ATTRIBUTE_SYNTAX,
          ResultCode.UNWILLING_TO_PERFORM);

  private final LDAPConnection connection;
  private final Rules rules;
  private final LdapRegistry.Settings settings;
  private final DirectoryMapping mapping;
  private final String user;
  private final LongSupplier nanos;
  private final long beganAtNanos;

  LdapReading(LDAPConnection connection, Rules rules, String user, LongSupplier nanos) {
    this.nanos = nanos;
    this.beganAtNanos = nanos.getAsLong();
    this.connection = connection;
    this.rules = rules;
    this.settings = rules.settings;
    this.mapping = rules.mapping;
    this.user = user;
  }

  /**
   * What is the same for all readings.
   *
   * @param settings where the directory is
   * @param mapping how entries become credentials
   * @param userFilter finds a user
   * @param groupFilter finds the user's groups
   * @param compared what the user filter compares with the name
   * @param names attributes that name a user, the first first
   */
  record Rules(
      LdapRegistry.Settings settings,
      DirectoryMapping mapping,
      SearchFilter userFilter,
      SearchFilter groupFilter,
      List<Compared> compared,
      List<String> names) {

    static Rules of(LdapRegistry.Settings settings, DirectoryMapping mapping) {
      SearchFilter userFilter = new SearchFilter(settings.userFilter());
      List<Compared> compared = userFilter.compared();
      List<String> names =
          mapping.nameAttribute() == null
              ? compared.stream().map(Compared::attribute).toList()
              : List.of(mapping.nameAttribute());
      return new Rules(
          settings, mapping, userFilter, new SearchFilter(settings.groupFilter()), compared, names);
    }
  }

  /**
   * Reads the user.
   *
   * @param now tells which accounts have expired
   * @throws UnknownUserException if there is no such user
   * @throws NoCredentialException if the answer gives no credential
   * @throws LDAPException if the directory did not answer, or with an error
   */
  Credential read(Instant now) throws LDAPException {
    DirectoryEntry entry = entry();
    if (mapping.refuseDisabled()) {
      AccountState.of(entry).require(user, now);
    }
    String principal = DirectoryMapping.principal(entry, rules.names);
    if (principal == null && mapping.nameAttribute() != null) {
      throw none("the entry has no " + mapping.nameAttribute());
    }
    Collection<String> groups = groups(entry).values();
    return mapping.credential(principal == null ? user : principal, entry, groups);
  }

  private DirectoryEntry entry() throws LDAPException {
    List<String> asked = mapping.asked();
    asked.addAll(rules.names);
    rules.compared.forEach(one -> asked.add(one.attribute()));
    if (settings.memberOf() != null) {
      asked.add(settings.memberOf());
    }
    SearchRequest request =
        request(settings.baseDn(), SearchScope.SUB, rules.userFilter.with(user, ""), asked);
    request.setSizeLimit(2);
    List<SearchResultEntry> found;
    try {
      found = entries(request);
    } catch (LDAPSearchException e) {
      if (e.getResultCode().equals(ResultCode.SIZE_LIMIT_EXCEEDED)) {
        throw ambiguous();
      }
      throw e;
    }
    if (found.size() > 1) {
      throw ambiguous();
    }
    if (found.isEmpty()) {
      throw new UnknownUserException(user);
    }
    DirectoryEntry entry = whole(found.get(0));
    requireIsUsers(entry);
    return entry;
  }

  /**
   * Makes sure that the entry is that of the user. A directory may compare more loosely than
   * sessions do: some ignore accents, and sessions may not even ignore letter case.
   */
  private void requireIsUsers(DirectoryEntry entry) {
    List<Compared> compared = rules.compared;
    boolean shows = compared.isEmpty();
    for (Compared one : compared) {
      String wanted = mapping.userNames().form(one.value().replace(SearchFilter.USER, user));
      for (String value : entry.values(one.attribute())) {
        shows = true;
        if (mapping.userNames().form(value).equals(wanted)) {
          return;
        }
      }
    }
    if (!compared.isEmpty()) {
      if (!shows) {
        throw none("the directory does not show " + compared.get(0).attribute());
      }
      throw new UnknownUserException(user);
    }
  }

  private NoCredentialException ambiguous() {
    return new NoCredentialException(
        "%s: more than one entry is user %s".formatted(settings.url(), user));
  }

  private NoCredentialException none(String rule) {
    return new NoCredentialException(
        "%s: user %s: %s"
            .formatted(settings.url(), user, Showable.shown(rule, MAXIMUM_RULE_LENGTH)));
  }

  // groups

  /** Returns the names of the user's groups; one that the directory gives twice is one. */
  private Map<Dn, String> groups(DirectoryEntry entry) throws LDAPException {
    String dn = entry.dn().toString();
    Map<Dn, String> direct =
        settings.memberOf() == null
            ? found(rules.groupFilter.with(user, dn))
            : named(entry, settings.memberOf());
    if (!mapping.nestedGroups() || direct.isEmpty()) {
      return direct;
    }
    Map<Dn, String> chained = inChain(dn);
    // a directory without the rule finds nothing (RFC 4511, 4.5.1.7.7)
    return chained.keySet().containsAll(direct.keySet()) ? chained : walked(direct);
  }

  private Map<Dn, String> inChain(String dn) throws LDAPException {
    SearchFilter filter =
        settings.memberOf() == null ? rules.groupFilter.inChain() : SearchFilter.MEMBER_IN_CHAIN;
    try {
      return filter == null ? Map.of() : found(filter.with(user, dn));
    } catch (LDAPException e) {
      if (NO_SUCH_RULE.contains(e.getResultCode())) {
        return Map.of();
      }
      throw e;
    }
  }

  /** Returns groups, and those that hold them, and so on. */
  private Map<Dn, String> walked(Map<Dn, String> direct) throws LDAPException {
    Map<Dn, String> all = new HashMap<>(direct);
    Deque<Dn> toFollow = new ArrayDeque<>(direct.keySet());
    while (!toFollow.isEmpty()) {
      Map<Dn, String> holders =
          settings.memberOf() == null ? holders(toFollow) : holdersOf(toFollow.remove());
      holders.forEach(
          (group, name) -> {
            if (all.putIfAbsent(group, name) == null) {
              toFollow.add(group);
            }
          });
      if (all.size() > MAXIMUM_WALKED) {
        throw none("more than %d nested groups".formatted(MAXIMUM_WALKED));
      }
    }
    return all;
  }

  /** Returns the groups that hold one of some, which are followed with that. */
  private Map<Dn, String> holders(Deque<Dn> toFollow) throws LDAPException {
    StringBuilder filter = new StringBuilder("(|");
    for (int i = 0; i < WALKED_AT_ONCE && !toFollow.isEmpty(); i++) {
      filter.append(rules.groupFilter.with(user, toFollow.remove().toString()));
    }
    return found(filter.append(')').toString());
  }

  private Map<Dn, String> holdersOf(Dn group) throws LDAPException {
    String memberOf = Objects.requireNonNull(settings.memberOf());
    SearchRequest request = request(group.toString(), SearchScope.BASE, ANY, List.of(memberOf));
    try {
      List<SearchResultEntry> found = entries(request);
      return found.isEmpty() ? Map.of() : named(whole(found.get(0)), memberOf);
    } catch (LDAPException e) {
      if (e.getResultCode().equals(ResultCode.NO_SUCH_OBJECT)) {
        return Map.of(); // a group that is gone, and nothing holds it
      }
      throw e;
    }
  }

  /** Returns the groups that an attribute names. */
  private Map<Dn, String> named(DirectoryEntry entry, String attribute) {
    Map<Dn, String> groups = new HashMap<>();
    for (String value : entry.values(attribute)) {
      try {
        Dn group = Dn.of(value);
        groups.putIfAbsent(group, group.name(DirectoryMapping.GROUP));
      } catch (LDAPException e) {
        throw none("%s holds what is no group's name: %s".formatted(attribute, value));
      }
    }
    return groups;
  }

  /** Returns the groups that a search finds. */
  private Map<Dn, String> found(String filter) throws LDAPException {
    Map<Dn, String> groups = new HashMap<>();
    for (SearchResultEntry found : allPages(filter)) {
      DirectoryEntry group = whole(found);
      groups.put(group.dn(), group.nameBy(DirectoryMapping.GROUP));
    }
    return groups;
  }

  /**
   * Returns all that a search for groups finds, page by page (RFC 2696). A directory that has no
   * pages ignores them; one with a size limit below the page is asked for smaller ones.
   */
  private List<SearchResultEntry> allPages(String filter) throws LDAPException {
    try {
      return pages(filter, PAGE);
    } catch (LDAPSearchException e) {
      int limit = e.getEntryCount();
      if (e.getResultCode().equals(ResultCode.SIZE_LIMIT_EXCEEDED) && limit > 0 && limit < PAGE) {
        return pages(filter, limit);
      }
      throw e;
    }
  }

  private List<SearchResultEntry> pages(String filter, int size) throws LDAPException {
    List<SearchResultEntry> found = new ArrayList<>();
    ASN1OctetString cookie = null;
    SimplePagedResultsControl page;
    do {
      SearchRequest request =
          request(settings.baseDn(), SearchScope.SUB, filter, List.of(DirectoryMapping.GROUP));
      request.addControl(new SimplePagedResultsControl(size, cookie, false));
      SearchResult answer = answer(request);
      found.addAll(entries(answer));
      if (found.size() > MAXIMUM_GROUPS) {
        throw none("more than %d groups".formatted(MAXIMUM_GROUPS));
      }
      page = SimplePagedResultsControl.get(answer);
      cookie = page == null ? null : page.getCookie();
    } while (page != null && page.moreResultsToReturn());
    return found;
  }

  // answers

  /** Returns an entry with all values of all attributes. */
  private DirectoryEntry whole(SearchResultEntry found) throws LDAPException {
    Ranges ranges = new Ranges(description -> valuesOf(found.getDN(), description));
    try {
      return new DirectoryEntry(Dn.of(found.getDN()), ranges.whole(found.getAttributes()));
    } catch (IOException e) {
      throw none(String.valueOf(e.getMessage()));
    }
  }

  private Collection<Attribute> valuesOf(String dn, String description) throws LDAPException {
    SearchRequest request = request(dn, SearchScope.BASE, ANY, List.of(description));
    List<SearchResultEntry> found = entries(request);
    return found.isEmpty() ? List.of() : found.get(0).getAttributes();
  }

  private SearchRequest request(
      String base, SearchScope scope, String filter, List<String> attributes) throws LDAPException {
    return new SearchRequest(base, scope, filter, attributes.toArray(String[]::new));
  }

  private List<SearchResultEntry> entries(SearchRequest request) throws LDAPException {
    return entries(answer(request));
  }

  /** Returns the entries of an answer; without a listener it always has a list of them. */
  private static List<SearchResultEntry> entries(SearchResult answer) {
    return Objects.requireNonNull(answer.getSearchEntries());
  }

  /** Returns an answer, unless it tells of other directories that have more. */
  private SearchResult answer(SearchRequest request) throws LDAPException {
    long millis = settings.timeout().toMillis();
    long rest =
        MAXIMUM_TIMEOUTS * millis - TimeUnit.NANOSECONDS.toMillis(nanos.getAsLong() - beganAtNanos);
    if (rest <= 0) {
      throw none("the answers took more than %d times the timeout".formatted(MAXIMUM_TIMEOUTS));
    }
    request.setResponseTimeoutMillis(Math.min(millis, rest));
    SearchResult answer = connection.search(request);
    requireNoReferral(answer.getReferralURLs());
    for (SearchResultReference reference : Objects.requireNonNull(answer.getSearchReferences())) {
      requireNoReferral(reference.getReferralURLs());
    }
    return answer;
  }

  private void requireNoReferral(String[] urls) {
    if (urls.length > 0 && !settings.ignoreReferrals() && !isPartition(urls[0])) {
      throw none("the directory refers to %s for more".formatted(urls[0]));
    }
  }

  private static boolean isPartition(String url) {
    try {
      RDN first = new LDAPURL(url).getBaseDN().getRDN();
      return first != null && PARTITIONS.contains(first.toNormalizedString());
    } catch (LDAPException e) {
      return false;
    }
  }
}
