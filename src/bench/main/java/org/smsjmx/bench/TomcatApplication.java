package org.smsjmx.bench;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.security.Principal;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.Session;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.realm.GenericPrincipal;
import org.apache.catalina.realm.RealmBase;
import org.apache.catalina.session.StandardManager;
import org.apache.catalina.startup.Tomcat;
import org.smsjmx.servlet.AdaptedRequests;

/**
 * A web application with signed-in users, of Tomcat's own classes, without a network: one request
 * object, which serves one request after the other, as in a thread of Tomcat.
 */
final class TomcatApplication implements AutoCloseable {

  private static final int SESSIONS_OF_A_USER = 4;
  private static final long SEED = 42;

  /** Tomcat tells of its start and end; held, or else the level would be forgotten. */
  private static final Logger TOMCAT_LOG = Logger.getLogger("org.apache");

  private final int sessions;
  private final Tomcat tomcat = new Tomcat();
  private final StandardManager manager = new StandardManager();
  private final Request request;
  private final HttpServletRequest seen;
  private final HttpServletResponse answer;
  private final AdaptedRequests adapted;

  /** What the filter leads to: nothing, but that it counts. */
  private final FilterChain nothing = (passed, answered) -> this.served++;

  private long served;

  /**
   * Fills one.
   *
   * @param sessions how many; each user has four
   */
  TomcatApplication(int sessions) throws IOException, ServletException, LifecycleException {
    this.sessions = sessions;
    TOMCAT_LOG.setLevel(Level.SEVERE);
    tomcat.setBaseDir(Path.of("target", "bench", "tomcat").toAbsolutePath().toString());
    tomcat.getEngine().setRealm(new Users());
    tomcat.getEngine().setBackgroundProcessorDelay(-1); // nothing expires
    Context context = tomcat.addContext("/bench", null);
    manager.setPathname(null);
    context.setManager(manager);
    tomcat.start();
    org.apache.coyote.Request received = new org.apache.coyote.Request();
    received.remoteAddr().setString("192.0.2.1");
    received.getMimeHeaders().addValue("User-Agent").setString("Mozilla/5.0 (X11; Linux x86_64)");
    request = new Request(new Connector());
    request.setCoyoteRequest(received);
    request.getMappingData().context = context;
    Response response = new Response();
    response.setRequest(request);
    seen = request.getRequest();
    answer = response.getResponse();
    adapted = new AdaptedRequests(context.getServletContext());
    for (int session = 0; session < sessions; session++) {
      signIn(session);
    }
    if (adapted.sessions() != sessions) {
      throw new IllegalStateException(adapted.sessions() + " sessions were entered");
    }
  }

  private void signIn(int session) throws IOException, ServletException {
    String id = id(session);
    Session made = manager.createSession(id);
    made.setAuthType(HttpServletRequest.FORM_AUTH);
    made.setPrincipal(
        session % SESSIONS_OF_A_USER == 0
            ? Users.principal("user%07d".formatted(session))
            : manager.findSession(id(session - session % SESSIONS_OF_A_USER)).getPrincipal());
    adaptedRequest(id);
  }

  int sessions() {
    return sessions;
  }

  /** Returns a session's id as a client sends it: a string of its own. */
  String id(int session) {
    SplittableRandom random = new SplittableRandom(SEED + session);
    HexFormat hex = HexFormat.of().withUpperCase();
    return hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong());
  }

  /** Serves a request as Tomcat does alone: finds the session, and who has signed in. */
  boolean bareRequest(String id) {
    next(id);
    boolean found = seen.getSession(false) != null;
    authenticate();
    return found;
  }

  /** Serves a request with the adapter in its place. */
  boolean adaptedRequest(String id) throws IOException, ServletException {
    long before = served;
    next(id);
    adapted.begin(seen);
    authenticate();
    adapted.pass(seen, answer, nothing);
    adapted.end(seen);
    return served > before;
  }

  private void next(String id) {
    request.recycleSessionInfo();
    request.setRequestedSessionId(id);
  }

  private void authenticate() {
    Session session = request.getSessionInternal(false);
    request.setAuthType(session.getAuthType());
    request.setUserPrincipal(session.getPrincipal());
  }

  @Override
  public void close() throws LifecycleException {
    adapted.close();
    tomcat.stop();
    tomcat.destroy();
  }

  /** Knows everybody. */
  private static final class Users extends RealmBase {

    static Principal principal(String user) {
      return new GenericPrincipal(user, List.of("user"));
    }

    @Override
    protected String getPassword(String user) {
      return "";
    }

    @Override
    protected Principal getPrincipal(String user) {
      return principal(user);
    }
  }
}
