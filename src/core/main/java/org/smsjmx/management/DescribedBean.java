package org.smsjmx.management;

import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanInfo;
import javax.management.MBeanNotificationInfo;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanParameterInfo;
import javax.management.Notification;
import javax.management.NotificationBroadcasterSupport;
import javax.management.StandardEmitterMBean;
import org.jspecify.annotations.Nullable;

/**
 * An MXBean whose interface says everything: descriptions, parameter names, impact and
 * notifications are read from the annotations there.
 */
abstract class DescribedBean extends StandardEmitterMBean {

  private final String description;
  private final Map<String, String> attributes = new LinkedHashMap<>();
  private final Map<String, Operation> operations = new LinkedHashMap<>();
  private volatile @Nullable MBeanInfo ordered;

  /**
   * Takes what the MBean is from its interface.
   *
   * @param events types of the notifications that no operation causes
   */
  DescribedBean(Class<?> contract, List<String> events) {
    super(contract, true, new NotificationBroadcasterSupport(notificationsOf(contract, events)));
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

  private static MBeanNotificationInfo[] notificationsOf(Class<?> contract, List<String> events) {
    Stream<String> ofOperations =
        Arrays.stream(contract.getMethods())
            .map(method -> method.getAnnotation(ManagedOperation.class))
            .flatMap(op -> op == null ? Stream.empty() : Stream.of(op.notification()))
            .filter(type -> !type.isEmpty());
    String[] types = Stream.concat(ofOperations, events.stream()).distinct().toArray(String[]::new);
    return types.length == 0
        ? new MBeanNotificationInfo[0]
        : new MBeanNotificationInfo[] {
          new MBeanNotificationInfo(
              types, Notification.class.getName(), "One for each operation that was done")
        };
  }

  /** What the interface says of an operation, read once: annotations are slow to ask. */
  record Operation(
      String description,
      Permission needs,
      String returns,
      String notification,
      Parameter[] parameters) {

    private static Operation of(Method method) {
      ManagedOperation contract = method.getAnnotation(ManagedOperation.class);
      return new Operation(
          contract.value(),
          contract.needs(),
          contract.returns(),
          contract.notification(),
          method.getParameters());
    }
  }

  /** Returns what the interface says of an operation, null if it has no such operation. */
  final @Nullable Operation operation(String name) {
    return operations.get(name);
  }

  /** Returns the names of the operations that the interface has. */
  final Set<String> operationNames() {
    return operations.keySet();
  }

  private Operation operation(MBeanOperationInfo info) {
    return Objects.requireNonNull(operations.get(info.getName()));
  }

  /** Returns operations sorted by name: clients show them in this order, the JVM has none. */
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
    return Objects.requireNonNull(attributes.get(info.getName()));
  }

  @Override
  protected String getDescription(MBeanOperationInfo info) {
    return operation(info).description();
  }

  @Override
  protected int getImpact(MBeanOperationInfo info) {
    return operation(info).needs().onlyReads()
        ? MBeanOperationInfo.INFO
        : MBeanOperationInfo.ACTION;
  }

  @Override
  protected String getParameterName(
      MBeanOperationInfo info, MBeanParameterInfo parameter, int index) {
    return operation(info).parameters()[index].getName();
  }

  @Override
  protected String getDescription(
      MBeanOperationInfo info, MBeanParameterInfo parameter, int index) {
    return operation(info).parameters()[index].getAnnotation(Description.class).value();
  }
}
