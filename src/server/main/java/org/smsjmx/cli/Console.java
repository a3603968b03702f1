package org.smsjmx.cli;

import java.io.IOException;
import java.util.List;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.CompletingParsedLine;
import org.jline.reader.EOFError;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;

/** The user at the terminal: line editing, history, completion; passwords without echo. */
final class Console implements AutoCloseable {

  private final int historySize;
  private @Nullable LineReader reader;
  private @Nullable Completer completer;
  private boolean readsCommand;

  /**
   * @param historySize how many lines to remember at most
   */
  Console(int historySize) {
    this.historySize = historySize;
  }

  /** Makes completion offer what it finds; to be called before anything is read. */
  void completeWith(Completer offers) {
    completer = offers;
  }

  /**
   * Reads a command line.
   *
   * @return null if the user wants to leave, empty if the user discarded the line
   */
  @Nullable String command(String prompt) throws Failure {
    readsCommand = true;
    try {
      return reader().readLine(prompt);
    } catch (UserInterruptException e) {
      return "";
    } catch (EndOfFileException e) {
      return null;
    } finally {
      readsCommand = false;
    }
  }

  /** Asks for a line that is no command. */
  String line(String prompt) throws Failure {
    return asked(prompt, null);
  }

  /** Asks for a line that is not shown. */
  String password(String prompt) throws Failure {
    return asked(prompt, '\0');
  }

  private String asked(String prompt, @Nullable Character mask) throws Failure {
    LineReader asking = reader();
    asking.setVariable(LineReader.DISABLE_HISTORY, true);
    try {
      return asking.readLine(prompt, mask);
    } catch (UserInterruptException | EndOfFileException e) {
      throw new Failure("The login was given up.");
    } finally {
      asking.setVariable(LineReader.DISABLE_HISTORY, false);
    }
  }

  /** What takes time. */
  interface Work {
    void run() throws IOException;
  }

  /** While it runs, ctrl-C stops the waiting for an answer, not the program. */
  void interruptibly(Work command) throws Failure, IOException {
    Thread waiting = Thread.currentThread();
    Terminal terminal = reader().getTerminal();
    Terminal.SignalHandler before =
        terminal.handle(Terminal.Signal.INT, signal -> waiting.interrupt());
    try {
      command.run();
    } finally {
      terminal.handle(Terminal.Signal.INT, before);
      // one that came too late to stop anything
      Thread.interrupted();
    }
  }

  private LineReader reader() throws Failure {
    LineReader open = reader;
    if (open == null) {
      open = opened();
      reader = open;
    }
    return open;
  }

  private void complete(LineReader anyReader, ParsedLine line, List<Candidate> candidates) {
    if (readsCommand && completer != null) {
      completer.complete(anyReader, line, candidates);
    }
  }

  private LineReader opened() throws Failure {
    try {
      Terminal terminal =
          TerminalBuilder.builder()
              .name("pdadmin")
              .system(true)
              // prompts are no answers: with the answers sent elsewhere they are seen all the same
              .systemOutput(TerminalBuilder.SystemOutput.SysErrOrSysOut)
              .provider("exec")
              .build();
      // between a command and the next prompt; the reader has a handler of its own
      terminal.handle(Terminal.Signal.INT, signal -> {});
      return LineReaderBuilder.builder()
          .terminal(terminal)
          .parser(new CommandParser())
          .completer(this::complete)
          .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
          .variable(LineReader.SECONDARY_PROMPT_PATTERN, "> ")
          .variable(LineReader.HISTORY_SIZE, historySize)
          .variable(LineReader.HISTORY_IGNORE, "login*")
          .build();
    } catch (IOException | IllegalStateException e) {
      throw new Failure("The terminal cannot be used: " + Connection.reason(e) + ".");
    }
  }

  @Override
  public void close() throws IOException {
    if (reader != null) {
      reader.getTerminal().close();
    }
  }

  /** Tells the editor where words are, and whether a line continues. */
  private final class CommandParser implements Parser {
    @Override
    public ParsedLine parse(String line, int cursor, ParseContext context) {
      if (readsCommand && context == ParseContext.ACCEPT_LINE && Line.continues(line)) {
        throw new EOFError(-1, -1, "the line continues");
      }
      return TypedLine.of(line, cursor);
    }
  }

  /**
   * A line that is being typed, up to the cursor.
   *
   * @param words the last is the one at the cursor, may be empty
   */
  private record TypedLine(List<String> words, String line, int cursor)
      implements CompletingParsedLine {

    static TypedLine of(String line, int cursor) {
      return new TypedLine(Line.typedWords(line.substring(0, cursor)), line, cursor);
    }

    @Override
    public String word() {
      return words.get(wordIndex());
    }

    @Override
    public int wordCursor() {
      return word().length();
    }

    @Override
    public int wordIndex() {
      return words.size() - 1;
    }

    @Override
    public CharSequence escape(CharSequence candidate, boolean complete) {
      return candidate;
    }

    @Override
    public int rawWordCursor() {
      return cursor - Line.lastWordAt(line.substring(0, cursor));
    }

    @Override
    public int rawWordLength() {
      return rawWordCursor();
    }
  }
}
