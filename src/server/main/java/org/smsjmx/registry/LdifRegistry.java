package org.smsjmx.registry;

import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldif.LDIFException;
import com.unboundid.ldif.LDIFReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.smsjmx.files.Unreadable;
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

  private static final int MAXIMUM_RULE_LENGTH = 500;

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
    Map<Dn, Person> people = new LinkedHashMap<>();
    Map<Dn, Set<String>> groups = new HashMap<>();
    try (LdifLines lines = new LdifLines(file);
        LDIFReader reader = new LDIFReader(lines)) {
      try {
        for (Entry read = reader.readEntry(); read != null; read = reader.readEntry()) {
          DirectoryEntry entry = new DirectoryEntry(Dn.of(read.getDN()), read.getAttributes());
          if (!entry.values(DirectoryMapping.USER).isEmpty()) {
            Person former = people.put(entry.dn(), new Person(entry, lines.entryLine()));
            if (former != null) {
              throw new IOException("%s stands twice".formatted(entry.dn()));
            }
          } else if (entry.isA("groupOfNames")) {
            addGroup(entry, groups);
          }
        }
      } catch (LDIFException e) {
        throw wrong(file, (int) Math.max(1, e.getLineNumber()), e);
      } catch (LDAPException e) {
        throw wrong(file, lines.entryLine(), e);
      } catch (CharacterCodingException e) {
        throw wrong(file, lines.getLineNumber() + 1, "is not UTF-8, here or further down", e);
      } catch (IOException e) {
        throw wrong(file, lines.getLineNumber(), e);
      }
    } catch (FileSystemException e) {
      throw new IOException(Unreadable.reason(file), e);
    }
    Map<String, Credential> users = new LinkedHashMap<>();
    for (Map.Entry<Dn, Person> person : people.entrySet()) {
      int line = person.getValue().line();
      Set<String> memberOf = groups.getOrDefault(person.getKey(), Set.of());
      DirectoryEntry entry = person.getValue().entry();
      List<String> names = entry.values(DirectoryMapping.USER);
      Credential credential = mapping.credential(entry, List.of(DirectoryMapping.USER), memberOf);
      for (String name : names) {
        String user = name.strip();
        try {
          UserName.require(user);
        } catch (IllegalArgumentException e) {
          throw wrong(file, line, "uid of %s: %s".formatted(person.getKey(), e.getMessage()), e);
        }
        Credential former = users.put(UserName.fold(user), credential);
        if (former != null && !former.equals(credential)) {
          throw wrong(
              file, line, "two entries have the uid %s, ignoring case".formatted(user), null);
        }
      }
    }
    return users;
  }

  private static IOException wrong(Path file, int line, Exception cause) {
    return wrong(file, line, String.valueOf(cause.getMessage()), cause);
  }

  private static IOException wrong(Path file, int line, String rule, @Nullable Exception cause) {
    return new IOException(
        "%s:%d: %s".formatted(file, line, UserName.shown(rule, MAXIMUM_RULE_LENGTH)), cause);
  }

  /** An entry with a uid, and the line in which it begins. */
  private record Person(DirectoryEntry entry, int line) {}

  private static void addGroup(DirectoryEntry entry, Map<Dn, Set<String>> groups)
      throws LDAPException {
    String name = entry.nameBy(DirectoryMapping.GROUP);
    for (String member : entry.values("member")) {
      groups.computeIfAbsent(Dn.of(member), dn -> new HashSet<>()).add(name);
    }
  }
}
