package org.smsjmx.registry;

import com.unboundid.ldap.sdk.LDAPException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.smsjmx.files.WatchedFile;
import org.smsjmx.session.Credential;
import org.smsjmx.session.UserRegistry;
import org.smsjmx.text.Ascii;
import org.smsjmx.text.Showable;
import org.smsjmx.text.StringPreparation;

/**
 * Users and groups of an LDIF file. The file is read again when it has changed, so a credential is
 * always that of its present content. An entry with a {@code uid}, or what names users instead, is
 * a user, known by each of its values; which entries are groups {@link LdifGroups} says.
 */
public final class LdifRegistry implements UserRegistry {

  private static final int MAXIMUM_CLASS_LENGTH = 100;
  private static final int MAXIMUM_DN_LENGTH = 200;

  private static final Logger LOG = LoggerFactory.getLogger(LdifRegistry.class);

  private final DirectoryMapping mapping;
  private final String nameAttribute;
  private final InstantSource clock;
  private final WatchedFile<Map<String, User>> users;

  /** Classes that were named in a warning, once for all; parsing is one thread's at a time. */
  private final Set<String> named = new TreeSet<>(Ascii.IGNORING_CASE);

  /** What the file says of a user; the account's state if it matters. */
  private record User(Credential credential, @Nullable AccountState account) {}

  /**
   * Reads the file.
   *
   * @param file LDIF
   * @param mapping how entries become credentials
   * @param clock tells which accounts have expired
   * @throws IOException if the file cannot be read; the message names file, line and rule
   */
  public LdifRegistry(Path file, DirectoryMapping mapping, InstantSource clock) throws IOException {
    this.mapping = mapping;
    this.nameAttribute = Objects.requireNonNullElse(mapping.nameAttribute(), DirectoryMapping.USER);
    this.clock = clock;
    this.users = new WatchedFile<>(file, Duration.ZERO, this::parse);
  }

  @Override
  public Credential read(String user) {
    User found = users.current().get(mapping.userNames().form(user));
    if (found == null) {
      throw new UnknownUserException(user);
    }
    if (found.account != null) {
      found.account.require(user, clock.instant());
    }
    return found.credential;
  }

  @Override
  public @Nullable Stale stale() {
    users.current();
    WatchedFile.Failure failure = users.failure();
    return failure == null ? null : new Stale(failure.since(), failure.lasting(), failure.reason());
  }

  /** Returns all names of all users. */
  public Collection<String> names() {
    return Collections.unmodifiableCollection(users.current().keySet());
  }

  /** Returns the names of all users, in the order of the file; one that has several counts once. */
  public List<String> users() {
    return users.current().values().stream()
        .map(user -> user.credential.principal())
        .distinct()
        .toList();
  }

  private Map<String, User> parse(Path file) throws IOException {
    List<LdifFile.Entry> entries = LdifFile.read(file);
    LdifGroups groups = new LdifGroups(mapping.userNames());
    for (LdifFile.Entry entry : entries) {
      try {
        groups.add(entry.content());
      } catch (LDAPException e) {
        throw LdifFile.wrong(file, entry.line(), e.getMessage());
      }
      warnOfUnreadGroups(file, entry);
    }
    Map<String, User> read = new LinkedHashMap<>();
    for (LdifFile.Entry entry : entries) {
      List<String> names =
          entry.content().values(nameAttribute).stream().map(String::strip).toList();
      if (!names.isEmpty()) {
        add(file, entry, names, groups, read);
      }
    }
    return read;
  }

  private void add(
      Path file,
      LdifFile.Entry entry,
      List<String> names,
      LdifGroups groups,
      Map<String, User> read)
      throws IOException {
    DirectoryEntry content = entry.content();
    Map<String, String> byKey = new LinkedHashMap<>();
    for (String name : names) {
      String key = key(file, entry, name);
      if (key != null) {
        byKey.putIfAbsent(key, name);
      }
    }
    if (byKey.isEmpty()) {
      return;
    }
    String inEntry =
        Objects.requireNonNull(DirectoryMapping.principal(content, List.of(nameAttribute)));
    String principal =
        byKey.containsKey(mapping.userNames().form(inEntry))
            ? inEntry
            : byKey.values().iterator().next();
    Collection<String> memberOf = groups.of(content, names, mapping.nestedGroups());
    User user =
        new User(
            mapping.credential(principal, content, memberOf),
            mapping.refuseDisabled() ? AccountState.of(content) : null);
    for (Map.Entry<String, String> name : byKey.entrySet()) {
      if (read.put(name.getKey(), user) != null) {
        throw LdifFile.wrong(
            file,
            entry.line(),
            "two entries have the %s %s, as user names are compared"
                .formatted(nameAttribute, name.getValue()));
      }
    }
  }

  /**
   * Returns the form under which a name is compared; null, with a warning, if directories compare
   * no such name.
   */
  private @Nullable String key(Path file, LdifFile.Entry entry, String name) throws IOException {
    Dn dn = entry.content().dn();
    try {
      return mapping.userNames().key(name);
    } catch (StringPreparation.ProhibitedException e) {
      LOG.warn(
          "{}:{}: a {} of {} names nobody: {}",
          file,
          entry.line(),
          nameAttribute,
          Showable.shown(dn.toString(), MAXIMUM_DN_LENGTH),
          e.getMessage());
      return null;
    } catch (IllegalArgumentException e) {
      throw LdifFile.wrong(
          file, entry.line(), "%s of %s: %s".formatted(nameAttribute, dn, e.getMessage()));
    }
  }

  private void warnOfUnreadGroups(Path file, LdifFile.Entry entry) {
    for (String objectClass : LdifGroups.unread(entry.content())) {
      if (named.add(objectClass)) {
        LOG.warn(
            "{}:{}: {} is not read as a group; read are groupOfNames, groupOfUniqueNames,"
                + " posixGroup, and what has a memberUid",
            file,
            entry.line(),
            Showable.shown(objectClass, MAXIMUM_CLASS_LENGTH));
      }
    }
  }
}
