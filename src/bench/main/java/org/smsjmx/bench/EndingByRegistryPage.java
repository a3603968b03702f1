package org.smsjmx.bench;

import java.net.http.HttpResponse;
import org.smsjmx.bench.boot.RegistryPage;

/** Spring Security's registry of sessions, behind a page of the application's own. */
final class EndingByRegistryPage implements EndingTool {

  private final String title;
  private final ShopUser administrator;

  /** Has the page before a user who is signed in. */
  EndingByRegistryPage(String title, ShopUser administrator) {
    this.title = title;
    this.administrator = administrator;
  }

  @Override
  public String title() {
    return title;
  }

  @Override
  public Answer end(String user) {
    HttpResponse<String> answer = administrator.post(RegistryPage.END, "user=" + user);
    if (answer.statusCode() != 200) {
      throw new IllegalStateException("the page answers " + answer.statusCode());
    }
    return new Answer(1, answer.body());
  }
}
