package org.smsjmx.it.clients;

import static org.awaitility.Awaitility.await;

import java.awt.Component;
import java.awt.Container;
import java.awt.Point;
import java.awt.Rectangle;
import java.awt.Robot;
import java.awt.Toolkit;
import java.awt.Window;
import java.awt.event.ActionListener;
import java.awt.event.InputEvent;
import java.awt.event.KeyEvent;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.swing.AbstractButton;
import javax.swing.JComponent;
import javax.swing.JDialog;
import javax.swing.JFrame;
import javax.swing.JInternalFrame;
import javax.swing.JLabel;
import javax.swing.JSplitPane;
import javax.swing.JTabbedPane;
import javax.swing.JTable;
import javax.swing.JTree;
import javax.swing.SwingUtilities;
import javax.swing.text.JTextComponent;
import javax.swing.tree.TreePath;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Runs a Swing program and uses it as a person at mouse and keyboard does, told so by lines on
 * standard input: a word and its arguments, separated by tabs. Each is answered by a line. What the
 * program has not shown yet is waited for.
 */
final class ScreenDriver {

  static final String FAILED = "failed: ";

  /** Where to find what the screen showed when something failed. */
  private static final Path FAILURE_PICTURE = Path.of("target", "failed-screen.png");

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** After so long a click is taken for lost: windows that have just opened may miss one. */
  private static final Duration EFFECT = Duration.ofSeconds(4);

  private final Robot robot;

  private ScreenDriver() throws Exception {
    robot = new Robot();
    // each action waits for its own effect: waiting for idle takes seconds where windows repaint
    robot.setAutoDelay(5);
  }

