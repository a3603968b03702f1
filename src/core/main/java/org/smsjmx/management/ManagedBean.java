package org.smsjmx.management;

import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanException;
import javax.management.MBeanInfo;
import javax.management.MBeanNotificationInfo;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanParameterInfo;
import javax.management.MBeanServer;
import javax.management.Notification;
import javax.management.NotificationBroadcasterSupport;
import javax.management.NotificationFilter;
import javax.management.NotificationListener;
import javax.management.ObjectName;
import javax.management.ReflectionException;
import javax.management.RuntimeMBeanException;
import javax.management.StandardEmitterMBean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.smsjmx.session.Sessions;
import org.smsjmx.session.UserRegistry;

/**
 * An MXBean whose interface says everything: descriptions, parameter names, permissions and
 * notifications are read from the annotations there. Every operation, whichever door it came
 * through, passes {@link #invoke}: permission, run, audit, notification, and errors as clients can
 * read them.
 */
public abstract class ManagedBean extends StandardEmitterMBean {

  private static final int REASON_LENGTH = 80;
  private static final Logger LOG = LoggerFactory.getLogger(ManagedBean.class);

  private final Map<String, Operation> operations = new LinkedHashMap<>();
  private final Map<String, String> attributes = new LinkedHashMap<>();
  private final String description;
  private final Management management;
  private final Map<Outcome, Map<String, LongAdder>> counts = new EnumMap<>(Outcome.class);
  private final AtomicLong notifications = new AtomicLong();

  /** Whether anybody has ever listened. */
  private volatile boolean everHeard;

  private @Nullable ObjectName name;
  private String target = "";
  private volatile @Nullable MBeanInfo ordered;

  /**
   * Makes the MBean.
   *
   * @param contract the MXBean interface, which the subclass implements
   * @param management that to which it belongs
   */
  protected ManagedBean(Class<?> contract, Management management) {
    super(contract, true, new NotificationBroadcasterSupport(notificationsOf(contract)));
    this.management = management;
    for (Outcome outcome : Outcome.values()) {
      counts.put(outcome, new ConcurrentSkipListMap<>());
    }
    this.description = contract.getAnnotation(Description.class).value();
    for (Method method : contract.getMethods()) {
      Description attribute = method.getAnnotation(Description.class);
      if (attribute != null) {
        attributes.put(method.getName().replaceFirst("^(get|is)", ""), attribute.value());
      } else {
        operations.put(method.getName(), Operation.of(method));
      }
    }
  }

  private static MBeanNotificationInfo[] notificationsOf(Class<?> contract) {
    String[] types =
        Arrays.stream(contract.getMethods())
            .map(method -> method.getAnnotation(ManagedOperation.class))
            .flatMap(op -> op == null ? Stream.empty() : Stream.of(op.notification()))
            .filter(type -> !type.isEmpty())
            .distinct()
            .toArray(String[]::new);
    return types.length == 0
        ? new MBeanNotificationInfo[0]
        : new MBeanNotificationInfo[] {
          new MBeanNotificationInfo(
              types, Notification.class.getName(), "One for each operation that was done")
        };
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
    if (value.equals("String")) {
      throw new IllegalArgumentException(
          parameter + " must be filled in; String is what JConsole shows in an empty field");
    }
    return value;
  }

