package org.smsjmx.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.list;
import static org.assertj.core.api.InstanceOfAssertFactories.map;

import java.lang.management.ManagementFactory;
import java.security.Principal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import javax.management.Notification;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smsjmx.application.SessionService;
import org.smsjmx.management.Caller;
import org.smsjmx.management.SmsNames;
import org.smsjmx.session.UserInRealm;
import org.smsjmx.spring.TestService;
import org.springframework.boot.actuate.endpoint.InvocationContext;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.invoke.convert.ConversionServiceParameterValueMapper;
import org.springframework.boot.actuate.endpoint.web.EndpointMediaTypes;
import org.springframework.boot.actuate.endpoint.web.ExposableWebEndpoint;
import org.springframework.boot.actuate.endpoint.web.WebEndpointHttpMethod;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.WebOperation;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpointDiscoverer;
import org.springframework.context.support.GenericApplicationContext;

/** The endpoint as Boot finds it, with the arguments that requests have. */
class SmsEndpointTest {

  private final SessionService service = TestService.open();
  private final GenericApplicationContext context = new GenericApplicationContext();
  private final ConcurrentLinkedQueue<String> audit = new ConcurrentLinkedQueue<>();
  private final Logger logger = Logger.getLogger("sms.audit");
  private final Handler listening = new Listening();