  /** Runs the main class that the first argument names, with the other arguments. */
  public static void main(String[] args) throws Exception {
    PrintStream answers = System.out;
    // what the program prints must not mix with the answers
    System.setOut(System.err);
    Class.forName(args[0])
        .getMethod("main", String[].class)
        .invoke(null, (Object) Arrays.copyOfRange(args, 1, args.length));
    ScreenDriver driver = new ScreenDriver();
    BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = commands.readLine(); line != null; line = commands.readLine()) {
      String answer;
      try {
        answer = driver.run(line.split("\t", -1));
      } catch (Exception | AssertionError e) {
        answer = FAILED + line + ": " + e + "; " + driver.failurePicture() + ":\n" + driver.text();
      }
      answers.println(answer.replace("\\", "\\\\").replace("\n", "\\n"));
      answers.flush();
    }
    System.exit(0);
  }

  private String run(String[] words) throws Exception {
    switch (words[0]) {
      case "press" ->
          press(find(AbstractButton.class, button -> words[1].equals(button.getText())));
      case "fill" -> fill(named(words[1]), words[2]);
      case "fill-argument" -> fill(argument(words[1], Integer.parseInt(words[2])), words[3]);
      case "tree" -> clickNode(Arrays.copyOfRange(words, 1, words.length));
      case "tab" -> clickTab(words[1]);
      case "move" ->
          onScreen(
              () -> {
                top().setLocation(Integer.parseInt(words[1]), Integer.parseInt(words[2]));
                return null;
              });
      case "divider" -> {
        JSplitPane pane = find(JSplitPane.class, any -> true);
        onScreen(
            () -> {
              pane.setDividerLocation(Integer.parseInt(words[1]));
              return null;
            });
      }
      case "size" -> resize(Integer.parseInt(words[1]), Integer.parseInt(words[2]));
      case "picture" -> picture(Path.of(words[1]));
      case "dialog" -> {
        return dialog(words[1]);
      }
      case "rows" -> {
        return rows();
      }
      case "text" -> {
        return text();
      }
      case "shows" -> await().atMost(PATIENCE).until(() -> text().contains(words[1]));
      default -> throw new IllegalArgumentException("no such command");
    }
    return "done";
  }

  /** Waits for a component that can be seen and used. */
  private static <T extends Component> T find(Class<T> type, Predicate<T> which) {
    return await()
        .alias(type.getSimpleName())
        .atMost(PATIENCE)
        .until(
            () ->
                onScreen(
                    () ->
                        all(type).stream()
                            .filter(Component::isEnabled)
                            .filter(which)
                            .findFirst()
                            .orElse(null)),
            found -> found != null);
  }

  private static <T> T onScreen(Callable<T> task) throws Exception {
    FutureTask<T> future = new FutureTask<>(task);
    SwingUtilities.invokeAndWait(future);
    return future.get();
  }

  /** Returns the components in the topmost window, front to back. */
  private static <T extends Component> List<T> all(Class<T> type) {
    List<T> found = new ArrayList<>();
    collect(type, top(), found);
    return found;
  }

  private static Window top() {
    List<Window> windows = Arrays.stream(Window.getWindows()).filter(Window::isShowing).toList();
    return windows.stream()
        .filter(JDialog.class::isInstance)
        .reduce((first, second) -> second)
        .or(() -> windows.stream().filter(JFrame.class::isInstance).findFirst())
        .orElseThrow(() -> new IllegalStateException("no window yet"));
  }

  private static <T> void collect(Class<T> type, Component from, List<T> found) {
    if (!from.isShowing()) {
      return;
    }
    if (type.isInstance(from)) {
      found.add(type.cast(from));
    }
    if (from instanceof Container container) {
      for (Component child : container.getComponents()) {
        collect(type, child, found);
      }
    }
  }

  private static JTextComponent named(String name) {
    return find(
        JTextComponent.class,
        field -> name.equals(field.getAccessibleContext().getAccessibleName()));
  }

  /** Returns the field beside the button of an operation. */
  private static JTextComponent argument(String operation, int index) throws Exception {
    AbstractButton button = find(AbstractButton.class, b -> operation.equals(b.getText()));
    return onScreen(
        () -> {
          List<JTextComponent> fields = new ArrayList<>();
          collect(JTextComponent.class, button.getParent(), fields);
          return fields.get(index);
        });
  }

  /** Clicks until that has an effect. */
  private void clickUntil(Callable<Boolean> effect, Callable<Point> place) {
    await()
        .alias("effect of a click")
        .atMost(PATIENCE)
        .until(
            () -> {
              click(place.call());
              boolean happened = happens(effect);
              if (!happened) {
                comeToFront();
              }
              return happened;
            });
  }

  /**
   * Puts right what may keep clicks away: another window above, a pointer that never came in, a
   * window that is not where it says. Without a window manager AWT sometimes takes a new window to
   * be in the corner of the screen until it is moved.
   */
  private void comeToFront() throws Exception {
    robot.mouseMove(0, 0);
    onScreen(
        () -> {
          Window top = top();
          top.setLocation(top.getX(), top.getY() + 1);
          top.toFront();
          return null;
        });
  }

  private static boolean happens(Callable<Boolean> effect) {
    try {
      await().atMost(EFFECT).pollDelay(Duration.ZERO).until(effect);
      return true;
    } catch (ConditionTimeoutException e) {
      return false;
    }
  }

  private void press(AbstractButton button) throws Exception {
    AtomicBoolean pressed = new AtomicBoolean();
    ActionListener listener = event -> pressed.set(true);
    // the last one added is told first, before a dialog opens that has to be answered
    button.addActionListener(listener);
    clickUntil(pressed::get, () -> steady(button));
    button.removeActionListener(listener);
  }

  /** Returns where a component is: windows that open or were resized may still move. */
  private static Point steady(Component component) {
    Point[] before = new Point[1];
    return await()
        .atMost(PATIENCE)
        .until(
            () -> {
              Point point = onScreen(() -> middle(component));
              Point seen = point.equals(before[0]) ? point : null;
              before[0] = point;
              return seen;
            },
            point -> point != null);
  }

  private static Point middle(Component component) {
    if (component instanceof JComponent inner) {
      inner.scrollRectToVisible(new Rectangle(0, 0, inner.getWidth(), inner.getHeight()));
    }
    Point corner = component.getLocationOnScreen();
    return new Point(corner.x + component.getWidth() / 2, corner.y + component.getHeight() / 2);
  }

  private void click(Point point) {
    robot.mouseMove(point.x, point.y);
    robot.mousePress(InputEvent.BUTTON1_DOWN_MASK);
    robot.mouseRelease(InputEvent.BUTTON1_DOWN_MASK);
  }

  private void fill(JTextComponent field, String text) throws Exception {
    clickUntil(field::isFocusOwner, () -> steady(field));
    await()
        .alias("text in the field")
        .atMost(PATIENCE)
        .until(
            () -> {
              press(KeyEvent.VK_CONTROL, KeyEvent.VK_A);
              press(KeyEvent.VK_DELETE);
              for (char character : text.toCharArray()) {
                type(character);
              }
              return happens(() -> onScreen(field::getText).equals(text));
            });
  }

  private void type(char character) {
    String shifted = "_:\"";
    int[] keys = {KeyEvent.VK_MINUS, KeyEvent.VK_SEMICOLON, KeyEvent.VK_QUOTE};
    int index = shifted.indexOf(character);
    if (index >= 0) {
      press(KeyEvent.VK_SHIFT, keys[index]);
    } else if (Character.isUpperCase(character)) {
      press(KeyEvent.VK_SHIFT, KeyEvent.getExtendedKeyCodeForChar(character));
    } else {
      press(KeyEvent.getExtendedKeyCodeForChar(character));
    }
  }

  private void press(int... keys) {
    for (int key : keys) {
      robot.keyPress(key);
    }
    for (int i = keys.length - 1; i >= 0; i--) {
      robot.keyRelease(keys[i]);
    }
  }

  /** Opens the tree as far as the last name and clicks on that. */
  private void clickNode(String... names) throws Exception {
    JTree tree = find(JTree.class, any -> true);
    for (int depth = 1; depth <= names.length; depth++) {
      List<String> wanted = Arrays.asList(names).subList(0, depth);
      TreePath path =
          await()
              .alias(wanted.toString())
              .atMost(PATIENCE)
              .until(() -> onScreen(() -> path(tree, wanted)), found -> found != null);
      boolean last = depth == names.length;
      Point point =
          onScreen(
              () -> {
                if (!last) {
                  tree.expandPath(path);
                }
                Rectangle bounds = tree.getPathBounds(path);
                tree.scrollRectToVisible(new Rectangle(0, bounds.y, 1, bounds.height));
                Point corner = tree.getLocationOnScreen();
                // past the icon; the end may be hidden
                return new Point(
                    corner.x + bounds.x + bounds.height * 2,
                    corner.y + bounds.y + bounds.height / 2);
              });
      if (last) {
        clickUntil(() -> path.equals(onScreen(tree::getSelectionPath)), () -> point);
      }
    }
  }

  private static TreePath path(JTree tree, List<String> names) {
    return IntStream.range(0, tree.getRowCount())
        .mapToObj(tree::getPathForRow)
        .filter(path -> names.equals(names(tree, path)))
        .findFirst()
        .orElse(null);
  }

  private static List<String> names(JTree tree, TreePath path) {
    return Arrays.stream(path.getPath())
        .skip(tree.isRootVisible() ? 0 : 1)
        .map(Object::toString)
        .toList();
  }

  private void clickTab(String title) throws Exception {
    JTabbedPane tabs = find(JTabbedPane.class, pane -> pane.indexOfTab(title) >= 0);
    clickUntil(
        () -> onScreen(() -> tabs.getSelectedIndex() == tabs.indexOfTab(title)),
        () -> onScreen(() -> middleOfTab(tabs, title)));
  }

  private static Point middleOfTab(JTabbedPane tabs, String title) {
    Rectangle bounds = tabs.getBoundsAt(tabs.indexOfTab(title));
    Point corner = tabs.getLocationOnScreen();
    return new Point(
        corner.x + bounds.x + bounds.width / 2, corner.y + bounds.y + bounds.height / 2);
  }

  private static void resize(int width, int height) throws Exception {
    onScreen(
        () -> {
          Window window = top();
          window.setBounds(0, 0, width, height);
          window.validate();
          return null;
        });
  }

  /** Takes a picture of the main window and what lies on it. */
  private void picture(Path file) throws Exception {
    robot.waitForIdle();
    Rectangle bounds =
        onScreen(
            () ->
                Arrays.stream(Window.getWindows())
                    .filter(window -> window instanceof JFrame && window.isShowing())
                    .findFirst()
                    .orElseThrow()
                    .getBounds());
    picture(file, bounds);
  }

  private void picture(Path file, Rectangle bounds) throws IOException {
    ImageIO.write(robot.createScreenCapture(bounds), "png", file.toFile());
  }

  /** Takes a picture of the whole screen, if it can; returns what came of it. */
  private String failurePicture() {
    try {
      picture(FAILURE_PICTURE, new Rectangle(Toolkit.getDefaultToolkit().getScreenSize()));
      return "on the screen, as in " + FAILURE_PICTURE;
    } catch (IOException e) {
      return "on the screen, without a picture (" + e + ")";
    }
  }

  /** Waits for a dialog with this title, and tells what it shows. */
  private String dialog(String title) throws Exception {
    await()
        .alias("dialog " + title)
        .atMost(PATIENCE)
        .until(
            () ->
                onScreen(
                    () ->
                        top() instanceof JDialog dialog && title.equals(dialog.getTitle())
                            || all(JInternalFrame.class).stream()
                                .anyMatch(frame -> title.equals(frame.getTitle()))));
    return text();
  }

  /** Returns the rows of the tables that can be seen, their cells separated by {@code =}. */
  private static String rows() throws Exception {
    return onScreen(
        () ->
            all(JTable.class).stream()
                .flatMap(ScreenDriver::rows)
                .collect(Collectors.joining("\n")));
  }

  private static Stream<String> rows(JTable table) {
    return IntStream.range(0, table.getRowCount())
        .mapToObj(
            row ->
                IntStream.range(0, table.getColumnCount())
                    .mapToObj(column -> shown(table, row, column))
                    .collect(Collectors.joining("=")));
  }

  private static String shown(JTable table, int row, int column) {
    Component cell = table.prepareRenderer(table.getCellRenderer(row, column), row, column);
    if (cell instanceof JLabel label) {
      return label.getText();
    }
    return String.valueOf(table.getValueAt(row, column));
  }

  /** Returns what can be read in the topmost window. */
  private String text() throws InterruptedException, InvocationTargetException {
    List<String> texts = new ArrayList<>();
    SwingUtilities.invokeAndWait(
        () -> {
          for (Component component : all(Component.class)) {
            if (component instanceof JLabel label) {
              texts.add(label.getText());
            } else if (component instanceof JTextComponent field) {
              texts.add(field.getText());
            } else if (component instanceof AbstractButton button) {
              texts.add("[" + button.getText() + "]");
            } else if (component instanceof JTable table) {
              rows(table).forEach(texts::add);
            }
          }
        });
    return texts.stream()
        .filter(text -> text != null && !text.isBlank())
        .collect(Collectors.joining("\n"));
  }
}
