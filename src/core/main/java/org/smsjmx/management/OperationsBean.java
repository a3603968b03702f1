package org.smsjmx.management;

import java.util.List;
import org.smsjmx.management.ManagedBean.Outcome;

/** The MBean of one operation of another MBean. */
final class OperationsBean extends DescribedBean implements OperationsMXBean {

  private final ManagedBean counting;
  private final String operation;

  OperationsBean(ManagedBean counting, String operation) {
    super(OperationsMXBean.class, List.of());
    this.counting = counting;
    this.operation = operation;
  }

  @Override
  public long getDone() {
    return counting.counted(Outcome.DONE, operation);
  }

  @Override
  public long getRefused() {
    return counting.counted(Outcome.REFUSED, operation);
  }

  @Override
  public long getDenied() {
    return counting.counted(Outcome.DENIED, operation);
  }

  @Override
  public long getFailed() {
    return counting.counted(Outcome.FAILED, operation);
  }
}
