package org.smsjmx.management;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.management.ReflectionException;
import org.jspecify.annotations.Nullable;

/**
 * The form in which one copy of this software asks another one. A copy may be in another class
 * loader and of another version, so that only classes of the JDK cross.
 *
 * <p><b>It cannot come from outside the JVM</b>: one of the arguments is the calling thread itself,
 * which no client can send, and which no converter can make of a text.
 *
 * @param caller who called at the server where the operation was entered
 * @param reached the {@link org.smsjmx.session.Sessions} that the operation has reached; each copy
 *     adds its own, and does nothing if they are among them. Compared by identity
 * @param operation as {@link ServerMXBean} names it
 * @param subject its first argument: a user, a pattern or a session's id; where there are more than
 *     these three, all of them, as {@link JvmSessions} puts them into one
 * @param realm its second one
 * @param maximum how many sessions to list at most, 0 where none are listed
 */
record PeerCall(
    Caller caller,
    Set<Object> reached,
    String operation,
    String subject,
    String realm,
    int maximum) {

  /** The operation of a server's MBean that takes it. No MBeanInfo shows it. */
  static final String NAME = "runForPeer";

  private static final String[] SIGNATURE = {
    Thread.class.getName(),
    List.class.getName(),
    Set.class.getName(),
    String.class.getName(),
    String.class.getName(),
    String.class.getName(),
    int.class.getName()
  };

  Object[] toArguments() {
    List<String> who =
        List.of(caller.name(), caller.address(), caller.endpoint(), caller.permission().name());
    return new Object[] {Thread.currentThread(), who, reached, operation, subject, realm, maximum};
  }

  static String[] signature() {
    return SIGNATURE.clone();
  }

  /** Returns whether arguments were put together by this thread. */
  static boolean isFromThisThread(@Nullable Object @Nullable [] arguments) {
    return arguments != null && arguments.length > 0 && arguments[0] == Thread.currentThread();
  }

  /**
   * Reads what {@link #toArguments} gave.
   *
   * @throws ReflectionException if another version put them together
   */
  @SuppressWarnings("unchecked")
  static PeerCall of(@Nullable Object[] arguments) throws ReflectionException {
    try {
      List<String> who = (List<String>) required(arguments[1]);
      return new PeerCall(
          new Caller(who.get(0), who.get(1), who.get(2), Permission.valueOf(who.get(3))),
          (Set<Object>) required(arguments[2]),
          (String) required(arguments[3]),
          (String) required(arguments[4]),
          (String) required(arguments[5]),
          (Integer) required(arguments[6]));
    } catch (ClassCastException | IllegalArgumentException | IndexOutOfBoundsException e) {
      throw unknown(NAME);
    }
  }

  private static Object required(@Nullable Object argument) {
    if (argument == null) {
      throw new IllegalArgumentException("none of them is null");
    }
    return argument;
  }

  /** Says that this version has no such operation, as MBeans do. */
  static ReflectionException unknown(String operation) {
    return new ReflectionException(
        new NoSuchMethodException(operation), "no operation " + operation + " of this form");
  }

  /** Returns the components of a record by name. */
  static Map<String, @Nullable Object> members(Record value) {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    try {
      for (RecordComponent component : value.getClass().getRecordComponents()) {
        members.put(component.getName(), component.getAccessor().invoke(value));
      }
      return members;
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("a record of ours cannot be read", e);
    }
  }

  /**
   * Returns the record of which {@link #members} were taken. What a copy of another version adds is
   * left out, and what it lacks is empty: clients take no null inside a composite.
   */
  static <R extends Record> R record(Class<R> type, Map<?, ?> members) {
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    Object[] values =
        Arrays.stream(components)
            .map(component -> orEmpty(members.get(component.getName()), component.getType()))
            .toArray();
    try {
      return type.getDeclaredConstructor(types).newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException("no " + type.getSimpleName() + ": " + members.keySet(), e);
    }
  }

  private static @Nullable Object orEmpty(@Nullable Object value, Class<?> type) {
    if (value == null) {
      return type == String.class ? "" : type == List.class ? List.of() : null;
    }
    return value;
  }
}
