package org.smsjmx.registry;

import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldif.LDIFException;
import com.unboundid.ldif.LDIFReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.smsjmx.files.Unreadable;
import org.smsjmx.files.WatchedFile;
import org.smsjmx.session.Credential;
import org.smsjmx.session.UserName;
import org.smsjmx.session.UserRegistry;

/**
 * Users and groups of an LDIF file. The file is read again when it has changed, so a credential is
 * always that of its present content. An entry with a {@code uid} is a user; a {@code groupOfNames}
 * is a group, named by its {@code cn}, with the users whose DN stands in {@code member}.
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
    return users.current().values().stream().map(Credential::principal).toList();
  }

  private static Map<String, Credential> parse(Path file, DirectoryMapping mapping)
      throws IOException {
    Map<DN, Person> people = new LinkedHashMap<>();
    Map<DN, List<String>> groups = new HashMap<>();
    try (LdifLines lines = new LdifLines(file);
        LDIFReader reader = new LDIFReader(lines)) {
      try {
        for (Entry entry = reader.readEntry(); entry != null; entry = reader.readEntry()) {
          if (entry.hasAttribute(DirectoryMapping.USER)) {
            Person former = people.put(entry.getParsedDN(), new Person(entry, lines.entryLine()));
            if (former != null) {
              throw new IOException("%s stands twice".formatted(entry.getDN()));
            }
          } else if (entry.hasObjectClass("groupOfNames")) {
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
    for (Map.Entry<DN, Person> person : people.entrySet()) {
      int line = person.getValue().line();
      List<String> memberOf = groups.getOrDefault(person.getKey(), List.of());
      Credential credential = mapping.credential(person.getValue().entry(), memberOf);
      String user = credential.principal();
      try {
        UserName.require(user);
      } catch (IllegalArgumentException e) {
        throw wrong(file, line, "uid of %s: %s".formatted(person.getKey(), e.getMessage()), e);
      }
      if (users.put(UserName.fold(user), credential) != null) {
        throw wrong(file, line, "two entries have the uid %s, ignoring case".formatted(user), null);
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
  private record Person(Entry entry, int line) {}

  private static void addGroup(Entry entry, Map<DN, List<String>> groups) throws LDAPException {
    String name = entry.getAttributeValue(DirectoryMapping.GROUP);
    String[] members = entry.getAttributeValues("member");
    if (name != null && members != null) {
      for (String member : members) {
        groups.computeIfAbsent(new DN(member), dn -> new ArrayList<>()).add(name);
      }
    }
  }
}