  /**
   * Checks the reason for an operation, such as the number of a ticket.
   *
   * @throws IllegalArgumentException if it is longer than {@value #REASON_LENGTH} or holds control
   *     characters; null and blank are no reason
   */
  protected static void requireReason(@Nullable String reason) {
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
  public Object invoke(String operation, Object @Nullable [] arguments, String[] signature)
      throws MBeanException, ReflectionException {
    Operation contract = operations.get(operation);
    if (contract == null) {
      return super.invoke(operation, arguments, signature);
    }
    Audit audit = management.audit();
    audit.begun();
    OperationContext call = OperationContext.begin(target, operation);
    Outcome outcome = Outcome.FAILED;
    StatusCode code = null;
    try {
      Parameter[] parameters = contract.parameters();
      int given = arguments == null ? 0 : arguments.length;
      for (int i = 0; i < Math.min(given, parameters.length); i++) {
        noteArgument(call, parameters[i].getName(), arguments[i]);
      }
      requirePermission(contract.needs(), call.caller());
      if (given != parameters.length) {
        throw new IllegalArgumentException(
            "%s takes %d arguments: %d".formatted(operation, parameters.length, given));
      }
      if (contract.needs() != Permission.VIEW) {
        audit.requireWritable();
      }
      Object result = super.invoke(operation, arguments, signature);
      if (result instanceof Integer number) {
        call.note(contract.returns(), number);
      }
      outcome = Outcome.DONE;
      notifyListeners(contract.notification(), call);
      return result;
    } catch (RuntimeException e) {
      RuntimeException reason =
          reasonOf(e instanceof RuntimeMBeanException wrapped ? wrapped.getTargetException() : e);
      if (reason instanceof RefusedException refused) {
        code = refused.code();
        outcome = code == StatusCode.CTGSI0303E ? Outcome.DENIED : Outcome.REFUSED;
      }
      throw asClientsReadIt(reason, operation);
    } finally {
      try {
        audit.ended(call, outcome == Outcome.DONE, code);
        counts.get(outcome).computeIfAbsent(operation, o -> new LongAdder()).increment();
        management.durations().note(operation, call.caller().endpoint(), call.micros());
        LOG.debug("{} of {} by {}: {}", operation, call.target(), call.caller().name(), outcome);
      } finally {
        call.end();
      }
    }
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

  /** Returns how many operations ended so since the start, by operation. */
  Map<String, Long> counted(Outcome outcome) {
    Map<String, Long> counted = new TreeMap<>();
    counts.get(outcome).forEach((operation, count) -> counted.put(operation, count.sum()));
    return counted;
  }

  /** What is no argument of ours is refused later; until then its class says enough of it. */
  private static void noteArgument(
      OperationContext call, String parameter, @Nullable Object value) {
    if (value == null || value instanceof Integer) {
      call.note(parameter, value);
    } else {
      call.note(parameter, shown(value instanceof String text ? text : value.getClass().getName()));
    }
  }

  private static void requirePermission(Permission needed, Caller caller) {
    if (!caller.permission().includes(needed)) {
      throw new RefusedException(
          StatusCode.CTGSI0303E,
          "%s may %s; this needs %s.".formatted(caller.name(), caller.permission(), needed));
    }
  }

  /** Gives what the domain refused its status code. */
  private static RuntimeException reasonOf(RuntimeException thrown) {
    if (thrown instanceof UserRegistry.UnknownUserException) {
      return new RefusedException(StatusCode.HPDMG0754W, sentence(thrown.getMessage()));
    }
    if (thrown instanceof IllegalArgumentException) {
      // without a text: from the JDK, for a null where a number must be
      String rule = Objects.requireNonNullElse(thrown.getMessage(), "an argument is missing");
      return new RefusedException(StatusCode.CTGSI0313E, sentence(rule));
    }
    return thrown;
  }

  private static String sentence(String text) {
    return text.isEmpty() ? text : Character.toUpperCase(text.charAt(0)) + text.substring(1) + ".";
  }

  /**
   * Turns a reason into an exception whose class every client has and that carries no cause: a
   * class of ours would reach an RMI client as ClassNotFoundException, without the text.
   */
  private static RuntimeException asClientsReadIt(RuntimeException reason, String operation) {
    if (reason instanceof RefusedException refused) {
      return refused.code() == StatusCode.CTGSI0303E
          ? new SecurityException(refused.getMessage())
          : new IllegalArgumentException(refused.getMessage());
    }
    if (reason instanceof UserRegistry.RegistryUnavailableException) {
      return new IllegalStateException(
          "The user registry is not available: %s; sessions keep their credential."
              .formatted(reason.getMessage()));
    }
    if (reason instanceof Sessions.RefreshUnderWayException
        || reason instanceof Audit.UnavailableException) {
      return new IllegalStateException(sentence(reason.getMessage()));
    }
    LOG.error("{} failed", operation, reason);
    return new IllegalStateException("%s failed; see the server's log.".formatted(operation));
  }

  @Override
  public void addNotificationListener(
      NotificationListener listener, NotificationFilter filter, Object handback) {
    everHeard = true;
    super.addNotificationListener(listener, filter, handback);
  }

  /** Notifications are numbered also while nobody listens, so that it shows what was missed. */
  private void notifyListeners(String type, OperationContext call) {
    if (type.isEmpty() || name == null) {
      return;
    }
    management.tell(type, call.facts());
    long number = notifications.incrementAndGet();
    if (!everHeard) {
      return; // nor is one made
    }
    Map<String, Object> data = new LinkedHashMap<>(call.facts());
    data.put("server", target);
    data.put("caller", call.caller().name());
    Notification notification =
        new Notification(
            type,
            name,
            number,
            call.operation() + " " + call.facts() + ", by " + call.caller().name());
    notification.setUserData(data);
    sendNotification(notification);
  }

  /** Operations by name: clients show them in this order, and the JVM gives them in any. */
  @Override
  public MBeanInfo getMBeanInfo() {
    MBeanInfo known = ordered;
    if (known == null) {
      MBeanInfo info = super.getMBeanInfo();
      MBeanOperationInfo[] byName = info.getOperations();
      Arrays.sort(byName, Comparator.comparing(MBeanOperationInfo::getName));
      known =
          new MBeanInfo(
              info.getClassName(),
              info.getDescription(),
              info.getAttributes(),
              info.getConstructors(),
              byName,
              info.getNotifications(),
              info.getDescriptor());
      ordered = known;
    }
    return known;
  }

  @Override
  protected String getDescription(MBeanInfo info) {
    return description;
  }

  @Override
  protected String getDescription(MBeanAttributeInfo info) {
    return attributes.get(info.getName());
  }

  @Override
  protected String getDescription(MBeanOperationInfo info) {
    return contractOf(info).description();
  }

  @Override
  protected int getImpact(MBeanOperationInfo info) {
    return contractOf(info).needs() == Permission.VIEW
        ? MBeanOperationInfo.INFO
        : MBeanOperationInfo.ACTION;
  }

  @Override
  protected String getParameterName(
      MBeanOperationInfo info, MBeanParameterInfo parameter, int index) {
    return contractOf(info).parameters()[index].getName();
  }

  @Override
  protected String getDescription(
      MBeanOperationInfo info, MBeanParameterInfo parameter, int index) {
    return contractOf(info).parameters()[index].getAnnotation(Description.class).value();
  }

  private Operation contractOf(MBeanOperationInfo info) {
    return operations.get(info.getName());
  }

  /** What the interface says of an operation, read once: annotations are slow to ask. */
  private record Operation(
      String description,
      Permission needs,
      String returns,
      String notification,
      Parameter[] parameters) {

    static Operation of(Method method) {
      ManagedOperation contract = method.getAnnotation(ManagedOperation.class);
      return new Operation(
          contract.value(),
          contract.needs(),
          contract.returns(),
          contract.notification(),
          method.getParameters());
    }
  }
}
