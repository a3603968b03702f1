package org.smsjmx.remote.http;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.management.MalformedObjectNameException;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.jolokia.core.api.LogHandler;
import org.jolokia.json.JSONArray;
import org.jolokia.json.JSONObject;
import org.jolokia.json.parser.JSONParser;
import org.jolokia.json.parser.ParseException;
import org.jolokia.jvmagent.ParsedUri;
import org.jolokia.server.core.config.ConfigKey;
import org.jolokia.server.core.config.Configuration;
import org.jolokia.server.core.config.StaticConfiguration;
import org.jolokia.server.core.http.HttpRequestHandler;
import org.jolokia.server.core.request.BadRequestException;
import org.jolokia.server.core.request.EmptyResponseException;
import org.jolokia.server.core.request.JolokiaExecRequest;
import org.jolokia.server.core.request.JolokiaObjectNameRequest;
import org.jolokia.server.core.request.JolokiaRequest;
import org.jolokia.server.core.request.JolokiaRequestFactory;
import org.jolokia.server.core.request.ProcessingParameters;
import org.jolokia.server.core.restrictor.RestrictorFactory;
import org.jolokia.server.core.service.JolokiaServiceManagerFactory;
import org.jolokia.server.core.service.api.JolokiaContext;
import org.jolokia.server.core.service.api.JolokiaServiceManager;
import org.jolokia.server.core.service.impl.ClasspathServiceCreator;
import org.jolokia.server.core.util.RequestType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.smsjmx.files.Unreadable;
import org.smsjmx.management.Audit;
import org.smsjmx.management.Caller;
import org.smsjmx.management.StatusCode;
import org.smsjmx.session.UserName;
import org.smsjmx.text.Json;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;
import org.xml.sax.helpers.DefaultHandler;

/**
 * Jolokia without its HTTP part: JSON in, JSON out. Its writer of JSON is not used, since it breaks
 * at some control characters.
 */
