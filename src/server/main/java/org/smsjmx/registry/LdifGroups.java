package org.smsjmx.registry;

import com.unboundid.ldap.sdk.LDAPException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.smsjmx.session.UserNames;
import org.smsjmx.text.Ascii;

/**
 * The groups of an LDIF file: entries of class {@code groupOfNames}, {@code groupOfUniqueNames} or
 * {@code posixGroup}, and what else has a {@code memberUid}. Their members are the DNs in {@code
 * member} and {@code uniqueMember}, and the users named in {@code memberUid}.
 */
final class LdifGroups {

  private static final List<String> CLASSES =
      List.of("groupOfNames", "groupOfUniqueNames", "posixGroup");

  /** Classes whose entries are groups of some kind, by what directories call theirs. */
  private static final Pattern GROUP_CLASS =
      Pattern.compile("group.*|.*group", Pattern.CASE_INSENSITIVE);

  /** RFC 4517, 3.3.21: a name may be followed by bits that tell apart who has had it. */
  private static final Pattern UNIQUE_BITS = Pattern.compile("#'[01]*'B$");

  private final Map<Dn, String> groups = new HashMap<>();
  private final Map<Dn, Set<Dn>> byMember = new HashMap<>();
  private final Map<String, Set<Dn>> byUser = new HashMap<>();

  /** How {@code memberUid} is compared: it names a user. */
  private final UserNames userNames;

  LdifGroups(UserNames userNames) {
    this.userNames = userNames;
  }

  /**
   * Adds an entry, if it is a group.
   *
   * @throws LDAPException if it has no name, or a member is no DN
   */
  void add(DirectoryEntry entry) throws LDAPException {
    if (!isGroup(entry)) {
      return;
    }
    groups.put(entry.dn(), entry.nameBy(DirectoryMapping.GROUP));
    for (String member : entry.values("member")) {
      byMember.computeIfAbsent(Dn.of(member), dn -> new HashSet<>()).add(entry.dn());
    }
    for (String member : entry.values("uniqueMember")) {
      Dn dn = Dn.of(UNIQUE_BITS.matcher(member).replaceFirst(""));
      byMember.computeIfAbsent(dn, key -> new HashSet<>()).add(entry.dn());
    }
    for (String user : entry.values("memberUid")) {
      byUser.computeIfAbsent(userNames.form(user), key -> new HashSet<>()).add(entry.dn());
    }
  }

  private static boolean isGroup(DirectoryEntry entry) {
    return CLASSES.stream().anyMatch(entry::isA) || !entry.values("memberUid").isEmpty();
  }

  /**
   * Returns the classes of an entry that seems to be a group and is none here, or has members that
   * only a search finds.
   */
  static List<String> unread(DirectoryEntry entry) {
    boolean hasMembers =
        !entry.values("member").isEmpty() || !entry.values("uniqueMember").isEmpty();
    if (isGroup(entry) && entry.values("memberURL").isEmpty()) {
      return List.of();
    }
    return entry.values("objectClass").stream()
        .map(String::strip)
        .filter(name -> hasMembers || GROUP_CLASS.matcher(name).matches())
        .filter(name -> !Ascii.equalsIgnoringCase(name, "top"))
        .filter(name -> CLASSES.stream().noneMatch(c -> Ascii.equalsIgnoringCase(c, name)))
        .toList();
  }

  /**
   * Returns the names of a user's groups.
   *
   * @param user the user's entry
   * @param names by which {@code memberUid} may name the user
   * @param nested whether a member of a group is one of the groups that hold it, too
   */
  Collection<String> of(DirectoryEntry user, List<String> names, boolean nested) {
    Set<Dn> found = new HashSet<>(byMember.getOrDefault(user.dn(), Set.of()));
    names.forEach(name -> found.addAll(byUser.getOrDefault(userNames.form(name), Set.of())));
    Deque<Dn> toFollow = new ArrayDeque<>(nested ? found : Set.of());
    while (!toFollow.isEmpty()) {
      for (Dn holder : byMember.getOrDefault(toFollow.remove(), Set.of())) {
        if (found.add(holder)) {
          toFollow.add(holder);
        }
      }
    }
    return found.stream().map(groups::get).toList();
  }
}
