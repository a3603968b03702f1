package org.smsjmx.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.management.ManagementFactory;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.management.JMX;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorServer;
import javax.management.remote.JMXConnectorServerFactory;
import javax.management.remote.JMXPrincipal;
import javax.management.remote.JMXServiceURL;
import javax.security.auth.Subject;
import javax.security.auth.x500.X500Principal;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smsjmx.management.Permission;
import org.smsjmx.management.ServerMXBean;
import org.smsjmx.management.SmsNames;
import org.smsjmx.session.Credential;

/** The setting {@code sms.jmx.principals}. */
final class PrincipalPermissionsTest {

  private static Permission permission(String text, Principal... principals) {
    return PrincipalPermissions.parse(text)
        .apply(new Subject(true, Set.of(principals), Set.of(), Set.of()));
  }

  @Test
  void namesMayDoWhatIsListed() {
    String text = " anna = administer , CN=b;O=c=Terminate";
    assertThat(permission(text, new JMXPrincipal("anna"))).isEqualTo(Permission.ADMINISTER);
    assertThat(permission(text, new JMXPrincipal("CN=b;O=c"))).isEqualTo(Permission.TERMINATE);
    assertThat(permission(text, new JMXPrincipal("Anna"))).isEqualTo(Permission.VIEW);
    assertThat(permission("CN=x=refresh", new X500Principal("CN=x"))).isEqualTo(Permission.REFRESH);
    assertThat(permission("CN=x=refresh", new X500Principal("CN=x"), new JMXPrincipal("y")))
        .isEqualTo(Permission.VIEW);
  }

  @Test
  void whoDidNotAuthenticateIsListedAsAnonymousAndNobodyElseIs() {
    assertThat(permission("anonymous=administer")).isEqualTo(Permission.ADMINISTER);
    assertThat(permission("anonymous=administer", new JMXPrincipal("anonymous")))
        .isEqualTo(Permission.VIEW);
    assertThat(permission("anna=administer")).isEqualTo(Permission.VIEW);
  }

  @ParameterizedTest
  @ValueSource(strings = {"anna", "=view", "anna=", "anna=root", "anna=view,", "a=view,a=refresh"})
  void anotherFormIsRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> PrincipalPermissions.parse(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"monitor=view", "monitor=root"})
  void aServiceKeepsToTheSettingAlsoIfItIsWrong(String setting) throws Exception {
    assertThat(answer(setting)).contains("monitor may view; this needs terminate");
  }

  @Test
  void aServiceLetsThoseEndSessionsThatMay() throws Exception {
    assertThat(answer("monitor=terminate")).isEqualTo("0");
  }

  private static String answer(String setting) throws Exception {
    Subject monitor = new Subject(true, Set.of(new JMXPrincipal("monitor")), Set.of(), Set.of());
    JMXConnectorServer server =
        JMXConnectorServerFactory.newJMXConnectorServer(
            new JMXServiceURL("service:jmx:rmi://127.0.0.1"),
            Map.of(
                JMXConnectorServer.AUTHENTICATOR,
                (javax.management.remote.JMXAuthenticator) credentials -> monitor),
            ManagementFactory.getPlatformMBeanServer());
    server.start();
    try (SessionService service =
            SessionService.open(
                "principals",
                "example.com",
                user -> new Credential(user, List.of(), Map.of()),
                name -> name.equals("sms.jmx.principals") ? setting : null);
        JMXConnector connector = server.toJMXConnector(null)) {
      connector.connect();
      ServerMXBean bean =
          JMX.newMXBeanProxy(
              connector.getMBeanServerConnection(),
              SmsNames.server(service.server()),
              ServerMXBean.class);
      Throwable refused =
          Assertions.catchThrowable(() -> bean.terminateAllSessions("dlucas", "example.com"));
      return refused == null ? "0" : refused.getMessage();
    } finally {
      server.stop();
    }
  }
}
