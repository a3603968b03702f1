package org.smsjmx.session;

import java.util.List;
import org.smsjmx.session.SessionTable.UserCount;

/**
 * Users found, by name as it is compared.
 *
 * @param matched exact number of users with a live session that matched
 * @param sessions how many sessions they have
 * @param users some of them, as many as were asked for
 */
public record UserList(long matched, long sessions, List<UserCount> users) {

  public UserList {
    users = List.copyOf(users);
  }
}
