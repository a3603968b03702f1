package org.smsjmx.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

final class GrammarTest {

  private static final String TASK = "server task default-webseald-cruz ";
  private static final String SERVER = "server_name-host_name=default-webseald-cruz";

  /** Every syntax of the documents, filled in: line, command, values. */
  static Stream<Arguments> documented() {
    return Stream.of(
        arguments(
            TASK + "sms session list -realm ibm.com * 100",
            Command.SESSION_LIST,
            SERVER + " realm_name=ibm.com pattern=* maximum_return=100"),
        arguments(
            TASK + "sms session terminate all_sessions dlucas -realm ibm.com",
            Command.SESSION_TERMINATE_ALL,
            SERVER + " user_name=dlucas realm_name=ibm.com"),
        arguments(
            TASK + "sms session terminate all_sessions dlucas –realm ibm.com",
            Command.SESSION_TERMINATE_ALL,
            SERVER + " user_name=dlucas realm_name=ibm.com"),
        arguments(
            TASK + "sms session terminate all_sessions “Mary_Jones\" –realm ibm.com",
            Command.SESSION_TERMINATE_ALL,
            SERVER + " user_name=Mary_Jones realm_name=ibm.com"),
        arguments(
            TASK + "sms session terminate all_sessions dlucas -realm *",
            Command.SESSION_TERMINATE_ALL,
            SERVER + " user_name=dlucas realm_name=*"),
        arguments(
            TASK + "sms session terminate all_sessions -file users.txt -realm ibm.com",
            Command.SESSION_TERMINATE_LISTED,
            SERVER + " file_of_users=users.txt realm_name=ibm.com"),
        arguments(
            TASK + "sms session terminate session s1 -realm ibm.com",
            Command.SESSION_TERMINATE,
            SERVER + " session_id=s1 realm_name=ibm.com"),
        arguments(
            TASK + "sms session terminate selected user=dlucas,older=PT8H -realm ibm.com -preview",
            Command.SESSION_TERMINATE_SELECTED,
            SERVER + " realm_name=ibm.com selection=user=dlucas,older=PT8H"),
        arguments(
            TASK + "sms session terminate previewed 0123 -reason x",
            Command.SESSION_TERMINATE_PREVIEWED,
            SERVER + " reason=x token=0123"),
        arguments(
            TASK + "sms user let_in dlucas -realm ibm.com",
            Command.USER_LET_IN,
            SERVER + " user_name=dlucas realm_name=ibm.com"),
        arguments(
            TASK + "sms user list_kept_out -realm ibm.com",
            Command.USER_LIST_KEPT_OUT,
            SERVER + " realm_name=ibm.com"),
        arguments(
            "policy set max-concurrent-web-sessions displace -user dlucas",
            Command.POLICY_SET,
            "user_name=dlucas limit=displace"),
        arguments(
            "audit find -user dlucas -since P7D", Command.AUDIT_FIND, "user_name=dlucas since=P7D"),
        arguments("policy get max-concurrent-web-sessions", Command.POLICY_GET, ""),
        arguments(
            TASK + "sms realm terminate ibm.com",
            Command.REALM_TERMINATE,
            SERVER + " realm_name=ibm.com"),
        arguments(
            TASK + "sms session refresh all_sessions johnq -realm ibm.com",
            Command.SESSION_REFRESH_ALL,
            SERVER + " user_name=johnq realm_name=ibm.com"),
        arguments(
            TASK + "sms session refresh session s1 -realm ibm.com",
            Command.SESSION_REFRESH,
            SERVER + " session_id=s1 realm_name=ibm.com"),
        arguments(TASK + "sms realm list", Command.REALM_LIST, SERVER),
        arguments(
            TASK + "sms realm show ibm.com", Command.REALM_SHOW, SERVER + " realm_name=ibm.com"),
        arguments(TASK + "sms replica set list", Command.REPLICA_SET_LIST, SERVER),
        arguments(
            TASK + "sms replica set list -realm ibm.com",
            Command.REPLICA_SET_LIST,
            SERVER + " realm_name=ibm.com"),
        arguments(
            TASK + "sms replica set show www.ibm.com",
            Command.REPLICA_SET_SHOW,
            SERVER + " replica_set_name=www.ibm.com"),
        arguments(TASK + "sms key show", Command.KEY_SHOW, SERVER),
        arguments(TASK + "sms key change", Command.KEY_CHANGE, SERVER),
        arguments(TASK + "key change", Command.KEY_CHANGE_ALONE, SERVER),
        arguments(
            TASK + "terminate all_sessions dlucas",
            Command.SERVER_TERMINATE_ALL,
            SERVER + " user_name=dlucas"),
        arguments(
            TASK + "refresh all_sessions dlucas",
            Command.SERVER_REFRESH_ALL,
            SERVER + " user_name=dlucas"),
        arguments(
            TASK + "terminate session 678", Command.SERVER_TERMINATE, SERVER + " session_id=678"),
        arguments(TASK + "sms trace get", Command.TRACE_GET, SERVER),
        arguments(TASK + "sms trace set 3", Command.TRACE_SET, SERVER + " level=3"),
        arguments(TASK + "help", Command.TASK_HELP, SERVER),
        arguments(TASK + "help sms session list", Command.TASK_HELP, SERVER),
        arguments("server list", Command.SERVER_LIST, ""),
        arguments("server show default-webseald-cruz", Command.SERVER_SHOW, SERVER),
        arguments("server listtasks default-webseald-cruz", Command.SERVER_LISTTASKS, SERVER),
        arguments("help", Command.HELP, ""),
        arguments("help server task", Command.HELP, ""),
        arguments("errtext 0x14c012f2", Command.ERRTEXT, "error_code=0x14c012f2"),
        arguments("login -l", Command.LOGIN, ""),
        arguments("login -a sec_master", Command.LOGIN, "admin_id=sec_master"),
        arguments(
            "login -a sec_master -p -secret",
            Command.LOGIN,
            "admin_id=sec_master password=-secret"),
        arguments("audit verify audit.log", Command.AUDIT_VERIFY, "file=audit.log"),
        arguments("logout", Command.LOGOUT, ""),
        arguments("context show", Command.CONTEXT_SHOW, ""),
        arguments("exit", Command.EXIT, ""),
        arguments("quit", Command.QUIT, ""));
  }

