package org.smsjmx.cli;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a command is written, read from the line that help prints: words, {@code <values>}, {@code
 * -options}, in brackets what may be left out, with dots what may be repeated.
 */
final class Syntax {

  private final String text;
  private final List<Element> elements = new ArrayList<>();
  private final Map<Option, Boolean> options = new EnumMap<>(Option.class);

  Syntax(String text) {
    this.text = text;
    int depth = 0;
    for (String part : text.split(" ")) {
      int start = 0;
      while (part.charAt(start) == '[') {
        start++;
        depth++;
      }
      int closed = part.indexOf(']') < 0 ? 0 : part.length() - part.indexOf(']');
      boolean repeated = part.contains("...");
      String name = part.substring(start, part.length() - closed - (repeated ? 3 : 0));
      if (name.startsWith("-")) {
        options.put(option(name), depth == 0);
      } else if (!name.startsWith("<")) {
        elements.add(new Element(name, null, false, false));
      } else if (!isValueOfOption(name)) {
        elements.add(new Element(null, parameter(name), depth > 0, repeated));
      }
      depth -= closed;
    }
  }

  /**
   * A place in the line.
   *
   * @param word what stands there, null if a value does
   * @param value what the user fills in, null if a word stands there
   * @param optional whether it may be left out
   * @param repeated whether all words that follow belong to it
   */
  record Element(
      @Nullable String word, @Nullable Parameter value, boolean optional, boolean repeated) {}

  private static Option option(String name) {
    Option option = Option.named(name.substring(1));
    if (option == null) {
      throw new IllegalArgumentException("no option " + name);
    }
    return option;
  }

  private static Parameter parameter(String name) {
    Parameter parameter = Parameter.labelled(name.substring(1, name.length() - 1));
    if (parameter == null) {
      throw new IllegalArgumentException("no parameter " + name);
    }
    return parameter;
  }

  private boolean isValueOfOption(String name) {
    for (Option option : options.keySet()) {
      if (option.value() == parameter(name)) {
        return true;
      }
    }
    return false;
  }

  List<Element> elements() {
    return elements;
  }

  /** Returns the options, each with whether it must be given. */
  Map<Option, Boolean> options() {
    return options;
  }

  boolean takes(Option option) {
    return option == Option.JSON || options.containsKey(option);
  }

  /** Returns how many of the words fit, from the first on. */
  int fitting(List<String> words) {
    for (int i = 0; i < words.size(); i++) {
      Element element = elementAt(i);
      if (element == null || (element.word != null && !element.word.equals(words.get(i)))) {
        return i;
      }
    }
    return words.size();
  }

  /** Returns the element to which the word at the position belongs, null if there is none. */
  @Nullable Element elementAt(int position) {
    if (position < elements.size()) {
      return elements.get(position);
    }
    Element last = elements.get(elements.size() - 1);
    return last.repeated ? last : null;
  }

  /** Returns the words that are fixed. */
  List<String> fixedWords() {
    List<String> words = new ArrayList<>();
    for (Element element : elements) {
      if (element.word != null) {
        words.add(element.word);
      }
    }
    return words;
  }

  /** Returns all values, of elements and options, in the order in which they are written. */
  List<Parameter> parameters() {
    List<Parameter> parameters = new ArrayList<>();
    for (Parameter parameter : Parameter.values()) {
      if (text.contains(parameter.toString())) {
        parameters.add(parameter);
      }
    }
    parameters.sort((a, b) -> text.indexOf(a.toString()) - text.indexOf(b.toString()));
    return parameters;
  }

  @Override
  public String toString() {
    return text;
  }
}
