package org.smsjmx.session;

import java.util.List;

/**
 * Sessions found, by user, then in the order of the sign-ins.
 *
 * @param matched exact number of live sessions that matched
 * @param sessions the first of them, as many as were asked for
 */
public record SessionList(long matched, List<Session> sessions) {

  public SessionList {
    sessions = List.copyOf(sessions);
  }
}
