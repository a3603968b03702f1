package org.smsjmx.bench;

import java.io.IOException;
import java.util.Arrays;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;

/**
 * Tomcat's own MBean: the ids of all sessions, one call for each to learn whose it is, one to end
 * it. It does not tell who is signed in; JavaMelody puts the name into an attribute of the session.
 */
final class EndingByManagerBean implements EndingTool {

  private static final String USER = "javamelody.remoteUser";
  private static final String TEXT = String.class.getName();

  private final MBeanServerConnection connection;
  private final ObjectName bean;

  EndingByManagerBean(MBeanServerConnection connection) throws IOException, JMException {
    this.connection = connection;
    this.bean =
        connection
            .queryNames(new ObjectName("Catalina:type=Manager,context=/shop,*"), null)
            .iterator()
            .next();
  }

  @Override
  public String title() {
    return "Tomcat's Manager MBean";
  }

  @Override
  public Answer end(String user) throws IOException, JMException {
    long calls = 1;
    Object answer = null;
    for (String id : String.valueOf(call("listSessionIds")).trim().split(" ")) {
      calls++;
      if (user.equals(call("getSessionAttribute", id, USER))) {
        calls++;
        answer = call("expireSession", id);
      }
    }
    return new Answer(calls, answer == null ? "nothing" : answer.toString());
  }

  private Object call(String operation, String... arguments) throws IOException, JMException {
    String[] signature = new String[arguments.length];
    Arrays.fill(signature, TEXT);
    return connection.invoke(bean, operation, arguments, signature);
  }
}
