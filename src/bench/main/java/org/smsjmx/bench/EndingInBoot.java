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

  private final EndingBench bench;

  private EndingInBoot(EndingBench bench) {
    this.bench = bench;
  }

  public static void main(String[] args) throws Exception {
    new EndingInBoot(new EndingBench("spring", List.of(args))).run();
  }

  private void run() throws Exception {
    try (BootServer ours = shop(List.of(), List.of(), List.of());
        BootServer actuator =
            shop(
                List.of(BootServer.SESSION_JARS),
                List.of(),
                List.of(
                    WITHOUT_US,
                    "--management.endpoints.web.exposure.include=sessions",
                    "--management.endpoints.web.base-path=" + EndingByActuator.BASE,
                    "--server.servlet.session.cookie.name=JSESSIONID"));
        BootServer registry =
            shop(
                List.of(),
                List.of(RegistryPage.class, RegistryPage.Rules.class),
                List.of(WITHOUT_US));
        JMXConnector connector = JMXConnectorFactory.connect(ours.jmx())) {
      Map<EndingTool, Shop> tools = new LinkedHashMap<>();
      tools.put(new EndingByServerBean("sms-jmx", connector.getMBeanServerConnection()), ours);
      tools.put(new EndingByActuator(actuator.administrator()), actuator);
      tools.put(new EndingByRegistryPage(registry.administrator()), registry);
      bench.run(String.join(", ", actuator.versions()), tools);
    }
  }

  private BootServer shop(List<Path> more, List<Class<?>> sources, List<String> properties)
      throws IOException {
    return new BootServer(bench.users(), bench.jvm(), more, sources, properties);
  }
}
