package org.smsjmx.remote.jmx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;
import javax.management.Query;
import javax.management.QueryExp;
import javax.management.openmbean.TabularData;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smsjmx.management.Audit;
import org.smsjmx.management.Caller;
import org.smsjmx.management.Permission;
import org.smsjmx.remote.Accounts;
import org.smsjmx.remote.Authentication;
import org.smsjmx.remote.LargeAnswers;

/** What passes the guard, on an MBean server of its own with MBeans that note who called. */
final class JmxGuardTest {

  private static final String ADMINISTRATOR = "sec_master";
  private static final String VIEWER = "viewer";
  private static final String PASSWORD = "a password";
  private static final ObjectName RUNTIME = name(ManagementFactory.RUNTIME_MXBEAN_NAME);

  private final MBeanServer guarded = MBeanServerFactory.newMBeanServer();
  private final Audit audit = new Audit(InstantSource.system(), false);
  private final Noted ours = new Noted();
  private final Noted foreign = new Noted();
  private Authentication authentication;
  private Map<String, Permission> roles =
      Map.of(ADMINISTRATOR, Permission.ADMINISTER, VIEWER, Permission.VIEW);

  /** An MBean whose operation answers who calls. */
  public interface NotedMBean {
    String call();

    String getPassword();

    String getValue();

    void setValue(String value);
  }

  private static final class Noted implements NotedMBean {

    private String value = "first";
    private int calls;

    @Override
    public String call() {
      calls++;
      return Caller.current().name();
    }

    @Override
    public String getPassword() {
      return "s3cret";
    }

    @Override
    public String getValue() {
      return value;
    }

    @Override
    public void setValue(String value) {
      this.value = value;
    }
  }

  @BeforeEach
  void register(@TempDir Path directory) throws IOException, JMException {
    Path file = directory.resolve("jmxremote.password");
    for (String account : List.of(ADMINISTRATOR, VIEWER)) {
      Accounts.setPassword(file, account, PASSWORD);
    }
    Accounts accounts = new Accounts(file, () -> roles);
    authentication = new Authentication(accounts, audit);
    guarded.registerMBean(ours, name("sms:type=Noted"));
    guarded.registerMBean(foreign, name("example:type=Noted"));
    guarded.registerMBean(ManagementFactory.getRuntimeMXBean(), RUNTIME);
    guarded.registerMBean(
        ManagementFactory.getThreadMXBean(), name(ManagementFactory.THREAD_MXBEAN_NAME));
  }

