package org.smsjmx.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.smsjmx.fixture.Endpoints.CRUZ;
import static org.smsjmx.fixture.Endpoints.DALLAS;
import static org.smsjmx.fixture.Endpoints.IBM;
import static org.smsjmx.fixture.Endpoints.SIMULATION;

import java.io.IOException;
import java.io.InvalidClassException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.rmi.RemoteException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import javax.management.JMException;
import javax.management.MBeanException;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanParameterInfo;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.RuntimeMBeanException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.smsjmx.fixture.ChangedConfiguration;
import org.smsjmx.fixture.Endpoint;
import org.smsjmx.fixture.Endpoints;
import org.smsjmx.fixture.Fuzz;
import org.smsjmx.fixture.JolokiaClient;
import org.smsjmx.fixture.Json;
import org.smsjmx.fixture.Rmi;
import org.smsjmx.fixture.ServerProcess;
import org.smsjmx.session.UserNames;
import org.smsjmx.text.Showable;

/**
 * Whatever the arguments of operations are, they mean exactly that or are refused in one short
 * line; what is written about them stays well formed.
 */
final class ArgumentsFuzzIT {

  private static final int LONGEST_REASON = 1_500;
  private static final int LONGEST_LINE = 4_000;
  private static final int USERS = 8;

  private static final Queue<String> NOTIFIED = new ConcurrentLinkedQueue<>();

  private static ServerProcess server;
  private static Endpoints endpoints;
  private static Path ldif;
  private static String shippedUsers;
  private static int auditRead;
  private static long auditLines;

  @BeforeAll
  static void start() throws Exception {
    Path configuration = ServerProcess.copyOfConfiguration();
    Path yaml = configuration.resolve("sms.yaml");
    // nothing ends by itself, however long this takes
    ChangedConfiguration.replace(yaml, "lifetime: PT1H", "lifetime: PT0S");
    ChangedConfiguration.replace(yaml, "inactive-timeout: PT10M", "inactive-timeout: PT0S");
    ldif = configuration.resolve("users.ldif");
    shippedUsers = ServerProcess.read(ldif);
    server = ServerProcess.start().config(configuration).option("--sessions", "20").ready();
    endpoints = Endpoints.paused(server);
    endpoints
        .rmi()
        .connection()
        .addNotificationListener(
            Rmi.name("sms:type=Server,name=" + CRUZ),
            (notification, handback) ->
                NOTIFIED.add(
                    notification.getType()
                        + " "
                        + ((Map<?, ?>) notification.getUserData()).get("user")),
            null,
            null);
  }

  @AfterAll
  static void stop() {
    endpoints.close();
    server.close();
  }

  @Test
  void aUserNameMeansThatUserOrIsRefused() {
    Fuzz.run(
        3,
        fuzz -> {
          List<String> users = new ArrayList<>();
          for (int i = 0; i < USERS; i++) {
            users.add(fuzz.text());
          }
          Set<String> allowed = register(users);
          for (String user : users) {
            // a path cannot hold half a surrogate pair
            boolean isUnicode = StandardCharsets.UTF_8.newEncoder().canEncode(user);
            Endpoint endpoint = fuzz.oneOf(endpoints.stream().limit(isUnicode ? 3 : 2).toList());
            try {
              if (allowed.contains(user)) {
                requireExact(endpoint, user);
              } else if (!isName(user)) {
                requireRefused(endpoint, user);
              }
            } catch (AssertionError e) {
              throw new AssertionError(
                  "%s, user %s: %s".formatted(endpoint, escaped(user), e.getMessage()), e);
            }
          }
          requireAudit();
        });
    requireLog();
  }

