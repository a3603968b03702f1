package org.smsjmx.spring.actuate;

import java.security.Principal;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.smsjmx.application.SessionService;
import org.smsjmx.management.Caller;
import org.smsjmx.management.Permission;
import org.smsjmx.management.StatusCode;
import org.smsjmx.text.Showable;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/**
 * The endpoint {@code sms} of Actuator: what the MBean of the server does, by HTTP.
 *
 * <table>
 *   <caption>Requests</caption>
 *   <tr><td>{@code GET /actuator/sms}<td>the server and its totals
 *   <tr><td>{@code GET /actuator/sms/dlucas}<td>the user's sessions
 *   <tr><td>{@code POST /actuator/sms/dlucas}<td>refreshes all of them; says what changed
 *   <tr><td>{@code DELETE /actuator/sms/dlucas}<td>terminates all of them; says how many
 * </table>
 *
 * <p>Operations are recorded as those of the authenticated user, at {@code actuator}. The
 * application's own security decides who may call: the user may do everything then. A caller who is
 * nobody may only read.
 *
 * <p>What is refused is answered with 400, an unknown user with 404, a caller who may not do it
 * with 403, and what cannot be done now, such as a refresh without the user store, with 409.
 */
// of Boot 4 any annotation Nullable makes a parameter optional, of Boot 3 this one
@SuppressWarnings("deprecation")
@WebEndpoint(id = "sms")
public final class SmsEndpoint {

  /** So many sessions are listed where the request does not say how many. */
  private static final int LISTED = 100;

  /** As long as a name may be in a line of the audit. */
  private static final int NAME_LENGTH = 256;

  private static final int FORBIDDEN = 403;
  private static final int CONFLICT = 409;

  private final SessionService service;
  private final ManagedServer server;

  /**
   * Calls nothing yet.
   *
   * @param service the application's sessions
   */
  public SmsEndpoint(SessionService service) {
    this.service = service;
    this.server = new ManagedServer(service.server());
  }

  /** Returns the server, its realm, the totals of its sessions, and what it does not reach. */
  @ReadOperation
  public WebEndpointResponse<Object> server() {
    return answer(
        () -> {
          Map<String, @Nullable Object> shown = new LinkedHashMap<>();
          shown.put("server", service.server());
          shown.put("realm", service.realm());
          shown.put("totals", server.attribute("Totals"));
          shown.put("unmanagedSessions", server.attribute("UnmanagedSessions"));
          shown.put("notes", server.attribute("Notes"));
          return shown;
        });
  }

  /**
   * Lists the sessions of a user: their exact number, and the first of them.
   *
   * @param security who is calling
   * @param user user name; {@code *} stands for any text
   * @param maximum how many sessions to list, 100 if it is null
   */
  @ReadOperation
  public WebEndpointResponse<Object> sessions(
      SecurityContext security,
      @Selector String user,
      @org.springframework.lang.Nullable Integer maximum) {
    int listed = Objects.requireNonNullElse(maximum, LISTED);
    return call(security, "listSessions", user, service.realm(), listed);
  }

  /**
   * Refreshes all sessions of a user.
   *
   * @param security who is calling
   * @param user user name
   * @param reason such as the number of a ticket, at most 80 characters; may be null
   * @return what changed
   */
  @WriteOperation
  public WebEndpointResponse<Object> refresh(
      SecurityContext security,
      @Selector String user,
      @org.springframework.lang.Nullable String reason) {
    return call(security, "refreshAllSessionsWithReport", user, service.realm(), reason);
  }

  /**
   * Terminates all sessions of a user.
   *
   * @param security who is calling
   * @param user user name
   * @param reason such as the number of a ticket, at most 80 characters; may be null
   * @return how many
   */
  @DeleteOperation
  public WebEndpointResponse<Object> terminate(
      SecurityContext security,
      @Selector String user,
      @org.springframework.lang.Nullable String reason) {
    return call(security, "terminateAllSessionsWithReason", user, service.realm(), reason);
  }

  private WebEndpointResponse<Object> call(
      SecurityContext security, String operation, @Nullable Object... arguments) {
    return answer(
        () -> {
          Object result = server.call(caller(security.getPrincipal()), operation, arguments);
          return result instanceof Integer count ? Map.of("sessions", count) : result;
        });
  }

  /** Never {@code local}: who calls in a JVM of its own is not who calls by HTTP. */
  private static Caller caller(@Nullable Principal principal) {
    return principal == null
        ? new Caller("anonymous", address(), "actuator", Permission.VIEW)
        : new Caller(
            Showable.shown(String.valueOf(principal.getName()), NAME_LENGTH),
            address(),
            "actuator",
            Permission.ADMINISTER);
  }

  private static String address() {
    return RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes request
        ? String.valueOf(request.getRequest().getRemoteAddr())
        : "";
  }

  /** Answers with what was found or done, or with the message of what was not. */
  private static WebEndpointResponse<Object> answer(Supplier<@Nullable Object> operation) {
    try {
      return new WebEndpointResponse<>(operation.get());
    } catch (IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage());
      StatusCode code = code(message);
      return problem(status(code), code == null ? null : code.name(), message);
    } catch (SecurityException e) {
      return problem(FORBIDDEN, StatusCode.CTGSI0303E.name(), String.valueOf(e.getMessage()));
    } catch (IllegalStateException e) {
      return problem(CONFLICT, null, String.valueOf(e.getMessage()));
    }
  }

  private static int status(@Nullable StatusCode code) {
    if (code == StatusCode.HPDMG0754W) {
      return WebEndpointResponse.STATUS_NOT_FOUND;
    }
    return code == StatusCode.CTGSI0307E || code == StatusCode.DPWAP0105E
        ? CONFLICT
        : WebEndpointResponse.STATUS_BAD_REQUEST;
  }

  /** Returns the code whose id a message begins with, null if there is none. */
  private static @Nullable StatusCode code(String message) {
    return Arrays.stream(StatusCode.values())
        .filter(code -> message.startsWith(code.name()))
        .findFirst()
        .orElse(null);
  }

  private static WebEndpointResponse<Object> problem(
      int status, @Nullable String id, String message) {
    Map<String, Object> body = new LinkedHashMap<>();
    if (id != null) {
      body.put("id", id);
    }
    body.put("message", message);
    return new WebEndpointResponse<>(body, status);
  }
}
