package org.smsjmx.remote.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.MalformedObjectNameException;
import javax.management.RuntimeMBeanException;
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
import org.jolokia.server.core.restrictor.policy.PolicyRestrictor;
import org.jolokia.server.core.service.JolokiaServiceManagerFactory;
import org.jolokia.server.core.service.api.JolokiaContext;
import org.jolokia.server.core.service.api.JolokiaServiceManager;
import org.jolokia.server.core.service.api.Restrictor;
import org.jolokia.server.core.service.impl.ClasspathServiceCreator;
import org.jolokia.server.core.util.RequestType;
import org.jolokia.server.core.util.jmx.DefaultMBeanServerAccess;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.smsjmx.files.Unreadable;
import org.smsjmx.management.Audit;
import org.smsjmx.management.Caller;
import org.smsjmx.management.SmsNames;
import org.smsjmx.management.StatusCode;
import org.smsjmx.remote.LargeAnswers;
import org.smsjmx.remote.OwnMBeans;
import org.smsjmx.remote.Signatures;
import org.smsjmx.text.Json;
import org.smsjmx.text.Showable;

/**
 * Jolokia without its HTTP part: JSON in, JSON out. Its writer of JSON is not used, since it breaks
 * at some control characters.
 */
public final class Jolokia implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Jolokia.class);

  private static final String SHIPPED = "jolokia-access.xml";

  private final JolokiaServiceManager manager;
  private final JolokiaContext context;
  private final Restrictor policy;
  private final Requests requests;

  private Jolokia(
      JolokiaServiceManager manager, JolokiaContext context, Restrictor policy, Requests requests) {
    this.manager = manager;
    this.context = context;
    this.policy = policy;
    this.requests = requests;
  }

  /**
   * Starts it.
   *
   * @param policy what may be called: Jolokia's policy file, null = the shipped one
   * @param audit told of what the policy denies
   * @param large gives turns to answers that may be large
   * @throws IOException if the policy cannot be read: Jolokia would allow everything
   */
  public static Jolokia start(@Nullable Path policy, Audit audit, LargeAnswers large)
      throws IOException {
    byte[] content = policy == null ? shipped() : content(policy);
    Denials denials =
        PolicyFile.require(
            policy == null ? Path.of(SHIPPED) : policy, new ByteArrayInputStream(content));
    Configuration configuration =
        new StaticConfiguration(
            ConfigKey.AGENT_ID,
            "sms-jmx",
            ConfigKey.ALLOW_ERROR_DETAILS,
            "false",
            ConfigKey.INCLUDE_REQUEST,
            "false",
            ConfigKey.DISABLE_DETECTORS,
            "true");
    LogHandler log = new Log();
    Restrictor restrictor =
        new RememberingPolicy(new PolicyRestrictor(new ByteArrayInputStream(content)), denials);
    JolokiaServiceManager manager =
        JolokiaServiceManagerFactory.createJolokiaServiceManager(
            configuration, log, restrictor, null);
    manager.addServices(new ClasspathServiceCreator(Jolokia.class.getClassLoader(), "services"));
    JolokiaContext context = manager.start();
    return new Jolokia(
        manager,
        context,
        restrictor,
        new Requests(context, audit, ManagementFactory.getPlatformMBeanServer(), large));
  }

  private static byte[] content(Path policy) throws IOException {
    if (!Files.isReadable(policy) || Files.isDirectory(policy)) {
      throw new IOException(Unreadable.reason(policy));
    }
    return Files.readAllBytes(policy);
  }

  private static byte[] shipped() throws IOException {
    try (InputStream in = Jolokia.class.getResourceAsStream(SHIPPED)) {
      return Objects.requireNonNull(in).readAllBytes();
    }
  }

  /**
   * Makes sure that the policy lets a client in.
   *
   * @throws Refusal if not
   */
  void requireAllowed(InetAddress client) throws Refusal {
    // names of hosts are looked up only where addresses do not do
    if (!policy.isRemoteAccessAllowed(client.getHostAddress())
        && !policy.isRemoteAccessAllowed(client.getHostName(), client.getHostAddress())) {
      throw new Refusal(
          403, StatusCode.CTGSI0303E.message("The policy does not let this client in."));
    }
  }

  /** Answers a request that stands in the URI. */
  void get(ParsedUri uri, AnswerStream answer) throws IOException {
    requests.get(uri, answer);
  }

  /** Answers a request, or a list of them, that stands in the body. */
  void post(String body, ParsedUri uri, AnswerStream answer) throws IOException {
    StrictJson.require(body);
    Object json;
    try {
      // one for each body: it keeps something of all that it has parsed
      json = new JSONParser().parse(body);
    } catch (IOException | ParseException | RuntimeException e) {
      throw new Refusal(400, "The body is not JSON.");
    }
    if (json instanceof JSONObject request) {
      requests.post(request, uri, answer);
    } else if (json instanceof JSONArray list) {
      requests.list(list, uri, answer);
    } else {
      throw new Refusal(400, "The body must be a request as a JSON object, or a list of such.");
    }
  }

  /** Ends it. */
  @Override
  public void close() {
    manager.stop();
    // which leaves its listeners
    if (context.getMBeanServerAccess() instanceof DefaultMBeanServerAccess access) {
      access.unregisterFromMBeanNotifications();
    }
  }

  /** Runs requests, each by itself: an error in one leaves the others alone. */
  private static final class Requests extends HttpRequestHandler {

    private static final int REASON_LENGTH = 200;
    private static final int ERROR_LENGTH = 800;
    private static final int MAXIMUM_MEMBERS = 1_000;

    /** Options that are numbers; a negative one would let a part be written as it is. */
    private static final Set<String> NUMBERS =
        Set.of("maxDepth", "maxCollectionSize", "maxObjects");

    private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");

    private final Audit audit;
    private final Signatures signatures;
    private final MBeanServer mbeans;
    private final LargeAnswers large;
    private final OwnMBeans own;
    private final Absences absences;

    Requests(JolokiaContext context, Audit audit, MBeanServer mbeans, LargeAnswers large) {
      super(context);
      this.audit = audit;
      this.mbeans = mbeans;
      this.signatures = new Signatures(mbeans);
      this.large = large;
      this.own = new OwnMBeans(mbeans);
      this.absences = new Absences(context);
    }

    void get(ParsedUri parsed, AnswerStream answer) throws IOException {
      run(
          () -> {
            requireNumbers(parsed);
            return JolokiaRequestFactory.createGetRequest(
                parsed.getPathInfo(), getProcessingParameter(parsed.getParameterMap()));
          },
          answer);
    }

    void post(JSONObject request, ParsedUri parsed, AnswerStream answer) throws IOException {
      if (request.containsKey("target")) {
        write(refused(403, "Requests with a target, for other servers, are not answered."), answer);
        return;
      }
      run(
          () -> {
            requireNumbers(parsed);
            if (request.get("config") instanceof JSONObject options) {
              options.forEach((name, value) -> requireNumber(name, String.valueOf(value)));
            }
            JolokiaRequest made =
                JolokiaRequestFactory.createPostRequest(
                    request, getProcessingParameter(parsed.getParameterMap()));
            if (made instanceof JolokiaExecRequest exec && exec.getOperation() == null) {
              throw new BadRequestException("operation must be a name");
            }
            return made;
          },
          answer);
    }

    private static void requireNumbers(ParsedUri uri) {
      uri.getParameterMap()
          .forEach(
              (name, values) -> {
                for (String value : values) {
                  requireNumber(name, value);
                }
              });
    }

    private static void requireNumber(String name, @Nullable String value) {
      if (NUMBERS.contains(name) && (value == null || !NUMBER.matcher(value).matches())) {
        throw new IllegalArgumentException(name + " must be a whole number, at least 0");
      }
    }

    void list(JSONArray members, ParsedUri parsed, AnswerStream answer) throws IOException {
      if (members.size() > MAXIMUM_MEMBERS) {
        throw new Refusal(413, "The list holds more than %d requests.".formatted(MAXIMUM_MEMBERS));
      }
      try (Audit.Batch lines = audit.batch()) {
        // no answer leaves before the lines of the calls that it answers are written
        answer.beforeSending(lines::close);
        answer.write("[");
        for (int i = 0; i < members.size(); i++) {
          if (i > 0) {
            answer.write(",");
          }
          answer.moreToCome(i < members.size() - 1);
          member(members.get(i), parsed, answer);
        }
        answer.write("]");
      }
    }

    /** A member that cannot be understood must not hide what the others did. */
    private void member(Object member, ParsedUri parsed, AnswerStream answer) throws IOException {
      if (!(member instanceof JSONObject request)) {
        write(refused(400, "The members of a list of requests must be JSON objects."), answer);
      } else if (answer.isFull()) {
        write(
            refused(413, tooLarge(answer.limit()) + " This request was not carried out."), answer);
      } else {
        try {
          post(request, parsed, answer);
        } catch (Refusal e) {
          write(refused(e.status(), e.reason()), answer);
        } catch (RuntimeException e) {
          LOG.error("a request in a list failed", e);
          write(refused(500, "The request failed; see the server's log."), answer);
        }
      }
    }

    private static String tooLarge(long bytes) {
      return "The answers to one body are larger than %d bytes.".formatted(bytes);
    }

    private static void write(JSONObject json, AnswerStream answer) throws IOException {
      String text = Json.of(json);
      if (text.length() > AnswerStream.MOST_BYTES) {
        throw new Refusal(413, tooLarge(AnswerStream.MOST_BYTES));
      }
      if (json.get("status") instanceof Number status) {
        answer.note(status.intValue());
      }
      answer.write(text);
    }

    /** Makes the answer and sends it; of those that may be large only some at a time. */
    private void run(RequestMaker maker, AnswerStream answer) throws IOException {
      JolokiaRequest request;
      try {
        request = maker.make();
      } catch (BadRequestException | MalformedObjectNameException | RuntimeException e) {
        throw notUnderstood(e);
      }
      if (returnsLittle(request)) {
        write(answer(request), answer);
        return;
      }
      try {
        large.begin();
      } catch (LargeAnswers.BusyException e) {
        throw new Refusal(503, String.valueOf(e.getMessage()));
      }
      try {
        write(answer(request), answer);
      } finally {
        large.end();
      }
    }

    private boolean returnsLittle(JolokiaRequest request) {
      return switch (request.getType()) {
        case EXEC ->
            operations((JolokiaExecRequest) request).stream()
                .allMatch(Signatures.Operation::returnsLittle);
        case READ -> !((JolokiaObjectNameRequest) request).getObjectName().isPattern();
        case LIST, SEARCH -> false;
        default -> true;
      };
    }

    private List<Signatures.Operation> operations(JolokiaExecRequest exec) {
      return exec.getObjectName().isPattern()
          ? List.of()
          : signatures.of(exec.getObjectName(), exec.getOperation());
    }

    private JSONObject answer(JolokiaRequest request) throws Refusal {
      if (request.getType() == RequestType.NOTIFICATION) {
        return denied(request, "Notifications are sent to JMX clients only.");
      }
      if (request instanceof JolokiaExecRequest exec) {
        if (exec.getObjectName().isPattern()) {
          return denied(request, "An operation is called on one MBean, not on a pattern of names.");
        }
        if (own.isForeign(exec.getObjectName())) {
          return denied(request, OwnMBeans.FOREIGN);
        }
        List<Signatures.Operation> operations = operations(exec);
        if (!operations.isEmpty()
            && operations.stream().noneMatch(one -> one.takes(arguments(exec)))
            && jolokiaCtx.isOperationAllowed(exec.getObjectName(), name(exec))) {
          return refusedByMBean(exec, operations.get(0));
        }
      }
      try {
        JSONObject answer = executeRequest(request);
        return isDeniedByPolicy(answer)
            ? deniedByPolicy(request)
            : completed(request, shown(answer));
      } catch (BadRequestException e) {
        throw notUnderstood(e);
      } catch (EmptyResponseException e) {
        throw new IllegalStateException("no request is answered later", e);
      }
    }

    private static List<?> arguments(JolokiaExecRequest exec) {
      return exec.getArguments() == null ? List.of() : exec.getArguments();
    }

    private static String name(JolokiaExecRequest exec) {
      return RememberingPolicy.nameOf(exec.getOperation());
    }

    /** Our MBeans refuse wrong arguments in the same words for all clients, and tell the audit. */
    private JSONObject refusedByMBean(JolokiaExecRequest exec, Signatures.Operation operation) {
      if (!exec.getObjectName().getDomain().equals(SmsNames.DOMAIN)) {
        return refused(400, "The operation takes other arguments.");
      }
      try {
        mbeans.invoke(
            exec.getObjectName(),
            name(exec),
            operation.typed(arguments(exec)),
            operation.parameters().toArray(new String[0]));
        throw new IllegalStateException("wrong arguments were taken");
      } catch (RuntimeMBeanException e) {
        boolean denied = e.getTargetException() instanceof SecurityException;
        return refused(denied ? 403 : 400, String.valueOf(e.getTargetException().getMessage()));
      } catch (SecurityException e) {
        return refused(403, String.valueOf(e.getMessage()));
      } catch (JMException e) {
        return refused(400, "The arguments are not those that the operation takes.");
      }
    }

    /** The innermost reason says what is wrong; those around it repeat the request. */
    private static Refusal notUnderstood(Exception thrown) {
      Throwable reason = thrown;
      while (reason.getCause() != null) {
        reason = reason.getCause();
      }
      String text =
          reason instanceof ClassCastException || reason instanceof NullPointerException
              ? "a member is missing, or no text"
              : String.valueOf(reason.getMessage());
      return new Refusal(400, "Not a Jolokia request: " + Showable.shown(text, REASON_LENGTH));
    }

    /** An error may repeat what was asked; JSON by Jolokia does not escape all it must. */
    private static JSONObject shown(JSONObject answer) {
      answer.computeIfPresent(
          "error", (member, error) -> Showable.shown(error.toString(), ERROR_LENGTH));
      return answer;
    }

    /** Our MBeans deny with a message id, and have told the audit. */
    private static boolean isDeniedByPolicy(JSONObject answer) {
      return Integer.valueOf(403).equals(answer.get("status"))
          && !String.valueOf(answer.get("error")).contains(StatusCode.CTGSI0303E.name());
    }

    /** What does not exist is no denial; what only seems not to exist is one, for the audit. */
    private JSONObject deniedByPolicy(JolokiaRequest request) {
      if (request instanceof JolokiaObjectNameRequest named) {
        Exception absence = absences.of(named);
        if (absence != null) {
          if (absences.isHidden(named)) {
            record(request);
          }
          int status = absence instanceof NoSuchMethodException ? 500 : 404;
          return shown(getErrorJSON(status, absence, request));
        }
      }
      return denied(request, "The policy does not allow this here.");
    }

    private JSONObject denied(JolokiaRequest request, String reason) {
      record(request);
      return refused(403, StatusCode.CTGSI0303E.message(reason));
    }

    private void record(JolokiaRequest request) {
      Caller caller = Caller.current();
      String target =
          request instanceof JolokiaObjectNameRequest named ? named.getObjectNameAsString() : "";
      String type = request.getType().getName();
      switch (request.getType()) {
        case EXEC -> audit.denied(caller, target, ((JolokiaExecRequest) request).getOperation());
        case WRITE, NOTIFICATION -> audit.denied(caller, target, type);
        default -> audit.deniedRead(caller, target, type);
      }
    }

    private static JSONObject completed(JolokiaRequest request, JSONObject answer) {
      if (request.getType() == RequestType.VERSION) {
        if (answer.get("value") instanceof JSONObject version && version.containsKey("agent")) {
          // clients look for it, and it would tell the machine's paths
          version.put("config", new JSONObject());
        } else if (answer.containsKey("value")) {
          return refused(400, "The version is told as a whole.");
        }
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
