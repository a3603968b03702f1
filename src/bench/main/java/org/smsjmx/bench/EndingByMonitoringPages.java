package org.smsjmx.bench;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The pages of JavaMelody: that of all sessions, and one link there for each to be ended. */
final class EndingByMonitoringPages implements EndingTool {

  private static final Pattern ROW = Pattern.compile("(?s)<tr[^>]*>.*?</tr>");
  private static final Pattern LINK =
      Pattern.compile("\\?(part=sessions&amp;action=invalidate_session&amp;sessionId=[^\"'&]+)");

  private final ShopUser administrator;

  /** Has them before a user who is signed in. */
  EndingByMonitoringPages(ShopUser administrator) {
    this.administrator = administrator;
  }

  @Override
  public String title() {
    return "JavaMelody";
  }

  @Override
  public Answer end(String user) {
    HttpResponse<String> page = page("part=sessions");
    List<String> links = new ArrayList<>();
    for (Matcher row = ROW.matcher(page.body()); row.find(); ) {
      Matcher link = LINK.matcher(row.group());
      if (row.group().contains(">" + user + "<") && link.find()) {
        links.add(link.group(1).replace("&amp;", "&"));
      }
    }
    long size = page.body().length();
    for (String link : links) {
      size += page(link).body().length();
    }
    return new Answer(1 + links.size(), String.format(Locale.ROOT, "pages of %.1f MB", size / 1e6));
  }

  private HttpResponse<String> page(String query) {
    HttpResponse<String> page = administrator.get("/monitoring?" + query);
    if (page.statusCode() != 200) {
      throw new IllegalStateException("JavaMelody answers " + page.statusCode());
    }
    return page;
  }
}
