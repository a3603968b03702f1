package org.smsjmx.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.management.MBeanServerConnection;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;

/**
 * The command {@code sms-bench --ending}: sms-jmx and other tools in one application in one Tomcat.
 */
final class EndingInTomcat {

  private static final String ADMINISTRATOR = "johnq";

  private EndingInTomcat() {}

  public static void main(String[] args) throws Exception {
    EndingBench bench = new EndingBench("ending", List.of(args));
    List<String> users = Stream.concat(Stream.of(ADMINISTRATOR), bench.users().stream()).toList();
    try (ShopServer shop = new ShopServer(users, bench.jvm());
        JMXConnector connector = JMXConnectorFactory.connect(shop.jmx())) {
      MBeanServerConnection connection = connector.getMBeanServerConnection();
      Map<EndingTool, Shop> tools = new LinkedHashMap<>();
      tools.put(new EndingByServerBean("sms-jmx", connection), shop);
      tools.put(new EndingByManagerBean(connection), shop);
      tools.put(new EndingByMonitoringPages(shop.user(ADMINISTRATOR).signIn()), shop);
      bench.run(String.join(" with ", shop.versions()), tools);
    }
  }
}
