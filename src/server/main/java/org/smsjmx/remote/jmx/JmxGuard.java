package org.smsjmx.remote.jmx;

import java.lang.management.ManagementFactory;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.BadAttributeValueExpException;
import javax.management.BadBinaryOpValueExpException;
import javax.management.BadStringOperationException;
import javax.management.InvalidApplicationException;
import javax.management.MBeanServer;
import javax.management.ObjectInstance;
import javax.management.ObjectName;
import javax.management.QueryExp;
import javax.management.openmbean.TabularData;
import javax.management.openmbean.TabularDataSupport;
import org.jspecify.annotations.Nullable;
import org.smsjmx.management.Audit;
import org.smsjmx.management.Caller;
import org.smsjmx.management.Permission;
import org.smsjmx.management.SmsNames;
import org.smsjmx.management.StatusCode;
import org.smsjmx.remote.Authentication;
import org.smsjmx.remote.ClientSocket;
import org.smsjmx.remote.HiddenAttributes;
import org.smsjmx.remote.OwnMBeans;

/**
 * What JMX clients may do: read all MBeans, except for {@link HiddenAttributes}, and call
 * operations of ours, and of the JVM's thread MBean, which JConsole needs. Where the configuration
 * says so, those who may administer may do everything.
 */
final class JmxGuard implements InvocationHandler {

  private static final Set<String> REFUSED =
      Set.of("createMBean", "unregisterMBean", "setAttribute", "setAttributes");

  /** The connector's own calls, which no client can make. */
  private static final Set<String> OF_CONNECTOR =
      Set.of("getClassLoader", "getClassLoaderFor", "getClassLoaderRepository");

  /** What the connector calls without a client, to serve notifications. */
  private static final Set<String> WITHOUT_CLIENT =
      Set.of("addNotificationListener", "removeNotificationListener", "isInstanceOf", "queryNames");

  private final MBeanServer guarded;
  private final Authentication authentication;
  private final Audit audit;
  private final boolean wholeJvm;
  private final JmxAnswers answers;
  private final OwnMBeans own;
  private final Authentication.@Nullable SignIn signIn;

  private JmxGuard(
      MBeanServer guarded,
      Authentication authentication,
      Audit audit,
      boolean wholeJvm,
      JmxAnswers answers,
      Authentication.@Nullable SignIn signIn) {
    this.guarded = guarded;
    this.authentication = authentication;
    this.audit = audit;
    this.wholeJvm = wholeJvm;
    this.answers = answers;
    this.own = new OwnMBeans(guarded);
    this.signIn = signIn;
  }

  /**
   * Makes a guarded MBean server.
   *
   * @param guarded what it leads to
   * @param authentication knows the callers
   * @param audit told of what is denied
   * @param wholeJvm whether those who may administer may do everything
   * @param answers bounds those that are large
   * @param signIn of the client who calls; null for the connector itself, which no client is
   */
  static MBeanServer of(
      MBeanServer guarded,
      Authentication authentication,
      Audit audit,
      boolean wholeJvm,
      JmxAnswers answers,
      Authentication.@Nullable SignIn signIn) {
    return (MBeanServer)
        Proxy.newProxyInstance(
            JmxGuard.class.getClassLoader(),
            new Class<?>[] {MBeanServer.class},
            new JmxGuard(guarded, authentication, audit, wholeJvm, answers, signIn));
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
    String called = method.getName();
    if (OF_CONNECTOR.contains(called)
        || method.getDeclaringClass() == Object.class
        || (signIn == null && WITHOUT_CLIENT.contains(called))) {
      return call(method, arguments);
    }
    JmxEndpoint.keepConnection(); // also where the call has no objects
    Caller caller = caller();
    if (called.equals("invoke") && own.isForeign((ObjectName) arguments[0])) {
      throw denied(caller, called, arguments, OwnMBeans.FOREIGN);
    }
    if (wholeJvm && caller.permission() == Permission.ADMINISTER) {
      return callAs(caller, method, arguments);
    }
    if (REFUSED.contains(called)
        || (called.equals("invoke") && !mayBeInvoked((ObjectName) arguments[0]))) {
      throw denied(
          caller,
          called,
          arguments,
          "%s is not offered here, but for MBeans of %s.".formatted(called, SmsNames.DOMAIN));
    }
    if (called.startsWith("query") && arguments[1] != null) {
      return matching(
          (QueryExp) arguments[1], (MBeanServer) proxy, method, (ObjectName) arguments[0]);
    }
    Object answer = callAs(caller, method, arguments);
    return called.startsWith("getAttribute")
        ? withoutHidden((ObjectName) arguments[0], arguments[1], answer)
        : answer;
  }