  private MBeanServer as(String account, boolean wholeJvm) {
    try {
      Authentication.SignIn signIn =
          authentication.signIn(account, PASSWORD, "jmx", "10.0.0.1", true);
      return JmxGuard.of(guarded, authentication, audit, wholeJvm, answers(), signIn);
    } catch (Authentication.RefusedException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private JmxAnswers answers() {
    return new JmxAnswers(guarded, new LargeAnswers());
  }

  private MBeanServer as(String account) {
    return as(account, false);
  }

  private static ObjectName name(String name) {
    try {
      return new ObjectName(name);
    } catch (JMException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static Object call(MBeanServer server, String mbean) throws JMException {
    return server.invoke(name(mbean), "call", new Object[0], new String[0]);
  }

  @Test
  void operationsOfOursRunAsTheAccountAndTheThreadForgetsItAfterwards() throws JMException {
    assertThat(call(as(VIEWER), "sms:type=Noted")).isEqualTo(VIEWER);
    assertThat(Caller.current()).isEqualTo(Caller.LOCAL);
  }

  @Test
  void operationsOfOthersAreRefusedAlsoToAdministrators() {
    assertThatThrownBy(() -> call(as(ADMINISTRATOR), "example:type=Noted"))
        .isInstanceOf(SecurityException.class)
        .hasMessageStartingWith("CTGSI0303E   ");
    assertThat(foreign.calls).isZero();
  }

  @Test
  void theJvmsThreadsAreOfferedSinceJConsoleNeedsThem() throws JMException {
    Object found =
        as(VIEWER)
            .invoke(
                name(ManagementFactory.THREAD_MXBEAN_NAME),
                "findDeadlockedThreads",
                new Object[0],
                new String[0]);

    assertThat(found).isNull();
  }

  @Test
  void nothingIsSetMadeOrTakenAway() {
    MBeanServer server = as(ADMINISTRATOR);
    ObjectName mbean = name("sms:type=Noted");
    AttributeList values = new AttributeList(List.of(new Attribute("Value", "second")));

    assertThatThrownBy(() -> server.setAttribute(mbean, new Attribute("Value", "second")))
        .isInstanceOf(SecurityException.class);
    assertThatThrownBy(() -> server.setAttributes(mbean, values))
        .isInstanceOf(SecurityException.class);
    assertThatThrownBy(() -> server.createMBean("javax.management.loading.MLet", null))
        .isInstanceOf(SecurityException.class);
    assertThatThrownBy(() -> server.unregisterMBean(mbean)).isInstanceOf(SecurityException.class);
    assertThat(ours.value).isEqualTo("first");
    assertThat(guarded.isRegistered(mbean)).isTrue();
  }

  @Test
  void theJvmsArgumentsAndSystemPropertiesLookEmptyHoweverTheyAreAskedFor() throws JMException {
    MBeanServer server = as(ADMINISTRATOR);
    String[] names = {"InputArguments", "SystemProperties", "VmName"};

    assertThat((String[]) server.getAttribute(RUNTIME, "InputArguments")).isEmpty();
    assertThat((TabularData) server.getAttribute(RUNTIME, "SystemProperties"))
        .satisfies(table -> assertThat(table.isEmpty()).isTrue());
    assertThat(
            server.getAttributes(RUNTIME, names).asList().stream()
                .map(Attribute::getValue)
                .map(value -> value instanceof TabularData table ? table.size() : value))
        .containsExactly(new String[0], 0, System.getProperty("java.vm.name"));
  }

  @Test
  void passwordsOfOtherSoftwareLookEmpty() throws JMException {
    ObjectName mbean = name("example:type=Noted");
    String[] names = {"Password", "Value"};

    assertThat(as(ADMINISTRATOR).getAttribute(mbean, "Password")).isEqualTo("");
    assertThat(as(VIEWER).getAttributes(mbean, names).asList())
        .extracting(Attribute::getValue)
        .containsExactly("", "first");
    assertThat(as(ADMINISTRATOR, true).getAttribute(mbean, "Password")).isEqualTo("s3cret");
    assertThat(as(VIEWER, true).getAttribute(mbean, "Password")).isEqualTo("");
  }

  @Test
  void aQueryTellsNothingOfWhatIsHidden() throws JMException {
    ObjectName all = name("example:*");
    for (QueryExp guess :
        List.of(
            Query.initialSubString(Query.attr("Password"), Query.value("s")),
            Query.not(Query.eq(Query.attr("Password"), Query.value(""))),
            Query.gt(Query.attr("Password"), Query.value("a")))) {
      assertThat(guarded.queryNames(all, guess)).as("the guess is right").hasSize(1);
      assertThat(as(VIEWER).queryNames(all, guess)).isEmpty();
      assertThat(as(VIEWER).queryMBeans(all, guess)).isEmpty();
    }
    QueryExp harmless = Query.eq(Query.attr("Value"), Query.value("first"));
    assertThat(as(VIEWER).queryNames(null, harmless)).hasSize(2);
    assertThat(as(VIEWER).queryMBeans(all, harmless)).isEqualTo(guarded.queryMBeans(all, harmless));
    assertThat(as(VIEWER).queryNames(all, Query.eq(Query.attr("None"), Query.value(1)))).isEmpty();
    assertThat(as(VIEWER).queryNames(all, null)).hasSize(1);
  }

  @Test
  void theWholeJvmIsOpenToAdministratorsOnlyAndOnlyWhereConfigured() throws JMException {
    assertThat(call(as(ADMINISTRATOR, true), "example:type=Noted")).isEqualTo(ADMINISTRATOR);
    assertThatThrownBy(() -> call(as(VIEWER, true), "example:type=Noted"))
        .isInstanceOf(SecurityException.class);
  }

  @Test
  void anAccountThatHasLostItsRoleReadsNothing() throws JMException {
    MBeanServer server = as(ADMINISTRATOR);
    server.getAttribute(name("sms:type=Noted"), "Value");

    for (Map<String, Permission> less :
        List.<Map<String, Permission>>of(Map.of(), Map.of(ADMINISTRATOR, Permission.TERMINATE))) {
      roles = less;
      assertThatThrownBy(() -> server.getAttribute(name("sms:type=Noted"), "Value"))
          .isInstanceOf(SecurityException.class);
      assertThatThrownBy(server::getMBeanCount).isInstanceOf(SecurityException.class);
    }
  }

  @Test
  void theConnectorItselfServesNotificationsAndCallsNothing() {
    MBeanServer connector = JmxGuard.of(guarded, authentication, audit, false, answers(), null);

    assertThat(connector.queryNames(name("sms:*"), null)).hasSize(1);
    Stream.<ThrowingCallable>of(
            () -> call(connector, "sms:type=Noted"),
            () -> connector.getAttribute(name("sms:type=Noted"), "Value"),
            () -> connector.setAttribute(name("sms:type=Noted"), new Attribute("Value", "x")))
        .forEach(call -> assertThatThrownBy(call).isInstanceOf(SecurityException.class));
    assertThat(ours.calls).isZero();
  }

  @Test
  void whatAnMBeanThrowsReachesTheCallerAsItIs() {
    assertThatThrownBy(() -> as(VIEWER).getAttribute(name("sms:type=Nothing"), "Value"))
        .isInstanceOf(InstanceNotFoundException.class);
  }
}
