package org.smsjmx.registry;

import com.unboundid.asn1.ASN1OctetString;
import com.unboundid.ldap.listener.interceptor.InMemoryInterceptedSearchEntry;
import com.unboundid.ldap.listener.interceptor.InMemoryInterceptedSearchRequest;
import com.unboundid.ldap.listener.interceptor.InMemoryInterceptedSearchResult;
import com.unboundid.ldap.listener.interceptor.InMemoryOperationInterceptor;
import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.Control;
import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.LDAPResult;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchResultReference;
import com.unboundid.ldap.sdk.SearchScope;
import com.unboundid.ldap.sdk.controls.SimplePagedResultsControl;
import com.unboundid.util.LDAPSDKException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Answers as Active Directory does: in ranges of values, in small pages, with the rule in chain,
 * and with referrals where some are set.
 */
final class ActiveDirectory extends InMemoryOperationInterceptor {

  static final int RANGE = 3;
  static final int PAGE = 2;

  private static final Pattern RANGE_OPTION =
      Pattern.compile("(.+);range=(\\d+)-(\\d+|\\*)", Pattern.CASE_INSENSITIVE);
  private static final String IN_CHAIN = "1.2.840.113556.1.4.1941";

  private final AtomicInteger searches = new AtomicInteger();
  private TestDirectory directory;
  private volatile boolean knowsChain = true;
  private volatile int lastRange = Integer.MAX_VALUE;
  private volatile boolean standsStill;
  private volatile boolean endless;
  private volatile String[] references = {};
  private volatile LDAPException failure;

  /** Opens one, without entries. */
  TestDirectory open() throws LDAPSDKException {
    directory = TestDirectory.options().anySchema().intercept(this).open();
    return directory;
  }

  /** Finds nothing by the rule in chain, as directories without it. */
  void forgetChain() {
    knowsChain = false;
  }

  /** Answers no range behind so many values. */
  void loseRangesBehind(int values) {
    lastRange = values;
  }

  /** Answers each range with the first one. */
  void standStill() {
    standsStill = true;
  }

  /** Refers to others at each search of a subtree. */
  void referTo(String... urls) {
    references = urls;
  }

  /** Fails at each search for groups. */
  void failGroups(LDAPException with) {
    failure = with;
  }

  /** Says at the end of each page that there is another. */
  void neverEnd() {
    endless = true;
  }

  int searches() {
    return searches.get();
  }

  @Override
  public void processSearchRequest(InMemoryInterceptedSearchRequest intercepted)
      throws LDAPException {
    searches.incrementAndGet();
    SearchRequest request = intercepted.getRequest().duplicate();
    if (failure != null && request.getFilter().toString().contains("member")) {
      throw failure;
    }
    if (request.getScope() == SearchScope.SUB) {
      for (String url : references) {
        intercepted.sendSearchReference(
            new SearchResultReference(new String[] {url}, new Control[0]));
      }
    }
    Control page = request.getControl(SimplePagedResultsControl.PAGED_RESULTS_OID);
    if (page != null && endless) {
      request.removeControl(page);
      intercepted.setProperty("endless", true);
    } else if (page != null) {
      SimplePagedResultsControl asked =
          new SimplePagedResultsControl(page.getOID(), page.isCritical(), page.getValue());
      request.replaceControl(
          new SimplePagedResultsControl(Math.min(PAGE, asked.getSize()), asked.getCookie()));
    }
    request.setFilter(withoutChain(request.getFilter()));
    intercepted.setProperty("asked", request.getAttributeList());
    request.setAttributes(
        request.getAttributeList().stream()
            .map(name -> RANGE_OPTION.matcher(name).replaceFirst("$1"))
            .toArray(String[]::new));
    intercepted.setRequest(request);
  }

  private Filter withoutChain(Filter filter) throws LDAPException {
    List<Filter> parts = new ArrayList<>();
    for (Filter part : filter.getComponents()) {
      parts.add(withoutChain(part));
    }
    return switch (filter.getFilterType()) {
      case Filter.FILTER_TYPE_AND -> Filter.createANDFilter(parts);
      case Filter.FILTER_TYPE_OR -> Filter.createORFilter(parts);
      case Filter.FILTER_TYPE_EXTENSIBLE_MATCH -> chained(filter);
      default -> filter;
    };
  }

  private Filter chained(Filter filter) throws LDAPException {
    if (!IN_CHAIN.equals(filter.getMatchingRuleID())) {
      throw new LDAPException(ResultCode.INAPPROPRIATE_MATCHING);
    }
    Set<String> holders = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    if (knowsChain) {
      addHolders(filter.getAttributeName(), filter.getAssertionValue(), holders);
    }
    return Filter.createORFilter(
        holders.stream().map(dn -> Filter.createEqualityFilter("entryDN", dn)).toList());
  }

  private void addHolders(String attribute, String member, Set<String> holders)
      throws LDAPException {
    try {
      for (String holder :
          directory.find(Filter.createEqualityFilter(attribute, member).toString())) {
        if (holders.add(holder)) {
          addHolders(attribute, holder, holders);
        }
      }
    } catch (LDAPSDKException e) {
      throw new LDAPException(ResultCode.OTHER, e.getMessage(), e);
    }
  }

  @Override
  public void processSearchEntry(InMemoryInterceptedSearchEntry intercepted) {
    List<?> asked = (List<?>) intercepted.getProperty("asked");
    Entry entry = new Entry(intercepted.getSearchEntry().getDN());
    for (Attribute attribute : intercepted.getSearchEntry().getAttributes()) {
      int from = from(attribute.getName(), asked);
      String[] values = attribute.getValues();
      if (from == 0 && values.length <= RANGE) {
        entry.addAttribute(attribute);
      } else if (from < Math.min(values.length, lastRange)) {
        addRange(attribute.getName(), values, standsStill ? 0 : from, entry);
      }
    }
    intercepted.setSearchEntry(entry);
  }

  @Override
  public void processSearchResult(InMemoryInterceptedSearchResult intercepted) {
    if (intercepted.getProperty("endless") != null) {
      intercepted.setResult(
          new LDAPResult(
              intercepted.getMessageID(),
              ResultCode.SUCCESS,
              null,
              null,
              null,
              new Control[] {new SimplePagedResultsControl(1, new ASN1OctetString("more"))}));
    }
  }

  private static void addRange(String name, String[] values, int from, Entry entry) {
    int to = Math.min(from + RANGE, values.length);
    entry.addAttribute(
        "%s;range=%d-%s".formatted(name, from, to == values.length ? "*" : to - 1),
        Arrays.copyOfRange(values, from, to));
  }

  private static int from(String name, List<?> asked) {
    for (Object one : asked) {
      Matcher range = RANGE_OPTION.matcher((String) one);
      if (range.matches() && range.group(1).equalsIgnoreCase(name)) {
        return Integer.parseInt(range.group(2));
      }
    }
    return 0;
  }
}
