package org.smsjmx.management;

import java.lang.reflect.Parameter;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import javax.management.MBeanException;
import javax.management.MBeanServer;
import javax.management.Notification;
import javax.management.NotificationFilter;
import javax.management.NotificationListener;
import javax.management.ObjectName;
import javax.management.ReflectionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.smsjmx.log.Logs;

/**
 * An MXBean that runs operations. Every operation, whichever endpoint it came through, passes
 * {@link #invoke}: permission, run, notification, errors as clients can read them, audit, counts
 * and durations.
 */
public abstract class ManagedBean extends DescribedBean {

  private static final int REASON_LENGTH = 80;
  private static final Logger LOG = Logs.of(ManagedBean.class);

  private final Management management;

  /**
   * Every operation has its counters from the start: monitoring sees no first step from nothing.
   */
  private final Map<Outcome, Map<String, LongAdder>> counts = new EnumMap<>(Outcome.class);

  private final AtomicLong notifications = new AtomicLong();

  /** Whether a listener was ever added. */
  private volatile boolean everHeard;

  private @Nullable ObjectName name;
  private String target = "";

  /**
   * Takes what the MBean is from its interface.
   *
   * @param contract the MXBean interface, which the subclass implements
   * @param management permissions, audit and counts of its operations
   */
  protected ManagedBean(Class<?> contract, Management management) {
    this(contract, management, List.of());
  }

  ManagedBean(Class<?> contract, Management management, List<String> events) {
    super(contract, events);
    this.management = management;
    for (Outcome outcome : Outcome.values()) {
      Map<String, LongAdder> byOperation = new TreeMap<>();
      operationNames().forEach(operation -> byOperation.put(operation, new LongAdder()));
      counts.put(outcome, byOperation);
    }
  }

  /**
   * Returns an argument that must be given.
   *
   * @throws IllegalArgumentException if it is null, blank, or what JConsole shows in an empty field
   */
  protected static String required(String parameter, @Nullable String value) {
    if (value == null || value.isBlank()) {
      throw new IllegalArgumentException(parameter + " must not be blank");
    }
    requireFilledIn(parameter, value);
    return value;
  }

  /**
   * Returns an argument that need not be given, empty if it is null or blank.
   *
   * @throws IllegalArgumentException if it is what JConsole shows in an empty field
   */
  protected static String optional(String parameter, @Nullable String value) {
    return value == null || value.isBlank() ? "" : required(parameter, value);
  }

  private static void requireFilledIn(String parameter, @Nullable String value) {
    if ("String".equals(value)) {
      throw new IllegalArgumentException(
          parameter + " must be filled in; String is what JConsole shows in an empty field");
    }
  }

  /**
   * Checks the reason for an operation, such as the number of a ticket.
   *
   * @throws IllegalArgumentException if it is longer than {@value #REASON_LENGTH}, holds control
   *     characters, or is what JConsole shows in an empty field; null and blank are no reason
   */
  protected static void requireReason(@Nullable String reason) {
    requireFilledIn("reason", reason);
    if (reason != null && (reason.length() > REASON_LENGTH || !shown(reason).equals(reason))) {
      throw new IllegalArgumentException(
          "reason must be at most %d characters long, without control characters"
              .formatted(REASON_LENGTH));
    }
  }

  /** Returns a client's text in a form that can stand in a message: in one line, not too long. */
  protected static String shown(@Nullable String text) {
    return RefusedException.shown(String.valueOf(text));
  }

  @Override
  public ObjectName preRegister(MBeanServer server, ObjectName asked) throws Exception {
    ObjectName given = super.preRegister(server, asked);
    String named = given.getKeyProperty("name");
    name = given;
    target = named == null ? given.getKeyProperty("type") : named;
    return given;
  }

  @Override
  public Object invoke(String operation, Object @Nullable [] given, String[] signature)
      throws MBeanException, ReflectionException {
    Operation contract = operation(operation);
    if (contract == null) {
      return super.invoke(operation, given, signature);
    }
    Object[] arguments = given == null ? new Object[0] : given;
    Audit audit = management.audit();
    audit.begun();
    OperationContext call = OperationContext.begin(target, operation);
    call.calledBy(management.caller());
    Outcome outcome = Outcome.FAILED;
    StatusCode code = null;
    boolean recorded = false;
    Object result;
    try {
      Parameter[] parameters = contract.parameters();
      for (int i = 0; i < Math.min(arguments.length, parameters.length); i++) {
        noteArgument(call, parameters[i].getName(), arguments[i]);
      }
      requirePermission(contract.needs(), call.caller());
      if (arguments.length != parameters.length) {
        throw new IllegalArgumentException(
            "%s takes %d arguments: %d".formatted(operation, parameters.length, arguments.length));
      }
      for (int i = 0; i < arguments.length; i++) {
        requireKind(parameters[i], arguments[i]);
      }
      if (!contract.needs().onlyReads()) {
        audit.requireWritable();
      }
      result = super.invoke(operation, arguments, signature);
      if (result instanceof Integer number) {
        call.note(contract.returns(), number);
      }
      outcome = Outcome.DONE;
      notifyListeners(contract.notification(), call);
    } catch (RuntimeException e) {
      RuntimeException reason = ClientErrors.reasonOf(e);
      if (reason instanceof RefusedException refused) {
        code = refused.code();
        outcome = code == StatusCode.CTGSI0303E ? Outcome.DENIED : Outcome.REFUSED;
      }
      throw ClientErrors.shownFor(reason, operation);
    } finally {
      try {
        recorded = audit.ended(call, outcome == Outcome.DONE, code);
        if (outcome != Outcome.DONE || !contract.needs().onlyReads()) {
          management
              .recentOperations()
              .note(call, management.now(), AuditLines.outcome(outcome == Outcome.DONE, code));
        }
        counter(outcome, operation).increment();
        management.durations().note(operation, call.caller().endpoint(), call.micros());
        LOG.debug("{} of {} by {}: {}", operation, call.target(), call.caller().name(), outcome);
      } finally {
        call.end();
      }
    }
    if (!recorded && !contract.needs().onlyReads()) {
      String done = "the operation was done, and its line is still to be written";
      throw ClientErrors.shownFor(new Audit.UnavailableException(done), operation);
    }
    return result;
  }

