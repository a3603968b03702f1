package org.smsjmx.cli;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.smsjmx.management.StatusCode;

/** Finds the command in the words of a line, or says what is wrong with them. */
final class Grammar {

  private static final int SHOWN_SYNTAXES = 8;
  private static final int MOST_EDITS = 3;
  private static final int TASK_AT = 3;

  /** Tasks of WebSEAL that are not done here, each with what is done instead, if anything. */
  private static final Map<String, String> WEBSEAL_TASKS =
      Map.ofEntries(
          Map.entry("add", ""),
          Map.entry("cache", ""),
          Map.entry("cluster", ""),
          Map.entry("create", ""),
          Map.entry("delete", ""),
          Map.entry("dynurl", ""),
          Map.entry("file", ""),
          Map.entry("jdb", ""),
          Map.entry("jmt", ""),
          Map.entry("list", ""),
          Map.entry("offline", ""),
          Map.entry("online", ""),
          Map.entry("reload", ""),
          Map.entry("remove", ""),
          Map.entry("server", ""),
          Map.entry("show", ""),
          Map.entry("stats", "sms session list -realm <realm_name> * 0, which counts sessions"),
          Map.entry("throttle", ""),
          Map.entry("trace", "sms trace get and sms trace set <level>"),
          Map.entry("virtualhost", ""));

  private final List<String> words = new ArrayList<>();
  private final Map<Option, String> options = new EnumMap<>(Option.class);

  /** What is wrong with the options; told once the command is known, with its syntax. */
  private @Nullable String wrongOption;

  private Grammar() {}

  /**
   * Reads a command.
   *
   * @param line its words, at least one
   * @throws Failure if it is none; it says what to write instead
   */
  static Request read(List<String> line) throws Failure {
    Grammar grammar = new Grammar();
    grammar.separateOptions(line);
    return grammar.request();
  }

  private void separateOptions(List<String> line) {
    boolean end = false;
    for (int i = 0; i < line.size(); i++) {
      String word = line.get(i);
      if (end || !Line.isMarked(word) || Line.isNegativeNumber(word)) {
        words.add(word);
        continue;
      }
      String name = Line.withoutMark(word);
      Option option = Option.named(name);
      if (name.isEmpty()) {
        end = true;
      } else if (option == null) {
        wrong("Unknown option: -" + name + "." + suggestion(name, optionNames()));
      } else {
        boolean last = i + 1 == line.size();
        String value = "";
        if (option.value() != null) {
          if (last || (option != Option.PASSWORD && Line.isMarked(line.get(i + 1)))) {
            wrong(option + " needs a value: " + option + " " + option.value());
            continue;
          }
          value = line.get(++i);
        }
        if (options.put(option, value) != null) {
          wrong(option + " is given twice.");
        }
      }
    }
  }

  private void wrong(String text) {
    if (wrongOption == null) {
      wrongOption = text;
    }
  }

  private Request request() throws Failure {
    List<Command> candidates = new ArrayList<>();
    int fitting = closest(words, candidates);
    if (fitting == TASK_AT && words.size() > TASK_AT && words.get(1).equals("task")) {
      refuseWebsealTask(words.get(TASK_AT));
    }
    if (wrongOption != null) {
      throw new Failure(wrongOption, syntaxes(candidates));
    }
    if (words.isEmpty()) {
      throw new Failure("The line holds no command; help lists the commands.");
    }
    if (fitting < words.size()) {
      throw new Failure(misfit(candidates, fitting), syntaxes(candidates));
    }
    for (Command command : candidates) {
      if (isComplete(command) && isMeant(command, candidates)) {
        return request(command);
      }
    }
    throw new Failure(missing(candidates), syntaxes(candidates));
  }

  private static void refuseWebsealTask(String task) throws Failure {
    String instead = WEBSEAL_TASKS.get(task);
    if (instead != null) {
      throw new Failure(
          StatusCode.DPWAP0105E,
          "The task "
              + task
              + " is WebSEAL's own, and not done here. "
              + (instead.isEmpty()
                  ? "server listtasks lists those that are."
                  : "There is: " + instead + "."));
    }
  }

  /** Collects the commands that fit the words longest; returns how many words fit. */
  private static int closest(List<String> words, List<Command> candidates) {
    int longest = 0;
    for (Command command : Command.values()) {
      int fitting = command.syntax().fitting(words);
      if (fitting > longest) {
        longest = fitting;
        candidates.clear();
      }
      if (fitting == longest) {
        candidates.add(command);
      }
    }
    return longest;
  }

  private boolean isComplete(Command command) {
    Syntax.Element next = command.syntax().elementAt(words.size());
    return next == null || next.optional();
  }

  /**
   * Returns whether an option that only this command takes tells it from those that fit as well.
   */
  private boolean isMeant(Command command, List<Command> candidates) {
    return candidates.size() == 1
        || options.keySet().stream()
            .anyMatch(
                option ->
                    candidates.stream()
                        .allMatch(other -> other.syntax().takes(option) == (other == command)));
  }

