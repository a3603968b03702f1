package org.smsjmx.bench;

import java.util.Map;
import java.util.function.LongFunction;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** A JMX connection over RMI, as JConsole has one, that calls an operation on all sessions. */
final class RmiConnection implements Connection {

  private static final String[] SIGNATURE = {String.class.getName(), String.class.getName()};

  private final JMXConnector connector;
  private final MBeanServerConnection mbeans;
  private final ObjectName mbean;
  private final String operation;
  private final LongFunction<String> user;
  private final String realm;

  /**
   * Connects.
   *
   * @param url the connector's
   * @param mbean name of the MBean
   * @param operation its operation
   * @param user first argument, by number of the call
   * @param realm second argument
   */
  RmiConnection(
      JMXServiceURL url, String mbean, String operation, LongFunction<String> user, String realm)
      throws Exception {
    this.connector =
        JMXConnectorFactory.connect(
            url,
            Map.of(
                JMXConnector.CREDENTIALS,
                new String[] {ServerProcess.ACCOUNT, ServerProcess.PASSWORD}));
    this.mbeans = connector.getMBeanServerConnection();
    this.mbean = new ObjectName(mbean);
    this.operation = operation;
    this.user = user;
    this.realm = realm;
  }

  @Override
  public long call(long number) throws Exception {
    Object[] arguments = {user.apply(number), realm};
    return (Integer) mbeans.invoke(mbean, operation, arguments, SIGNATURE);
  }

  @Override
  public void close() throws Exception {
    connector.close();
  }
}
