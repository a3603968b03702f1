package org.smsjmx.cli;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The commands. What is said here serves parser, help, listtasks and completion alike. */
enum Command {
  AUDIT_FIND(
      "audit find [-user <user_name>] [-account <account>] [-since <since>]",
      "Finds what was done, newest first: operations on a user, by an account, since a time. Needs"
          + " the role audit or administer."),
  AUDIT_VERIFY(
      "audit verify <file> [<file>...] [-anchor <number:hash>]",
      "Checks files of the audit, without a server: names the first line that was changed, inserted,"
          + " reordered or cut, or before which lines are missing. Lines that were all written anew"
          + " show only by an anchor: a value of AuditHead that was kept elsewhere."),
  CONTEXT_SHOW("context show", "Shows who is logged in, and where."),
  ERRTEXT("errtext <error_code>", "Shows the message that belongs to a status code."),
  EXIT("exit", "Leaves pdadmin."),
  HELP("help [<topic>...]", "Lists the commands, or explains those of a topic."),
  LOGIN(
      "login [-l] [-a <admin_id> [-p <password>]]",
      "Logs in, with -l to the sms-jmx process of the same operating-system user, with -a to the"
          + " JMX port."),
  LOGOUT("logout", "Ends the login."),
  POLICY_GET(
      "policy get max-concurrent-web-sessions [-user <user_name>] [-realm <realm_name>]",
      "Shows how many sessions a user may have at once in each realm or in one: what is set for all"
          + " users, or for one."),
  POLICY_SET(
      "policy set max-concurrent-web-sessions <limit> [-user"
          + " <user_name>] [-realm <realm_name>] [-reason <reason>]",
      "Sets how many sessions a user may have at once, for all users or for one, in every realm or"
          + " in one. It holds from the next sign-in on."),
  QUIT("quit", "Leaves pdadmin."),
  SERVER_LIST("server list", "Lists the names of all servers."),
  SERVER_LISTTASKS(
      "server listtasks <server_name-host_name>", "Lists the tasks that a server can do."),
  SERVER_SHOW("server show <server_name-host_name>", "Shows a server."),
  TASK_HELP(
      "server task <server_name-host_name> help [<task>...]",
      "Lists the tasks that a server can do, or explains one."),
  SERVER_REFRESH_ALL(
      "server task <server_name-host_name> refresh all_sessions <user_name>",
      "Refreshes the credential of those sessions of a user that began at the server, in each of"
          + " its realms. With sms, those of a realm at all its servers."),
  SERVER_TERMINATE_ALL(
      "server task <server_name-host_name> terminate all_sessions <user_name>",
      "Ends those sessions of a user that began at the server, in each of its realms. With sms,"
          + " those of a realm at all its servers."),
  SERVER_TERMINATE(
      "server task <server_name-host_name> terminate session <session_id>",
      "Ends one session, in whichever realm of the server it is."),
  KEY_CHANGE_ALONE(
      "server task <server_name-host_name> key change", "Does what sms key change does."),
  KEY_CHANGE(
      task("key change"),
      "Makes a new session management key. Session ids under the former one stay valid until they"
          + " end."),
  KEY_SHOW(task("key show"), "Shows the session management key: id, created, expires."),
  REALM_LIST(task("realm list"), "Lists the session realms."),
  REALM_SHOW(task("realm show <realm_name>"), "Lists the replica sets of a session realm."),
  REALM_TERMINATE(
      task("realm terminate <realm_name> [-reason <reason>]"),
      "Ends all sessions of a session realm. The users can sign in again."),
  REPLICA_SET_LIST(
      task("replica set list [-realm <realm_name>]"),
      "Lists the replica sets, of all session realms or of one."),
  REPLICA_SET_SHOW(
      task("replica set show <replica_set_name>"),
      "Lists the replicas of a replica set, with the time at which each joined."),
  SESSION_LIST(
      task("session list -realm <realm_name> <pattern> <maximum_return>"),
      "Lists the sessions of the users whose name matches, and says how many matched."),
  SESSION_REFRESH_ALL(
      task("session refresh all_sessions <user_name> -realm <realm_name> [-reason <reason>]"),
      "Refreshes the credential of all sessions of a user in a realm, or with -realm * in every"
          + " realm, at all servers. The user stays signed in."),
  SESSION_REFRESH(
      task("session refresh session <session_id> -realm <realm_name>"),
      "Refreshes the credential of one session. The user stays signed in."),
  SESSION_TERMINATE_ALL(
      task(
          "session terminate all_sessions <user_name> -realm <realm_name> [-reason <reason>]"
              + " [-keep-out <duration>]"),
      "Ends all sessions of a user in a realm, or with -realm * in every realm, at all servers. The"
          + " user can sign in again, with -keep-out not before that time is over."),
  SESSION_TERMINATE_LISTED(
      task(
          "session terminate all_sessions -file <file_of_users> -realm <realm_name> [-reason"
              + " <reason>]"),
      "Ends all sessions of each user whom a file names, as for one user."),
  SESSION_TERMINATE(
      task("session terminate session <session_id> -realm <realm_name>"), "Ends one session."),
  SESSION_TERMINATE_SELECTED(
      task(
          "session terminate selected <selection> -realm <realm_name> [-reason <reason>] [-preview]"),
      "Ends the sessions of a realm for which all conditions hold: user, user-pattern or"
          + " everyone=yes, and group, server, older, idle, begun-before, credential-older, address,"
          + " auth-type, except, keep-newest. -preview ends none, and shows which these are."),
  SESSION_TERMINATE_PREVIEWED(
      task("session terminate previewed <token> [-reason <reason>]"),
      "Ends exactly the sessions that -preview counted, as far as they are alive and still match."),
  TRACE_GET(task("trace get"), "Shows the trace level."),
  TRACE_SET(task("trace set <level>"), "Sets the trace level, until the server process ends."),
  USER_LET_IN(
      task("user let_in <user_name> -realm <realm_name> [-reason <reason>]"),
      "Lets a user sign in again who is kept out."),
  USER_LIST_KEPT_OUT(
      task("user list_kept_out -realm <realm_name>"),
      "Lists the users of a realm who are kept out: until when, by whom and why.");

  private static final int TASK_STARTS_AT = 3;

  private final Syntax syntax;
  private final String text;

  Command(String syntax, String text) {
    this.syntax = new Syntax(syntax);
    this.text = text;
  }

  private static String task(String syntax) {
    return "server task <server_name-host_name> sms " + syntax;
  }

  Syntax syntax() {
    return syntax;
  }

  String text() {
    return text;
  }

  /** Returns whether the command works with a login only. */
  boolean needsLogin() {
    return has(0, "server") || has(0, "policy") || this == AUDIT_FIND;
  }

  /** Returns whether it is something that a server does. */
  boolean isTask() {
    return has(1, "task");
  }

  /** Returns whether only a server with the session management extension can do it. */
  boolean needsExtension() {
    return isTask() && this != TASK_HELP;
  }

  private boolean has(int position, String word) {
    Syntax.Element element = syntax.elementAt(position);
    return element != null && word.equals(element.word());
  }

  /** Returns the syntax of a task without what names the server. */
  String taskSyntax() {
    List<String> parts = List.of(syntax.toString().split(" "));
    return String.join(" ", parts.subList(TASK_STARTS_AT, parts.size()));
  }

  /** Returns the words with which commands begin. */
  static Set<String> firstWords() {
    Set<String> words = new TreeSet<>();
    for (Command command : values()) {
      words.add(command.syntax.fixedWords().get(0));
    }
    return words;
  }
}
