package org.smsjmx.management;

import java.util.List;

/** {@code sms:type=Service}: the session management service as a whole. */
@Description("The session management service as a whole")
public interface ServiceMXBean {

  @Description("Version of sms-jmx")
  String getVersion();

  @Description("When the service started, ISO-8601")
  String getStartedAt();

  @Description("Seconds since the start")
  long getUptimeSeconds();

  @Description("All servers, with and without the session management extension")
  List<String> getServers();

  @Description("Servers with the session management extension: those with an MBean")
  List<String> getExtendedServers();

  @Description("Servers without the session management extension: they have no MBean")
  List<String> getOtherServers();

  @Description("All realms")
  List<String> getRealms();

  @Description("Live sessions at all servers")
  long getSessionCount();

  @Description("Session totals of all servers, read at one moment")
  ServerMXBean.TotalsView getTotals();

  @Description("Heap that the session table takes now, estimated, in bytes")
  long getTableMemoryBytes();
}
