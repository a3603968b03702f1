package org.smsjmx.registry;

import com.unboundid.ldap.sdk.LDAPException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.smsjmx.files.WatchedFile;
import org.smsjmx.session.Credential;
import org.smsjmx.session.UserName;
import org.smsjmx.session.UserRegistry;

/**
 * Users and groups of an LDIF file. The file is read again when it has changed, so a credential is
 * always that of its present content. An entry with a {@code uid} is a user, known by each of its
 * values; a {@code groupOfNames} is a group, named by the {@code cn} in its DN, with the users
 * whose DN stands in {@code member}.
 */
public final class LdifRegistry implements UserRegistry {

  private final WatchedFile<Map<String, Credential>> users;

  /**
   * Reads the file.
   *
   * @param file LDIF
   * @param mapping which attributes become those of a credential
   * @throws IOException if the file cannot be read; the message names file, line and rule
   */
  public LdifRegistry(Path file, DirectoryMapping mapping) throws IOException {
    this.users = new WatchedFile<>(file, Duration.ZERO, changed -> parse(changed, mapping));
  }

  @Override
  public Credential read(String user) {
    Credential found = users.current().get(UserName.fold(user));
    if (found == null) {
      throw new UnknownUserException(user);
    }
    return found;
  }

  /** Returns the names of all users, in the order of the file. */
  public List<String> users() {
    return users.current().values().stream().map(Credential::principal).distinct().toList();
  }

  private static Map<String, Credential> parse(Path file, DirectoryMapping mapping)
      throws IOException {
    List<LdifFile.Entry> entries = LdifFile.read(file);
    Map<Dn, Set<String>> groups = new HashMap<>();
    for (LdifFile.Entry entry : entries) {
      if (entry.content().isA("groupOfNames")) {
        try {
          addGroup(entry.content(), groups);
        } catch (LDAPException e) {
          throw LdifFile.wrong(file, entry.line(), e.getMessage());
        }
      }
    }
    Map<String, Credential> users = new LinkedHashMap<>();
    for (LdifFile.Entry entry : entries) {
      DirectoryEntry content = entry.content();
      List<String> names = content.values(DirectoryMapping.USER);
      if (names.isEmpty()) {
        continue;
      }
      Set<String> memberOf = groups.getOrDefault(content.dn(), Set.of());
      Credential credential = mapping.credential(content, List.of(DirectoryMapping.USER), memberOf);
      for (String name : names) {
        String user = name.strip();
        try {
          UserName.require(user);
        } catch (IllegalArgumentException e) {
          throw LdifFile.wrong(
              file, entry.line(), "uid of %s: %s".formatted(content.dn(), e.getMessage()));
        }
        Credential former = users.put(UserName.fold(user), credential);
        if (former != null && !former.equals(credential)) {
          throw LdifFile.wrong(
              file, entry.line(), "two entries have the uid %s, ignoring case".formatted(user));
        }
      }
    }
    return users;
  }

  private static void addGroup(DirectoryEntry entry, Map<Dn, Set<String>> groups)
      throws LDAPException {
    String name = entry.nameBy(DirectoryMapping.GROUP);
    for (String member : entry.values("member")) {
      groups.computeIfAbsent(Dn.of(member), dn -> new HashSet<>()).add(name);
    }
  }
}