  /**
   * Returns what a query selects, which reads attributes as the client does: else it would tell
   * those that are hidden, a letter at a time.
   */
  private Set<?> matching(QueryExp query, MBeanServer proxy, Method method, ObjectName names) {
    Set<Object> matching = new HashSet<>();
    query.setMBeanServer(proxy);
    try {
      for (Object found : all(method, names)) {
        if (selects(query, found)) {
          matching.add(found);
        }
      }
    } finally {
      query.setMBeanServer(null);
    }
    return matching;
  }

  private Set<?> all(Method method, ObjectName names) {
    return method.getName().equals("queryNames")
        ? guarded.queryNames(names, null)
        : guarded.queryMBeans(names, null);
  }

  private static boolean selects(QueryExp query, Object found) {
    try {
      return query.apply(
          found instanceof ObjectInstance instance ? instance.getObjectName() : (ObjectName) found);
    } catch (BadStringOperationException
        | BadBinaryOpValueExpException
        | BadAttributeValueExpException
        | InvalidApplicationException e) {
      return false;
    }
  }

  private Object callAs(Caller caller, Method method, Object[] arguments) throws Throwable {
    try (Caller.Scope scope = caller.enter()) {
      return call(method, arguments);
    }
  }

  private Object call(Method method, Object[] arguments) throws Throwable {
    if (method.getName().equals("invoke")) {
      answers.awaitTurn((ObjectName) arguments[0], (String) arguments[1]);
      // what administrators call most, without the price of reflection
      return guarded.invoke(
          (ObjectName) arguments[0],
          (String) arguments[1],
          (Object[]) arguments[2],
          (String[]) arguments[3]);
    }
    try {
      return method.invoke(guarded, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private static boolean mayBeInvoked(ObjectName name) {
    return name.getDomain().equals(SmsNames.DOMAIN)
        || name.getCanonicalName().equals(ManagementFactory.THREAD_MXBEAN_NAME);
  }

  /** Hidden attributes look empty, since JConsole would show no others without them. */
  private static @Nullable Object withoutHidden(ObjectName mbean, Object asked, Object answer) {
    if (asked instanceof String attribute) {
      return HiddenAttributes.contains(mbean, attribute) ? empty(answer) : answer;
    }
    AttributeList shown = new AttributeList();
    for (Attribute attribute : ((AttributeList) answer).asList()) {
      String name = attribute.getName();
      Object value = attribute.getValue();
      shown.add(
          HiddenAttributes.contains(mbean, name) ? new Attribute(name, empty(value)) : attribute);
    }
    return shown;
  }

  /** Returns nothing in the form in which clients expect something. */
  private static @Nullable Object empty(@Nullable Object value) {
    if (value instanceof TabularData table) {
      return new TabularDataSupport(table.getTabularType());
    }
    if (value != null && value.getClass().isArray()) {
      return Array.newInstance(value.getClass().componentType(), 0);
    }
    return value instanceof String ? "" : null;
  }

  private SecurityException denied(
      Caller caller, String called, Object[] arguments, String reason) {
    ObjectName name =
        Arrays.stream(arguments)
            .filter(ObjectName.class::isInstance)
            .map(ObjectName.class::cast)
            .findFirst()
            .orElse(ObjectName.WILDCARD);
    String operation = called.equals("invoke") ? String.valueOf(arguments[1]) : called;
    audit.denied(caller, name.toString(), operation);
    return new SecurityException(StatusCode.CTGSI0303E.message(reason));
  }

  private Caller caller() {
    Caller caller =
        signIn == null ? null : authentication.caller(signIn, ClientSocket.currentAddress());
    if (caller == null) {
      throw new SecurityException(
          StatusCode.CTGSI0303E.message("The account, its password or its role has changed."));
    }
    return caller;
  }
}
