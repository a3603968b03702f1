package org.smsjmx.bench;

import java.util.List;
import java.util.UUID;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Spring Boot's actuator: its list of a user's sessions, and one call for each to end it. */
final class EndingByActuator implements EndingTool {

  /** Where the application is to have it: where its own rules let administrators in alone. */
  static final String BASE = "/admin/actuator";

  private static final Pattern ID = Pattern.compile("\"id\":\"([^\"]+)\"");

  private final String title;
  private final ShopUser administrator;

  /** Has it before a user who is signed in. */
  EndingByActuator(String title, ShopUser administrator) {
    this.title = title;
    this.administrator = administrator;
  }

  @Override
  public String title() {
    return title;
  }

  @Override
  public Answer end(String user) {
    String list = administrator.get(BASE + "/sessions?username=" + user).body();
    List<String> ids = ID.matcher(list).results().map((MatchResult id) -> id.group(1)).toList();
    String said = "nothing";
    for (String id : ids) {
      said = delete(id);
    }
    return new Answer(1 + ids.size(), said);
  }

  @Override
  public String endUnknown() {
    return delete(UUID.randomUUID().toString());
  }

  private String delete(String id) {
    return "status " + administrator.delete(BASE + "/sessions/" + id).statusCode();
  }
}
