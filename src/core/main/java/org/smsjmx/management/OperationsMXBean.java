package org.smsjmx.management;

/**
 * {@code sms:type=Operations,server=<server-host>,operation=<name>}: how often an operation of a
 * server's MBean ended how, for collectors that read numbers alone. Those of a realm's MBean have
 * {@code realm=<realm>} in place of the server, and those of the service's neither. The same
 * numbers stand in OperationsTotal and its like of {@code sms:type=Server}: count one or the other.
 */
@Description("Numbers of one operation, by how it ended")
public interface OperationsMXBean {

  @Description("Calls that were done")
  long getDone();

  @Description("Calls refused for what they asked (unknown user or realm)")
  long getRefused();

  @Description("Calls that the caller's account may not do")
  long getDenied();

  @Description("Calls that failed at the server (registry down)")
  long getFailed();
}