  /** Hears the lines of the audit: tests have no provider of SLF4J. */
  private final class Listening extends Handler {
    @Override
    public void publish(LogRecord line) {
      if (line.getMessage().startsWith("{")) {
        audit.add(line.getMessage());
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  @BeforeEach
  void begin() {
    logger.addHandler(listening);
    context.registerBean(SmsEndpoint.class, () -> new SmsEndpoint(service));
    context.refresh();
  }

  @AfterEach
  void close() {
    context.close();
    service.close();
    logger.removeHandler(listening);
  }

  private record Administrator(String name) implements SecurityContext, Principal {

    @Override
    public Principal getPrincipal() {
      return this;
    }

    @Override
    public boolean isUserInRole(String role) {
      return false;
    }

    @Override
    public String getName() {
      return name;
    }
  }

  private static final Administrator ALICE = new Administrator("alice");

  private WebEndpointResponse<?> request(
      SecurityContext caller, WebEndpointHttpMethod method, Map<String, Object> arguments) {
    ExposableWebEndpoint endpoint =
        new WebEndpointDiscoverer(
                context,
                new ConversionServiceParameterValueMapper(),
                EndpointMediaTypes.DEFAULT,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of())
            .getEndpoints()
            .iterator()
            .next();
    assertThat(endpoint.getEndpointId()).hasToString("sms");
    String path = arguments.containsKey("user") ? "sms/{user}" : "sms";
    WebOperation operation =
        endpoint.getOperations().stream()
            .filter(found -> found.getRequestPredicate().getPath().equals(path))
            .filter(found -> found.getRequestPredicate().getHttpMethod() == method)
            .findFirst()
            .orElseThrow();
    return (WebEndpointResponse<?>) operation.invoke(new InvocationContext(caller, arguments));
  }

  private WebEndpointResponse<?> request(WebEndpointHttpMethod method, String user) {
    return request(ALICE, method, Map.of("user", user));
  }

  private void signIn(String user, int times) {
    service.sessions().signIn(new UserInRealm(user, "shop"), service.server(), times);
  }

  private static String id(WebEndpointResponse<?> response) {
    return String.valueOf(((Map<?, ?>) response.getBody()).get("id"));
  }

  @Test
  void showsTheServerAndItsTotals() {
    signIn("dlucas", 3);
    service.membership().note("Cookies of another application are not reached.");

    WebEndpointResponse<?> response = request(ALICE, WebEndpointHttpMethod.GET, Map.of());

    assertThat(response.getStatus()).isEqualTo(200);
    assertThat(response.getBody())
        .asInstanceOf(map(String.class, Object.class))
        .containsEntry("server", service.server())
        .containsEntry("realm", "shop")
        .containsEntry("unmanagedSessions", 0L)
        .containsEntry("notes", List.of("Cookies of another application are not reached."))
        .extractingByKey("totals", map(String.class, Object.class))
        .containsEntry("sessions", 3L)
        .containsEntry("signedIn", 3L)
        .containsEntry("terminated", 0L);
  }

  @Test
  void listsTheFirstSessionsOfAUserAndTheirExactNumber() {
    signIn("dlucas", 5);
    signIn("johnq", 2);

    Object listed =
        request(
                ALICE,
                WebEndpointHttpMethod.GET,
                new HashMap<>(Map.of("user", "DLUCAS", "maximum", "2")))
            .getBody();

    assertThat(listed)
        .asInstanceOf(map(String.class, Object.class))
        .containsEntry("matched", 5L)
        .extractingByKey("sessions", list(Map.class))
        .hasSize(2)
        .allSatisfy(session -> assertThat(session.get("user")).isEqualTo("dlucas"));
  }

  @Test
  void listsAHundredWhereTheRequestDoesNotSay() {
    signIn("dlucas", 101);

    assertThat(request(WebEndpointHttpMethod.GET, "dlucas").getBody())
        .asInstanceOf(map(String.class, Object.class))
        .containsEntry("matched", 101L)
        .extractingByKey("sessions", list(Map.class))
        .hasSize(100);
  }

  @Test
  void deleteTerminatesAllSessionsOfTheUserAndCountsThem() throws Exception {
    signIn("dlucas", 3);
    signIn("johnq", 1);
    List<Notification> heard = new ArrayList<>();
    ManagementFactory.getPlatformMBeanServer()
        .addNotificationListener(
            SmsNames.server(service.server()), (told, handback) -> heard.add(told), null, null);

    Map<String, Object> arguments = Map.of("user", "dlucas", "reason", "ticket 4711");
    assertThat(request(ALICE, WebEndpointHttpMethod.DELETE, arguments).getBody())
        .isEqualTo(Map.of("sessions", 3));
    assertThat(request(WebEndpointHttpMethod.DELETE, "dlucas").getBody())
        .isEqualTo(Map.of("sessions", 0));

    assertThat(service.sessions().total().sessions()).isEqualTo(1);
    assertThat(heard).hasSize(2);
    assertThat(heard.get(0).getType()).isEqualTo("sms.session.terminated");
    assertThat(heard.get(0).getUserData())
        .asInstanceOf(map(String.class, Object.class))
        .containsEntry("caller", "alice")
        .containsEntry("reason", "ticket 4711");
    assertThat(audit)
        .first()
        .asString()
        .contains("\"caller\":\"alice\",\"address\":\"\",\"door\":\"actuator\"")
        .contains("\"operation\":\"terminateAllSessionsWithReason\",\"user\":\"dlucas\"")
        .contains("\"reason\":\"ticket 4711\"")
        .contains("\"sessions\":3");
  }

  @Test
  void postRefreshesAllSessionsOfTheUserAndSaysWhatChanged() {
    signIn("dlucas", 3);

    WebEndpointResponse<?> response =
        request(ALICE, WebEndpointHttpMethod.POST, Map.of("user", "dlucas", "reason", "new role"));

    assertThat(response.getStatus()).isEqualTo(200);
    assertThat(response.getBody())
        .asInstanceOf(map(String.class, Object.class))
        .containsEntry("sessions", 3)
        .containsEntry("changed", 0)
        .containsEntry("kept", 0)
        .containsEntry("groupsAdded", List.of());
    assertThat(audit).last().asString().contains("\"reason\":\"new role\"");
  }

  @Test
  void anUnknownUserIs404() {
    WebEndpointResponse<?> response = request(WebEndpointHttpMethod.POST, "nobody");

    assertThat(response.getStatus()).isEqualTo(404);
    assertThat(id(response)).isEqualTo("HPDMG0754W");
    assertThat(response.getBody())
        .asInstanceOf(map(String.class, Object.class))
        .extractingByKey("message")
        .asString()
        .endsWith("(status 0x14c012f2)");
  }

  @Test
  void whatIsRefusedIs400() {
    List<WebEndpointResponse<?>> refused =
        List.of(
            request(WebEndpointHttpMethod.DELETE, "dl*"),
            request(WebEndpointHttpMethod.DELETE, " "),
            request(WebEndpointHttpMethod.DELETE, "x".repeat(10_000)),
            request(WebEndpointHttpMethod.POST, "a\u0000b"),
            request(
                ALICE,
                WebEndpointHttpMethod.DELETE,
                Map.of("user", "dlucas", "reason", "x".repeat(81))),
            request(ALICE, WebEndpointHttpMethod.GET, Map.of("user", "dlucas", "maximum", -1)));

    assertThat(refused)
        .allSatisfy(
            response -> {
              assertThat(response.getStatus()).isEqualTo(400);
              assertThat(id(response)).isEqualTo("CTGSI0313E");
            });
  }

  @Test
  void aRegistryThatDoesNotAnswerIs409() {
    signIn("johnq", 1);
    TestService.fail(true);
    try {
      WebEndpointResponse<?> response = request(WebEndpointHttpMethod.POST, "johnq");

      assertThat(response.getStatus()).isEqualTo(409);
      assertThat(response.getBody())
          .isEqualTo(
              Map.of(
                  "message",
                  "The user registry is not available: it is down;"
                      + " sessions keep their credential."));
    } finally {
      TestService.fail(false);
    }
  }

  @Test
  void aServerThatHasLeftIs409() {
    service.close();

    assertThat(request(WebEndpointHttpMethod.DELETE, "dlucas").getStatus()).isEqualTo(409);
    assertThat(request(ALICE, WebEndpointHttpMethod.GET, Map.of()).getStatus()).isEqualTo(409);
  }

  @Test
  void aCallerWhoIsNobodyMayOnlyRead() {
    signIn("dlucas", 1);

    for (WebEndpointHttpMethod method :
        List.of(WebEndpointHttpMethod.DELETE, WebEndpointHttpMethod.POST)) {
      WebEndpointResponse<?> denied =
          request(SecurityContext.NONE, method, Map.of("user", "dlucas"));
      assertThat(denied.getStatus()).isEqualTo(403);
      assertThat(id(denied)).isEqualTo("CTGSI0303E");
      assertThat(audit)
          .last()
          .asString()
          .contains("\"caller\":\"anonymous\"", "\"door\":\"actuator\"", "CTGSI0303E");
    }
    assertThat(
            request(SecurityContext.NONE, WebEndpointHttpMethod.GET, Map.of("user", "dlucas"))
                .getStatus())
        .isEqualTo(200);
    assertThat(service.sessions().total().sessions()).isEqualTo(1);
  }

  @Test
  void theNameOfACallerCannotPassForAnotherOne() {
    request(
        new Administrator("\u202Elocal\n" + "x".repeat(1_000)),
        WebEndpointHttpMethod.GET,
        Map.of("user", "dlucas"));

    assertThat(audit)
        .last()
        .asString()
        .contains("\"caller\":\"\\\\u202Elocal\\\\u000Axxx")
        .hasSizeLessThan(1_000);
  }

  @Test
  void theThreadIsNobodysAfterwards() {
    request(WebEndpointHttpMethod.GET, "dlucas");

    assertThat(Caller.current()).isEqualTo(Caller.LOCAL);
  }
}
