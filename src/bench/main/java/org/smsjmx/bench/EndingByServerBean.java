package org.smsjmx.bench;

import java.io.IOException;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;

/** The MBean of sms-jmx: one call. */
final class EndingByServerBean implements EndingTool {

  private static final String[] SIGNATURE = {String.class.getName(), String.class.getName()};

  private final String title;
  private final MBeanServerConnection connection;
  private final ObjectName bean;
  private final String realm;

  EndingByServerBean(String title, MBeanServerConnection connection)
      throws IOException, JMException {
    this.title = title;
    this.connection = connection;
    this.bean = connection.queryNames(new ObjectName("sms:type=Server,*"), null).iterator().next();
    this.realm = ((String[]) connection.getAttribute(bean, "Realms"))[0];
  }

  @Override
  public String title() {
    return title;
  }

  @Override
  public Answer end(String user) throws IOException, JMException {
    return new Answer(1, String.valueOf(call("terminateAllSessions", user)));
  }

  /** Gives a user's sessions new roles; returns how many. */
  int refresh(String user) throws IOException, JMException {
    return call("refreshAllSessions", user);
  }

  private int call(String operation, String user) throws IOException, JMException {
    return (Integer) connection.invoke(bean, operation, new Object[] {user, realm}, SIGNATURE);
  }
}
