package org.smsjmx.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Performs commands, one after the other, under the login of the moment. */
final class Shell implements AutoCloseable {

  private static final String PROMPT = "pdadmin";

  private final Arguments arguments;
  private final Map<String, String> environment;
  private final Output output;
  private final @Nullable Console console;
  private final Access access;
  private final Administration administration;
  private boolean ended;
  private boolean loggedIn;

  /**
   * @param console what can ask the user, null if there is no terminal
   */
  Shell(
      Arguments arguments,
      Map<String, String> environment,
      Output output,
      @Nullable Console console) {
    this.arguments = arguments;
    this.environment = environment;
    this.output = output;
    this.console = console;
    this.access = new Access(arguments.timeoutSeconds());
    this.administration = new Administration(new RemoteService(access));
  }

  Administration administration() {
    return administration;
  }

  /** Returns whether the user asked to leave. */
  boolean ended() {
    return ended;
  }

  /** Returns whether there was a login that succeeded. */
  boolean hasLoggedIn() {
    return loggedIn;
  }

  String prompt() {
    Login login = access.login();
    return PROMPT + (login == null ? "> " : " " + login.name() + "> ");
  }

  /** Logs in as the arguments of the program ask for, if they do. */
  void logIn() throws Failure {
    Arguments.Asked asked = arguments.login();
    if (asked != null) {
      logIn(asked);
    }
  }

  private void logIn(Arguments.Asked asked) throws Failure {
    access.logOut();
    String account = asked.account();
    access.logIn(
        account == null
            ? new Login.Local(asked.pid())
            : new Login.Account(
                account,
                password(asked.password()),
                arguments.address().host(),
                arguments.address().port(),
                arguments.tls()));
    loggedIn = true;
  }

  private String password(@Nullable String given) throws Failure {
    if (given != null) {
      return given;
    }
    String fromEnvironment = environment.getOrDefault("SMS_ADMIN_PASSWORD", "");
    if (!fromEnvironment.isEmpty()) {
      return fromEnvironment;
    }
    if (console == null) {
      throw new Failure(
          "A password is needed, and there is no terminal to ask for it; set SMS_ADMIN_PASSWORD.");
    }
    return console.password("Enter Password: ");
  }

  /**
   * Performs a command and prints its answer, or why it failed.
   *
   * @param words those of the command line
   * @param where the line that holds them, null if it is the only one
   * @return whether it was done
   */
  boolean perform(List<String> words, @Nullable String where) {
    try {
      Request request = Grammar.read(words);
      output.answer(answer(request), arguments.json() || request.has(Option.JSON));
      return true;
    } catch (Failure e) {
      output.failure(e, where);
    } catch (RuntimeException e) {
      output.failure(new Failure("pdadmin cannot do that: " + e), where);
    }
    return false;
  }

  private Answer answer(Request request) throws Failure {
    switch (request.command()) {
      case AUDIT_VERIFY -> {
        return AuditCheck.answer(request);
      }
      case EXIT, QUIT -> {
        ended = true;
        return Answer.NOTHING;
      }
      case HELP -> {
        return Help.topic(request.rest());
      }
      case ERRTEXT -> {
        return Help.message(request.value(Parameter.ERROR_CODE));
      }
      case LOGIN -> {
        logIn(asked(request));
        return Answer.NOTHING;
      }
      case LOGOUT -> {
        access.logOut();
        return Answer.NOTHING;
      }
      case CONTEXT_SHOW -> {
        return context();
      }
      default -> {
        return administration.perform(request);
      }
    }
  }

  private Arguments.Asked asked(Request request) throws Failure {
    boolean local = request.has(Option.LOCAL);
    String account = request.optional(Parameter.ADMIN);
    String password = request.optional(Parameter.PASSWORD);
    if (local && (account != null || password != null)) {
      throw new Failure("-l and -a exclude each other.");
    }
    if (!local && account == null) {
      if (console == null) {
        throw new Failure(
            "Say as whom: with -l or with -a.", List.of("Syntax: " + request.command().syntax()));
      }
      account = console.line("Enter User ID: ");
    }
    Arguments.Asked atStart = arguments.login();
    return new Arguments.Asked(account, password, local && atStart != null ? atStart.pid() : null);
  }

  private Answer context() {
    Login login = access.login();
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("user", login == null ? null : login.name());
    data.put("connection", login == null ? null : login.place());
    return new Answer(
        login == null
            ? List.of("Nobody is logged in.")
            : List.of("User: " + login.name(), "Connection: " + login.place()),
        data);
  }

  @Override
  public void close() {
    access.close();
  }
}
