package org.smsjmx.cli;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.smsjmx.management.StatusCode;

/** What can be explained without asking the service. */
final class Help {

  private static final long LARGEST_STATUS = 0xffff_ffffL;

  private Help() {}

  /** Explains the commands that hold the words of the topic; all of them if it is empty. */
  static Answer topic(List<String> topic) throws Failure {
    if (topic.isEmpty()) {
      List<Command> all = List.of(Command.values());
      List<String> lines = new ArrayList<>(list(all));
      lines.add("");
      lines.add("help and some words of a command explain it, such as: help session terminate");
      lines.add("With -json, every command answers as JSON.");
      return new Answer(lines, data(all));
    }
    return explained(found(topic, command -> true));
  }

  /** Lists the tasks of a server, one in a line. */
  static Answer tasks(boolean extended) {
    List<String> lines = new ArrayList<>();
    for (Command command : tasksOf(extended)) {
      lines.add(command.taskSyntax());
    }
    return Answer.names(lines);
  }

  /** Explains tasks of a server; lists them if the topic is empty. */
  static Answer task(List<String> topic, boolean extended) throws Failure {
    if (topic.isEmpty()) {
      return tasks(extended);
    }
    return explained(found(topic, tasksOf(extended)::contains));
  }

  private static List<Command> tasksOf(boolean extended) {
    List<Command> tasks = new ArrayList<>();
    for (Command command : Command.values()) {
      if (command.isTask() && (extended || !command.needsExtension())) {
        tasks.add(command);
      }
    }
    return tasks;
  }

  private static List<Command> found(List<String> topic, Predicate<Command> wanted) throws Failure {
    List<Command> found = new ArrayList<>();
    Set<String> words = new TreeSet<>();
    for (Command command : Command.values()) {
      if (wanted.test(command)) {
        List<String> fixed = command.syntax().fixedWords();
        words.addAll(fixed);
        if (fixed.equals(topic)) {
          return List.of(command);
        }
        if (Collections.indexOfSubList(fixed, topic) >= 0) {
          found.add(command);
        }
      }
    }
    if (found.isEmpty()) {
      StringBuilder message = new StringBuilder("No help on: " + String.join(" ", topic) + ".");
      for (String word : topic) {
        if (!words.contains(word)) {
          message.append(Grammar.suggestion(word, words));
        }
      }
      throw new Failure(message.toString());
    }
    return found;
  }

  private static Answer explained(List<Command> commands) {
    if (commands.size() > 1) {
      return new Answer(list(commands), data(commands));
    }
    Command command = commands.get(0);
    List<String> lines = new ArrayList<>();
    lines.add(command.syntax().toString());
    lines.add("");
    lines.add(command.text());
    List<List<String>> rows = new ArrayList<>();
    for (Parameter parameter : command.syntax().parameters()) {
      rows.add(List.of(" " + parameter, parameter.text()));
    }
    if (!rows.isEmpty()) {
      lines.add("");
      lines.addAll(Output.table(rows));
    }
    return new Answer(lines, data(commands));
  }

  private static List<String> list(List<Command> commands) {
    List<String> lines = new ArrayList<>();
    for (Command command : commands) {
      lines.add(command.syntax().toString());
      lines.add("    " + command.text());
    }
    return lines;
  }

  private static List<Map<String, String>> data(List<Command> commands) {
    List<Map<String, String>> data = new ArrayList<>();
    for (Command command : commands) {
      Map<String, String> entry = new LinkedHashMap<>();
      entry.put("syntax", command.syntax().toString());
      entry.put("text", command.text());
      data.add(entry);
    }
    return data;
  }

  /** Tells the message of a status code. */
  static Answer message(String status) throws Failure {
    StatusCode code = StatusCode.of(number(status));
    if (code == null) {
      throw new Failure("No message is known for the status code " + status + ".");
    }
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("id", code.name());
    data.put("text", code.text());
    data.put("status", code.status());
    return Answer.sentence(code.name() + "   " + code.text(), data);
  }

  private static long number(String status) throws Failure {
    try {
      long number = Long.decode(status);
      // decode takes a leading 0 for octal, but nobody writes status codes so
      boolean octal = status.length() > 1 && status.charAt(0) == '0' && status.charAt(1) <= '9';
      if (number >= 0 && number <= LARGEST_STATUS && !octal) {
        return number;
      }
    } catch (NumberFormatException e) {
      // as below
    }
    throw new Failure(
        StatusCode.CTGSI0313E,
        "A status code is decimal, or hexadecimal after 0x: " + status + ".");
  }
}
