package org.smsjmx.cli;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;

/**
 * Offers what can stand at the cursor: words of commands, options, names that the service knows.
 */
final class Completion implements Completer {

  private final Administration administration;

  Completion(Administration administration) {
    this.administration = administration;
  }

  @Override
  public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
    for (Object next : Grammar.next(line.words().subList(0, line.wordIndex()))) {
      if (next instanceof Parameter parameter) {
        for (String value : values(parameter)) {
          candidates.add(new Candidate(value));
        }
      } else {
        candidates.add(new Candidate(next.toString()));
      }
    }
  }

  private Set<String> values(Parameter parameter) {
    try {
      return switch (parameter) {
        case SERVER, REALM, REPLICA_SET -> administration.known(parameter);
        case TRACE_LEVEL -> new TreeSet<>(List.of("0", "1", "2", "3"));
        case TOPIC -> wordsOfCommands();
        default -> Set.of();
      };
    } catch (Failure e) {
      // without a login or a connection there are no names to offer
      return Set.of();
    }
  }

  private static Set<String> wordsOfCommands() {
    Set<String> words = new TreeSet<>();
    for (Command command : Command.values()) {
      words.addAll(command.syntax().fixedWords());
    }
    return words;
  }
}