  /** How an operation ended. */
  enum Outcome {
    DONE,
    /** It asked for something that is not so, such as an unknown realm. */
    REFUSED,
    /** The caller may not do it. */
    DENIED,
    /** Something is out of order at the server. */
    FAILED
  }

  private LongAdder counter(Outcome outcome, String operation) {
    return Objects.requireNonNull(counts(outcome).get(operation));
  }

  private Map<String, LongAdder> counts(Outcome outcome) {
    return Objects.requireNonNull(counts.get(outcome));
  }

  /** Returns how many operations ended so since the start, by operation; 0 where none did. */
  Map<String, Long> counted(Outcome outcome) {
    Map<String, Long> counted = new TreeMap<>();
    counts(outcome).forEach((operation, count) -> counted.put(operation, count.sum()));
    return counted;
  }

  /** Returns how often an operation ended so since the start. */
  long counted(Outcome outcome, String operation) {
    return counter(outcome, operation).sum();
  }

  /** An argument of a foreign type is refused later; the audit gets the name of its class. */
  private static void noteArgument(
      OperationContext call, String parameter, @Nullable Object value) {
    if (value == null || value instanceof Integer || value instanceof Boolean) {
      call.note(parameter, value);
    } else if (value instanceof String[] texts) {
      call.note(parameter, texts.length); // they may be many
    } else {
      call.note(parameter, shown(value instanceof String text ? text : value.getClass().getName()));
    }
  }

  /** Of the types that arguments have here; else a number would be called a wrong type of Java. */
  private static void requireKind(Parameter parameter, @Nullable Object argument) {
    if (parameter.getType() == String.class && argument != null && !(argument instanceof String)) {
      throw new IllegalArgumentException(parameter.getName() + " must be a text");
    }
    if (parameter.getType() == int.class && argument != null && !(argument instanceof Integer)) {
      throw new IllegalArgumentException(parameter.getName() + " must be a whole number");
    }
    if (parameter.getType() == boolean.class && !(argument instanceof Boolean)) {
      throw new IllegalArgumentException(parameter.getName() + " must be true or false");
    }
    if (parameter.getType() == List.class && argument != null && !(argument instanceof String[])) {
      throw new IllegalArgumentException(parameter.getName() + " must be a list of texts");
    }
  }

  static void requirePermission(Permission needed, Caller caller) {
    if (!caller.permission().includes(needed)) {
      throw new RefusedException(
          StatusCode.CTGSI0303E,
          "%s may %s; this needs %s.".formatted(caller.name(), caller.permission(), needed));
    }
  }

  @Override
  public void addNotificationListener(
      NotificationListener listener, NotificationFilter filter, Object handback) {
    everHeard = true;
    super.addNotificationListener(listener, filter, handback);
  }

  /** Notifications are numbered also without a listener, so that a later one sees a gap. */
  private void notifyListeners(String type, OperationContext call) {
    if (!type.isEmpty()) {
      notifyListeners(
          type,
          () -> call.operation() + " " + call.facts() + ", by " + call.caller().name(),
          () -> {
            Map<String, @Nullable Object> data = new LinkedHashMap<>(call.facts());
            data.put("caller", call.caller().name());
            return data;
          });
    }
  }

  /** Tells of what no operation has caused. */
  final void tell(String type, String event, Map<String, Object> facts) {
    notifyListeners(type, () -> event + " " + facts, () -> new LinkedHashMap<>(facts));
  }

  private void notifyListeners(
      String type, Supplier<String> message, Supplier<Map<String, @Nullable Object>> facts) {
    if (name == null) {
      return;
    }
    long number = notifications.incrementAndGet();
    if (!everHeard) {
      return; // nor is one made
    }
    Notification notification = new Notification(type, name, number, message.get());
    Map<String, @Nullable Object> data = facts.get();
    data.put("server", target);
    notification.setUserData(data);
    sendNotification(notification);
  }
}
