package org.smsjmx.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import org.smsjmx.bench.boot.RegistryPage;

/**
 * The command {@code sms-bench --spring}: sms-jmx and what Spring has itself, in one application
 * with Spring Boot; each in a process of its own, since they need it set up differently.
 */
final class EndingInBoot {

  private static final String WITHOUT_US = "--sms.enabled=false";

  /** As the container calls it, though the sessions are in a store. */
  private static final String COOKIE = "--server.servlet.session.cookie.name=JSESSIONID";

  private final EndingBench bench;

  private EndingInBoot(EndingBench bench) {
    this.bench = bench;
  }

  public static void main(String[] args) throws Exception {
    new EndingInBoot(new EndingBench("spring", List.of(args))).run();
  }

  private void run() throws Exception {
    List<Path> store = List.of(BootServer.SESSION_JARS);
    try (BootServer memory = shop(List.of(), List.of(), List.of());
        BootServer stored = shop(store, List.of(), List.of(COOKIE));
        BootServer actuator =
            shop(
                store,
                List.of(),
                List.of(
                    WITHOUT_US,
                    COOKIE,
                    "--management.endpoints.web.exposure.include=sessions",
                    "--management.endpoints.web.base-path=" + EndingByActuator.BASE));
        BootServer registry =
            shop(
                List.of(),
                List.of(RegistryPage.class, RegistryPage.Rules.class),
                List.of(WITHOUT_US));
        JMXConnector memoryAgent = JMXConnectorFactory.connect(memory.jmx());
        JMXConnector storedAgent = JMXConnectorFactory.connect(stored.jmx())) {
      Map<EndingTool, Shop> tools = new LinkedHashMap<>();
      tools.put(
          new EndingByServerBean("sms-jmx, in memory", memoryAgent.getMBeanServerConnection()),
          memory);
      tools.put(
          new EndingByRegistryPage(
              "`SessionRegistry` and a page of one's own, in memory", registry.administrator()),
          registry);
      tools.put(
          new EndingByServerBean("sms-jmx, in JDBC", storedAgent.getMBeanServerConnection()),
          stored);
      tools.put(
          new EndingByActuator("Boot's actuator, in JDBC", actuator.administrator()), actuator);
      bench.run(String.join(", ", actuator.versions()), tools);
    }
  }

  private BootServer shop(List<Path> more, List<Class<?>> sources, List<String> properties)
      throws IOException {
    return new BootServer(bench.users(), bench.jvm(), more, sources, properties);
  }
}
