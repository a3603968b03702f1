package org.smsjmx.management;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
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

  private final Map<String, Method> operations = new LinkedHashMap<>();
  private final Map<String, String> attributes = new LinkedHashMap<>();
  private final String description;
  private final Audit audit;
  private final AtomicLong notifications = new AtomicLong();
  private @Nullable ObjectName name;

  /**
   * Makes the MBean.
   *
   * @param contract the MXBean interface, which the subclass implements
   * @param management that to which it belongs
   */
  protected ManagedBean(Class<?> contract, Management management) {
    super(contract, true, new NotificationBroadcasterSupport(notificationsOf(contract)));
    this.audit = management.audit();
    this.description = contract.getAnnotation(Description.class).value();
    for (Method method : contract.getMethods()) {
      Description attribute = method.getAnnotation(Description.class);
      if (attribute != null) {
        attributes.put(method.getName().replaceFirst("^(get|is)", ""), attribute.value());
      } else {
        operations.put(method.getName(), method);
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
    name = super.preRegister(server, asked);
    return name;
  }

  @Override
  public Object invoke(String operation, Object[] arguments, String[] signature)
      throws MBeanException, ReflectionException {
    Method method = operations.get(operation);
    if (method == null || arguments == null || arguments.length != method.getParameterCount()) {
      return super.invoke(operation, arguments, signature);
    }
    ManagedOperation contract = method.getAnnotation(ManagedOperation.class);
    Call call = Call.begin(Caller.current(), target(), operation);
    String outcome = "error";
    String status = "";
    try {
      for (int i = 0; i < arguments.length; i++) {
        noteArgument(method.getParameters()[i].getName(), arguments[i]);
      }
      requirePermission(contract.needs(), call.caller());
      Object result = super.invoke(operation, arguments, signature);
      if (result instanceof Integer number) {
        Call.note(contract.returns(), number);
      }
      outcome = "done";
      notifyListeners(contract.notification(), call);
      return result;
    } catch (RuntimeException e) {
      RuntimeException reason =
          reasonOf(e instanceof RuntimeMBeanException wrapped ? wrapped.getTargetException() : e);
      if (reason instanceof RefusedException refused) {
        outcome = refused.code().name();
        status = refused.code().status();
      }
      throw asClientsReadIt(reason, operation);
    } finally {
      Call.end();
      audit.write(call, outcome, status);
      LOG.debug("{} of {} by {}: {}", operation, call.target(), call.caller().name(), outcome);
    }
  }

  private static void noteArgument(String parameter, @Nullable Object value) {
    Call.note(parameter, value instanceof String text ? RefusedException.shown(text) : value);
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
    if (reason instanceof Sessions.RefreshUnderWayException) {
      return new IllegalStateException(sentence(reason.getMessage()));
    }
    LOG.error("{} failed", operation, reason);
    return new IllegalStateException("%s failed; see the server's log.".formatted(operation));
  }

  private String target() {
    if (name == null) {
      return "";
    }
    String named = name.getKeyProperty("name");
    return named == null ? name.getKeyProperty("type") : named;
  }

  private void notifyListeners(String type, Call call) {
    if (type.isEmpty() || name == null) {
      return;
    }
    Map<String, Object> data = new LinkedHashMap<>(call.facts());
    data.put("server", target());
    data.put("caller", call.caller().name());
    Notification notification =
        new Notification(
            type,
            name,
            notifications.incrementAndGet(),
            "%s %s, by %s".formatted(call.operation(), call.facts(), call.caller().name()));
    notification.setUserData(data);
    sendNotification(notification);
  }

  /** Operations by name: clients show them in this order, and the JVM gives them in any. */
  @Override
  public MBeanInfo getMBeanInfo() {
    MBeanInfo info = super.getMBeanInfo();
    MBeanOperationInfo[] ordered = info.getOperations();
    Arrays.sort(ordered, Comparator.comparing(MBeanOperationInfo::getName));
    return new MBeanInfo(
        info.getClassName(),
        info.getDescription(),
        info.getAttributes(),
        info.getConstructors(),
        ordered,
        info.getNotifications(),
        info.getDescriptor());
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
    return contractOf(info).value();
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
    return operations.get(info.getName()).getParameters()[index].getName();
  }

  @Override
  protected String getDescription(
      MBeanOperationInfo info, MBeanParameterInfo parameter, int index) {
    return operations
        .get(info.getName())
        .getParameters()[index]
        .getAnnotation(Description.class)
        .value();
  }

  private ManagedOperation contractOf(MBeanOperationInfo info) {
    return operations.get(info.getName()).getAnnotation(ManagedOperation.class);
  }
}
