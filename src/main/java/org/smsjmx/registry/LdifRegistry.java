package org.smsjmx.registry;

import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldif.LDIFException;
import com.unboundid.ldif.LDIFReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    Map<DN, Entry> people = new LinkedHashMap<>();
    Map<DN, List<String>> groups = new HashMap<>();
    try (LDIFReader reader = new LDIFReader(file.toFile())) {
      for (Entry entry = reader.readEntry(); entry != null; entry = reader.readEntry()) {
        if (entry.hasAttribute(DirectoryMapping.USER)) {
          if (people.put(entry.getParsedDN(), entry) != null) {
            throw new IOException("%s: %s stands twice".formatted(file, entry.getDN()));
          }
        } else if (entry.hasObjectClass("groupOfNames")) {
          addGroup(entry, groups);
        }
      }
    } catch (LDIFException e) {
      throw new IOException(
          "%s:%d: %s".formatted(file, Math.max(1, e.getLineNumber()), e.getMessage()), e);
    } catch (LDAPException e) {
      throw new IOException("%s: %s".formatted(file, e.getMessage()), e);
    } catch (FileNotFoundException e) {
      throw new IOException("%s: is missing or cannot be read".formatted(file), e);
    }
    Map<String, Credential> users = new LinkedHashMap<>();
    for (Map.Entry<DN, Entry> person : people.entrySet()) {
      List<String> memberOf = groups.getOrDefault(person.getKey(), List.of());
      Credential credential = mapping.credential(person.getValue(), memberOf);
      try {
        UserName.require(credential.principal());
      } catch (IllegalArgumentException e) {
        throw new IOException(
            "%s: uid of %s: %s".formatted(file, person.getKey(), e.getMessage()), e);
      }
      Credential former = users.put(UserName.fold(credential.principal()), credential);
      if (former != null) {
        throw new IOException(
            "%s: two entries have the uid %s, ignoring case"
                .formatted(file, credential.principal()));
      }
    }
    return users;
  }

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