  @ParameterizedTest
  @MethodSource("documented")
  void everyDocumentedSyntaxIsUnderstood(String line, Command command, String values)
      throws Failure {
    Request request = Grammar.read(Line.words(line));
    assertThat(request.command()).isEqualTo(command);
    assertThat(labelled(request)).isEqualTo(pairs(values));
  }

  @ParameterizedTest
  @MethodSource("documented")
  void optionsMayStandAnywhere(String line, Command command, String values) throws Failure {
    List<String> words = Line.words(line);
    int option = words.indexOf("-realm");
    if (option >= 0) {
      List<String> others =
          Stream.of(words.subList(0, option), words.subList(option + 2, words.size()))
              .flatMap(List::stream)
              .toList();
      for (int at = 0; at <= others.size(); at++) {
        List<String> moved = new ArrayList<>(others);
        if (at > 0 && others.get(at - 1).equals("-file")) {
          continue; // its value follows
        }
        moved.addAll(at, words.subList(option, option + 2));
        Request request = Grammar.read(moved);
        assertThat(request.command()).isEqualTo(command);
        assertThat(labelled(request)).isEqualTo(pairs(values));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Command.class)
  void everyCommandIsAmongTheDocumentedOnes(Command command) {
    assertThat(documented().map(documented -> documented.get()[1])).contains(command);
  }

  @ParameterizedTest
  @EnumSource(Command.class)
  void everyCommandAnswersAsJsonOnDemand(Command command) throws Failure {
    List<String> words = new ArrayList<>();
    for (String word : command.syntax().toString().replaceAll("\\[.*\\]", "").strip().split(" ")) {
      words.add(word.startsWith("<") ? "x" : word);
    }
    words.add("--json");
    assertThat(Grammar.read(words).has(Option.JSON)).isTrue();
  }

  private static Map<String, String> labelled(Request request) {
    Map<String, String> labelled = new TreeMap<>();
    request.values().forEach((parameter, value) -> labelled.put(parameter.label(), value));
    return labelled;
  }

  private static Map<String, String> pairs(String values) {
    Map<String, String> pairs = new TreeMap<>();
    Arrays.stream(values.split(" "))
        .filter(pair -> !pair.isEmpty())
        .forEach(pair -> pairs.put(pair.split("=", 2)[0], pair.split("=", 2)[1]));
    return pairs;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "server task x sms sesion list -realm r * 1|Unknown: sesion. Did you mean session?",
        "server task x sms session terminat all_sessions u -realm r|Did you mean terminate?",
        "server task x sms session terminate all_session u -realm r|Did you mean all_sessions?",
        "server task x sms session terminate all-sessions u -realm r|Did you mean all_sessions?",
        "sever list|Unknown command: sever. Did you mean server?",
        "SERVER list|Did you mean server?",
        "Server List|Did you mean server?",
        "serevr list|Did you mean server?",
        "server task x sms session terminate all_sessions u -relm r|Did you mean -realm?",
        "server task x sms session terminate all_sessions u|-realm <realm_name> is missing.",
        "server task x sms session terminate all_sessions -realm r|user_name is missing.",
        "server task x sms session terminate all_sessions -file f|-realm <realm_name> is missing.",
        "server task x sms session terminate all_sessions u -file f -realm r|-file is no option",
        "server task x sms session terminate all_sessions -file -realm r|-file needs a value",
        "server task x sms session terminate all_sessions u -realm|-realm needs a value",
        "server task x sms session terminate all_sessions u -realm -x|-realm needs a value",
        "server task x sms session terminate all_sessions u -realm r -realm q|given twice",
        "server task x sms session terminate all_sessions a b -realm r|double quotes: \"a b\"",
        "server task x sms session list -realm r|pattern is missing.",
        "server task x sms session list -realm r *|maximum_return is missing.",
        "server task x sms session list * 10|-realm <realm_name> is missing.",
        "server task x sms realm list -realm r|-realm is no option of this command.",
        "server task x session list -realm r * 1|Possible here: help, key, refresh, sms, terminate.",
        "server task x sms|Possible next: key, realm, replica, session, trace, user.",
        "server task x|Possible next: help, key, refresh, sms, terminate.",
        "server|Possible next: list, listtasks, show, task.",
        "server task|server_name-host_name is missing.",
        "server list extra|Unexpected: extra.",
        "server show a b|Unexpected: b.",
        "frobnicate|Unknown command: frobnicate. help lists the commands.",
        "-realm r|The line holds no command",
        "server list -z|Unknown option: -z.",
        "errtext|error_code is missing.",
      })
  void whatIsWrongIsSaid(String line, String message) throws Failure {
    List<String> words = Line.words(line);
    Failure failure = catchThrowableOfType(Failure.class, () -> Grammar.read(words));
    assertThat(failure).hasMessageContaining(message);
  }

  @Test
  void aTimeToKeepOutIsTaken() throws Failure {
    Request request =
        Grammar.read(
            Line.words(
                TASK + "sms session terminate all_sessions u -keep-out PT1H -realm ibm.com"));
    assertThat(request.command()).isEqualTo(Command.SESSION_TERMINATE_ALL);
    assertThat(request.value(Parameter.DURATION)).isEqualTo("PT1H");
  }

  @Test
  void aMissingRealmComesWithTheSyntax() throws Failure {
    List<String> words = Line.words(TASK + "sms session terminate all_sessions dlucas");
    Failure failure = catchThrowableOfType(Failure.class, () -> Grammar.read(words));
    assertThat(failure.advice())
        .containsExactly(
            "Syntax: server task <server_name-host_name> sms session terminate all_sessions"
                + " <user_name> -realm <realm_name> [-reason <reason>] [-keep-out <duration>]");
  }

  @Test
  void aQuotedWordThatBeginsWithADashIsAnOption() throws Failure {
    List<String> words = Line.words(TASK + "sms realm show \"-x\"");
    Failure failure = catchThrowableOfType(Failure.class, () -> Grammar.read(words));
    assertThat(failure).hasMessageContaining("Unknown option: -x.");
  }

  @ParameterizedTest
  @CsvSource({"-", "\u2013", "--"})
  void aLoneDashEndsTheOptions(String dash) throws Failure {
    Request request =
        Grammar.read(
            Line.words(
                TASK + "sms session terminate all_sessions -realm ibm.com " + dash + " -realm"));
    assertThat(request.value(Parameter.USER)).isEqualTo("-realm");
  }

  @Test
  void nextWordsAreOffered() {
    assertThat(Grammar.next(List.of())).contains("server", "help", "login");
    assertThat(Grammar.next(List.of("server")))
        .containsExactly("list", "listtasks", "show", "task");
    assertThat(Grammar.next(List.of("server", "task"))).containsExactly(Parameter.SERVER);
    assertThat(Grammar.next(List.of("server", "task", "x", "sms", "session", "terminate")))
        .containsExactly("all_sessions", "previewed", "selected", "session");
    assertThat(Grammar.next(Arrays.asList("server task x sms realm show".split(" "))))
        .containsExactly(Parameter.REALM);
    assertThat(Grammar.next(Arrays.asList("server task x sms replica set list".split(" "))))
        .containsExactly(Option.REALM);
    assertThat(Grammar.next(Arrays.asList("server task x sms replica set list -realm".split(" "))))
        .containsExactly(Parameter.REALM);
    assertThat(Grammar.next(List.of("nonsense"))).isEmpty();
  }
}