public final class Jolokia implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Jolokia.class);

  private static final int MAXIMUM_DEPTH = 100;

  private final JolokiaServiceManager manager;
  private final Requests requests;

  private Jolokia(JolokiaServiceManager manager, Requests requests) {
    this.manager = manager;
    this.requests = requests;
  }

  /**
   * Starts it.
   *
   * @param policy what may be called: Jolokia's policy file
   * @param audit told of what the policy denies
   * @throws IOException if the policy cannot be read: Jolokia would allow everything
   */
  public static Jolokia start(Path policy, Audit audit) throws IOException {
    if (!Files.isReadable(policy) || Files.isDirectory(policy)) {
      throw new IOException(Unreadable.reason(policy));
    }
    Configuration configuration =
        new StaticConfiguration(
            ConfigKey.POLICY_LOCATION,
            policy.toUri().toString(),
            ConfigKey.AGENT_ID,
            "sms-jmx",
            ConfigKey.ALLOW_ERROR_DETAILS,
            "false",
            ConfigKey.INCLUDE_REQUEST,
            "false",
            ConfigKey.DISABLE_DETECTORS,
            "true");
    requireXml(policy);
    LogHandler log = new Log();
    JolokiaServiceManager manager =
        JolokiaServiceManagerFactory.createJolokiaServiceManager(
            configuration,
            log,
            new RememberingPolicy(RestrictorFactory.createRestrictor(configuration, log)),
            null);
    manager.addServices(new ClasspathServiceCreator(Jolokia.class.getClassLoader(), "services"));
    return new Jolokia(manager, new Requests(manager.start(), audit));
  }

  /** Jolokia's own parser prints to the terminal and names no file. */
  private static void requireXml(Path policy) throws IOException {
    try {
      DocumentBuilder parser = DocumentBuilderFactory.newInstance().newDocumentBuilder();
      parser.setErrorHandler(new DefaultHandler());
      parser.parse(policy.toFile());
    } catch (SAXParseException e) {
      throw new IOException("%s:%d: %s".formatted(policy, e.getLineNumber(), e.getMessage()), e);
    } catch (SAXException | ParserConfigurationException e) {
      throw new IOException("%s: %s".formatted(policy, e.getMessage()), e);
    }
  }

  /** Answers a request that stands in the URI. */
  String get(URI uri) throws Refusal {
    return Json.of(requests.get(uri));
  }

  /** Answers a request, or a list of them, that stands in the body. */
  String post(String body, URI uri) throws Refusal {
    requireShallow(body);
    Object json;
    try {
      // one for each body: it keeps something of all that it has parsed
      json = new JSONParser().parse(body);
    } catch (IOException | ParseException | RuntimeException e) {
      throw new Refusal(400, "The body is not JSON.");
    }
    if (json instanceof JSONObject request) {
      return Json.of(requests.post(request, uri));
    }
    if (json instanceof JSONArray list) {
      return Json.of(requests.list(list, uri));
    }
    throw new Refusal(400, "The body must be a request as a JSON object, or a list of such.");
  }

  /** Parser, operations and writer call themselves for what stands inside. */
  private static void requireShallow(String json) throws Refusal {
    int depth = 0;
    boolean inText = false;
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      if (inText && c == '\\') {
        i++;
      } else if (c == '"') {
        inText = !inText;
      } else if (!inText && (c == '[' || c == '{') && ++depth > MAXIMUM_DEPTH) {
        throw new Refusal(400, "The body is nested deeper than %d.".formatted(MAXIMUM_DEPTH));
      } else if (!inText && (c == ']' || c == '}')) {
        depth--;
      }
    }
  }

  /** Ends it. */
  @Override
  public void close() {
    manager.stop();
  }

  /** Runs requests, each by itself: an error in one leaves the others alone. */
  private static final class Requests extends HttpRequestHandler {

    private static final String CONTEXT = JolokiaHandler.PATH;
    private static final int REASON_LENGTH = 200;
    private static final int ERROR_LENGTH = 800;

    private final Audit audit;

    Requests(JolokiaContext context, Audit audit) {
      super(context);
      this.audit = audit;
    }

    JSONObject get(URI uri) throws Refusal {
      ParsedUri parsed = new ParsedUri(uri, CONTEXT);
      return answer(
          () ->
              JolokiaRequestFactory.createGetRequest(
                  parsed.getPathInfo(), getProcessingParameter(parsed.getParameterMap())));
    }

    JSONObject post(JSONObject request, URI uri) throws Refusal {
      return post(request, new ParsedUri(uri, CONTEXT));
    }

    private JSONObject post(JSONObject request, ParsedUri parsed) throws Refusal {
      if (request.containsKey("target")) {
        return refused(403, "Requests with a target, for other servers, are not answered.");
      }
      return answer(
          () -> {
            ProcessingParameters parameters = getProcessingParameter(parsed.getParameterMap());
            return JolokiaRequestFactory.createPostRequest(request, parameters);
          });
    }

    JSONArray list(JSONArray members, URI uri) {
      ParsedUri parsed = new ParsedUri(uri, CONTEXT);
      JSONArray answers = new JSONArray(members.size());
      try (Audit.Batch lines = audit.batch()) {
        for (Object member : members) {
          answers.add(member(member, parsed));
        }
      }
      return answers;
    }

    /** A member that cannot be understood must not hide what the others did. */
    private JSONObject member(Object member, ParsedUri parsed) {
      try {
        if (member instanceof JSONObject request) {
          return post(request, parsed);
        }
        return refused(400, "The members of a list of requests must be JSON objects.");
      } catch (Refusal e) {
        return refused(e.status(), e.reason());
      }
    }

    private JSONObject answer(RequestMaker maker) throws Refusal {
      JolokiaRequest request;
      try {
        request = maker.make();
      } catch (BadRequestException | MalformedObjectNameException | RuntimeException e) {
        throw notUnderstood(e);
      }
      if (request.getType() == RequestType.NOTIFICATION) {
        return denied(request, "Notifications are sent to JMX clients only.");
      }
      if (request instanceof JolokiaExecRequest exec && exec.getObjectName().isPattern()) {
        return denied(request, "An operation is called on one MBean, not on a pattern of names.");
      }
      try {
        JSONObject answer = executeRequest(request);
        return isDeniedByPolicy(answer)
            ? denied(request, "The policy does not allow this here.")
            : completed(request, shown(answer));
      } catch (BadRequestException e) {
        throw notUnderstood(e);
      } catch (EmptyResponseException e) {
        throw new IllegalStateException("no request is answered later", e);
      }
    }

    /** The innermost reason says what is wrong; those around it repeat the request. */
    private static Refusal notUnderstood(Exception thrown) {
      Throwable reason = thrown;
      while (reason.getCause() != null) {
        reason = reason.getCause();
      }
      String text = String.valueOf(reason.getMessage());
      return new Refusal(400, "Not a Jolokia request: " + UserName.shown(text, REASON_LENGTH));
    }

    /** An error may repeat what was asked; JSON by Jolokia does not escape all it must. */
    private static JSONObject shown(JSONObject answer) {
      answer.computeIfPresent(
          "error", (member, error) -> UserName.shown(error.toString(), ERROR_LENGTH));
      return answer;
    }

    /** Our MBeans deny with a message id, and have told the audit. */
    private static boolean isDeniedByPolicy(JSONObject answer) {
      return Integer.valueOf(403).equals(answer.get("status"))
          && !String.valueOf(answer.get("error")).contains(StatusCode.CTGSI0303E.name());
    }

    private JSONObject denied(JolokiaRequest request, String reason) {
      String target =
          request instanceof JolokiaObjectNameRequest named ? named.getObjectNameAsString() : "";
      String operation =
          request instanceof JolokiaExecRequest exec
              ? exec.getOperation()
              : request.getType().getName();
      audit.denied(Caller.current(), target, operation);
      return refused(403, StatusCode.CTGSI0303E.message(reason));
    }

    private static JSONObject completed(JolokiaRequest request, JSONObject answer) {
      if (request.getType() == RequestType.VERSION && answer.get("value") instanceof JSONObject v) {
        // it would tell the machine's paths
        v.remove("config");
      }
      if (request.getType() == RequestType.READ && answer.containsKey("value")) {
        // Telegraf finds values by it
        answer.put("request", request.toJSON());
      }
      return answer;
    }

    private static JSONObject refused(int status, String reason) {
      JSONObject answer = new JSONObject();
      answer.put("status", status);
      answer.put("error", reason);
      return answer;
    }
  }

  /** Makes a request of what came in. */
  private interface RequestMaker {
    JolokiaRequest make() throws BadRequestException, MalformedObjectNameException;
  }

  /** Jolokia's log in ours. */
  private static final class Log implements LogHandler {

    @Override
    public void debug(String message) {
      LOG.debug(message);
    }

    @Override
    public void info(String message) {
      LOG.debug(message);
    }

    @Override
    public void error(String message, Throwable thrown) {
      LOG.warn(message, thrown);
    }

    @Override
    public boolean isDebug() {
      return false;
    }
  }
}