  /** Makes those that may be users known to the registry, and returns them. */
  private static Set<String> register(List<String> users) throws IOException {
    Set<String> allowed = new HashSet<>();
    Set<String> keys = new HashSet<>();
    Endpoints.SEED_USERS.forEach(user -> keys.add(UserNames.DIRECTORY.form(user)));
    StringBuilder entries = new StringBuilder(shippedUsers);
    for (String user : users) {
      try {
        UserNames.DIRECTORY.key(user);
      } catch (IllegalArgumentException e) {
        continue;
      }
      if (keys.add(UserNames.DIRECTORY.form(user)) && !user.equals("String")) {
        allowed.add(user);
        String uid = Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8));
        entries.append(
            "\ndn: cn=u%d,dc=ibm,dc=com\nobjectClass: inetOrgPerson\nuid:: %s\n"
                .formatted(allowed.size(), uid));
      }
    }
    Path next = ldif.resolveSibling("next.ldif");
    Files.writeString(next, entries);
    Files.move(next, ldif, StandardCopyOption.REPLACE_EXISTING);
    return allowed;
  }

  private static void requireExact(Endpoint endpoint, String user) {
    assertThat(endpoint.call(SIMULATION, "signIn", user, IBM, DALLAS, 2).error()).isEmpty();
    assertThat(endpoints.matched(user, IBM)).isEqualTo(2);
    assertThat(endpoints.sessions(user, IBM)).allMatch(session -> user.equals(session.get("user")));
    assertThat(endpoint.server(CRUZ, "refreshAllSessions", user, IBM).number()).isEqualTo(2);
    NOTIFIED.clear();
    assertThat(endpoint.server(CRUZ, "terminateAllSessions", user, IBM).number()).isEqualTo(2);
    assertThat(endpoints.matched(user, IBM)).isZero();
    await().until(() -> NOTIFIED.contains("sms.session.terminated " + user));
  }

  private static void requireRefused(Endpoint endpoint, String user) {
    int before = endpoints.matched("*", IBM);
    requireClear(endpoint.call(SIMULATION, "signIn", user, IBM, DALLAS, 1));
    requireClear(endpoint.server(CRUZ, "refreshAllSessions", user, IBM));
    requireClear(endpoint.server(CRUZ, "terminateAllSessions", user, IBM));
    assertThat(endpoints.matched("*", IBM)).isEqualTo(before);
  }

  /** Returns whether it is a user's name, so another one of the case, but for letter case. */
  private static boolean isName(String user) {
    try {
      UserNames.DIRECTORY.key(user);
      return !user.equals("String");
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static void requireClear(Endpoint.Outcome outcome) {
    assertThat(outcome.status()).isNotEqualTo(200);
    requireClear(outcome.error());
    assertThat(outcome.error()).matches("(CTGSI|HPDMG)\\d{4}[EW]   .*\\(status 0x[0-9a-f]{8}\\)");
  }

  private static void requireClear(String error) {
    assertThat(error)
        .isNotBlank()
        .hasSizeLessThan(LONGEST_REASON)
        .matches(text -> text.codePoints().allMatch(Showable::isShowable), "is one line");
  }

  @Test
  void everyOperationTakesAnyArgumentsOrRefusesThem() throws Exception {
    MBeanServerConnection connection = endpoints.rmi().connection();
    record Target(ObjectName mbean, MBeanOperationInfo operation) {}
    List<Target> targets = new ArrayList<>();
    for (ObjectName mbean : new TreeSet<>(connection.queryNames(Rmi.name("sms:*"), null))) {
      for (MBeanOperationInfo operation : connection.getMBeanInfo(mbean).getOperations()) {
        targets.add(new Target(mbean, operation));
      }
    }
    Fuzz.run(
        3,
        fuzz -> {
          for (int i = 0; i < 50; i++) {
            Target target = fuzz.oneOf(targets);
            if (fuzz.once(2)) {
              callByRmi(fuzz, target.mbean(), target.operation());
            } else {
              callByJolokia(fuzz, target.mbean(), target.operation());
            }
          }
          requireAudit();
        });
    connection.invoke(
        Rmi.name("sms:type=Service"), "setTraceLevel", new Object[] {0}, new String[] {"int"});
    endpoints.pause();
    requireLog();
  }

  private static void callByRmi(Fuzz fuzz, ObjectName mbean, MBeanOperationInfo operation)
      throws JMException {
    MBeanParameterInfo[] parameters = operation.getSignature();
    int count = fuzz.once(10) ? fuzz.below(5) : parameters.length;
    Object[] arguments = fuzz.once(50) ? null : new Object[count];
    String[] signature = fuzz.once(50) ? null : new String[fuzz.once(30) ? fuzz.below(5) : count];
    for (int i = 0; i < count; i++) {
      String type = i < parameters.length ? parameters[i].getType() : "java.lang.String";
      if (arguments != null) {
        arguments[i] = fuzz.once(5) ? object(fuzz) : type.equals("int") ? number(fuzz) : text(fuzz);
      }
      if (signature != null && i < signature.length) {
        signature[i] = fuzz.once(20) ? fuzz.text() : type;
      }
    }
    try {
      endpoints.rmi().connection().invoke(mbean, operation.getName(), arguments, signature);
    } catch (RuntimeMBeanException e) {
      requireOfJdk(e.getTargetException());
      requireClear(e.getTargetException().getMessage());
    } catch (MBeanException e) {
      requireOfJdk(e.getTargetException());
    } catch (JMException | RuntimeException e) {
      requireOfJdk(e);
    } catch (IOException e) {
      // an object that is not let in; the connection may be closed in the midst of it
      assertThat(e).isInstanceOfAny(RemoteException.class, InvalidClassException.class);
    }
  }

  private static void requireOfJdk(Exception thrown) {
    assertThat(thrown.getClass().getName()).startsWith("java");
    assertThat(thrown.getMessage()).as(thrown::toString).hasSizeLessThan(200_000);
  }

  private static void callByJolokia(Fuzz fuzz, ObjectName mbean, MBeanOperationInfo operation) {
    MBeanParameterInfo[] parameters = operation.getSignature();
    Object[] arguments = new Object[fuzz.once(10) ? fuzz.below(5) : parameters.length];
    for (int i = 0; i < arguments.length; i++) {
      boolean isNumber = i < parameters.length && parameters[i].getType().equals("int");
      arguments[i] =
          fuzz.once(5)
              ? fuzz.oneOf(
                  true, 1.5, 1L << 40, JolokiaClient.array("a", 1), JolokiaClient.json("a", "b"))
              : isNumber ? number(fuzz) : text(fuzz);
    }
    String request =
        Json.write(JolokiaClient.exec(mbean.toString(), operation.getName(), arguments));
    String body = server.jolokia().post(request).body();
    Map<?, ?> answer = (Map<?, ?>) Json.parse(body);
    if (!answer.get("status").equals(200L)) {
      requireClear((String) answer.get("error"));
    }
  }

  private static Object number(Fuzz fuzz) {
    return fuzz.oneOf(-1, 0, 1, 2, 3, 1_000_001, Integer.MIN_VALUE, Integer.MAX_VALUE, null);
  }

  private static Object text(Fuzz fuzz) {
    return switch (fuzz.below(6)) {
      case 0 -> IBM;
      case 1 -> fuzz.oneOf("dlucas", "*", CRUZ, DALLAS);
      case 2 -> fuzz.once(4) ? null : "";
      default -> fuzz.text();
    };
  }

  private static Object object(Fuzz fuzz) {
    return switch (fuzz.below(12)) {
      case 0 -> Double.NaN;
      case 1 -> fuzz.random().nextLong();
      case 2 -> new String[] {fuzz.text(), null};
      case 3 -> new int[1 + fuzz.below(10_000)];
      case 4 -> Arrays.asList(fuzz.text(), null, Double.POSITIVE_INFINITY);
      case 5 -> Map.of(fuzz.text(), fuzz.text());
      case 6 -> new Date(fuzz.random().nextLong());
      case 7 -> new BigDecimal("1e999999999");
      case 8 -> Rmi.name("sms:type=Service");
      case 9 -> fuzz.oneOf('\u0000', '\ud800', (byte) 1, 1.5f, true);
      case 10 -> new byte[fuzz.below(100_000)];
      default -> Thread.State.NEW;
    };
  }

  /** Reads what was written since, and checks each line. */
  private static void requireAudit() {
    String text = ServerProcess.read(server.data().resolve("audit.log"));
    assertThat(text).endsWith("\n");
    String[] lines = text.substring(auditRead, text.length() - 1).split("\n");
    for (String line : lines) {
      assertThat(line)
          .hasSizeLessThan(LONGEST_LINE)
          .matches(all -> all.codePoints().allMatch(Showable::isShowable), "is one line");
      Map<?, ?> members = (Map<?, ?>) Json.parse(line);
      assertThat(members.get("number")).isEqualTo(++auditLines);
      String caller = auditLines == 1 ? "local" : ServerProcess.ADMINISTRATOR;
      assertThat(members.get("caller")).isEqualTo(caller);
    }
    auditRead = text.length();
  }

  private static void requireLog() {
    assertThat(server.err()).doesNotContain(" ERROR ", "Exception in thread", "\tat ");
  }

  private static String escaped(String text) {
    return text.chars()
        .limit(300)
        .mapToObj(c -> c < ' ' || c > 126 ? "\\u%04x".formatted(c) : String.valueOf((char) c))
        .collect(Collectors.joining());
  }
}
