package org.smsjmx.bench;

/** A tool by which an administrator ends all sessions of a user. */
interface EndingTool {

  /** What it is called. */
  String title();

  /** Ends them. */
  Answer end(String user) throws Exception;

  /** Ends what does not exist; returns what the tool says. */
  default String endUnknown() throws Exception {
    return end("nobody").text();
  }

  /**
   * What it took.
   *
   * @param calls how many calls or pages
   * @param text what the last one said, for a table
   */
  record Answer(long calls, String text) {}
}