  private String misfit(List<Command> candidates, int position) {
    String word = words.get(position);
    Set<String> expected = nextWords(candidates, position);
    String suggestion = suggestion(word, expected);
    if (position == 0) {
      return "Unknown command: " + word + "." + suggestion + " help lists the commands.";
    }
    if (!suggestion.isEmpty()) {
      return "Unknown: " + word + "." + suggestion;
    }
    if (!expected.isEmpty()) {
      return "Unknown: " + word + ". Possible here: " + String.join(", ", expected) + ".";
    }
    Syntax.Element before = candidates.get(0).syntax().elementAt(position - 1);
    if (before == null || before.value() == null) {
      return "Unexpected: " + word + ".";
    }
    String name = words.get(position - 1) + " " + word;
    return "Unexpected: " + word + ". A name with blanks needs double quotes: \"" + name + "\".";
  }

  private String missing(List<Command> candidates) {
    int position = words.size();
    Syntax.Element next = candidates.get(0).syntax().elementAt(position);
    if (next != null && next.value() != null) {
      return next.value().label() + " is missing.";
    }
    return "The command is not complete. Possible next: "
        + String.join(", ", nextWords(candidates, position))
        + ".";
  }

  private static Set<String> nextWords(List<Command> candidates, int position) {
    Set<String> next = new TreeSet<>();
    for (Command command : candidates) {
      Syntax.Element element = command.syntax().elementAt(position);
      if (element != null && element.word() != null) {
        next.add(element.word());
      }
    }
    return next;
  }

  private Request request(Command command) throws Failure {
    Syntax syntax = command.syntax();
    Set<Option> given = EnumSet.noneOf(Option.class);
    Map<Parameter, String> values = new EnumMap<>(Parameter.class);
    for (Map.Entry<Option, String> option : options.entrySet()) {
      if (!syntax.takes(option.getKey())) {
        throw new Failure(
            option.getKey() + " is no option of this command.", syntaxes(List.of(command)));
      }
      given.add(option.getKey());
      Parameter parameter = option.getKey().value();
      if (parameter != null) {
        values.put(parameter, option.getValue());
      }
    }
    for (Map.Entry<Option, Boolean> option : syntax.options().entrySet()) {
      if (option.getValue() && !given.contains(option.getKey())) {
        throw new Failure(
            option.getKey() + " " + option.getKey().value() + " is missing.",
            syntaxes(List.of(command)));
      }
    }
    List<String> rest = new ArrayList<>();
    for (int i = 0; i < words.size(); i++) {
      Syntax.Element element = syntax.elementAt(i);
      if (element != null && element.repeated()) {
        rest.add(words.get(i));
      } else if (element != null && element.value() != null) {
        values.put(element.value(), words.get(i));
      }
    }
    return new Request(command, values, rest, List.copyOf(given));
  }

  private static List<String> syntaxes(List<Command> commands) {
    List<String> lines = new ArrayList<>();
    if (commands.size() <= SHOWN_SYNTAXES) {
      for (Command command : commands) {
        lines.add("Syntax: " + command.syntax());
      }
    }
    return lines;
  }

  /**
   * Returns what can follow the words, for completion: the next words, values and options.
   *
   * @param line words that are complete
   */
  static List<Object> next(List<String> line) {
    Grammar grammar = new Grammar();
    String last = line.isEmpty() ? "" : line.get(line.size() - 1);
    Option open = Line.isMarked(last) ? Option.named(Line.withoutMark(last)) : null;
    List<Object> next = new ArrayList<>();
    if (open != null && open.value() != null) {
      next.add(open.value());
      return next;
    }
    grammar.separateOptions(line);
    List<Command> candidates = new ArrayList<>();
    if (closest(grammar.words, candidates) < grammar.words.size()) {
      return next;
    }
    next.addAll(nextWords(candidates, grammar.words.size()));
    for (Command command : candidates) {
      Syntax.Element element = command.syntax().elementAt(grammar.words.size());
      if (element != null && element.value() != null && !next.contains(element.value())) {
        next.add(element.value());
      }
    }
    if (candidates.size() == 1) {
      Set<Option> options = EnumSet.noneOf(Option.class);
      options.addAll(candidates.get(0).syntax().options().keySet());
      options.removeAll(grammar.options.keySet());
      next.addAll(options);
    }
    return next;
  }

  private static Set<String> optionNames() {
    Set<String> names = new TreeSet<>();
    for (Option option : Option.values()) {
      names.add(option.toString());
    }
    return names;
  }

  /** Returns a question that begins with a blank, or nothing if no known word is near. */
  static String suggestion(String word, Set<String> known) {
    String meant = null;
    int least = Integer.MAX_VALUE;
    for (String candidate : known) {
      String name = Line.withoutMark(candidate);
      int edits = edits(word.toLowerCase(Locale.ROOT), name);
      if (edits < least && edits <= Math.min(MOST_EDITS, Math.max(1, name.length() / 3))) {
        least = edits;
        meant = candidate;
      }
    }
    return meant == null ? "" : " Did you mean " + meant + "?";
  }

  /** Counts the letters to add, drop, change or swap with the next that make one the other. */
  private static int edits(String a, String b) {
    int longest = b.length() * 2;
    if (a.length() > longest) {
      return longest;
    }
    int[] beforeLast = new int[b.length() + 1];
    int[] last = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      last[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        row[j] = Math.min(last[j - 1] + change, Math.min(last[j], row[j - 1]) + 1);
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        if (swapped) {
          row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
        }
      }
      beforeLast = last;
      last = row;
    }
    return last[b.length()];
  }
}
