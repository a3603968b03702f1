package org.smsjmx.remote.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.HttpVersion;
import org.apache.hc.core5.http.impl.io.SessionOutputBufferImpl;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.jolokia.jvmagent.ParsedUri;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smsjmx.audit.AuditFile;
import org.smsjmx.management.Audit;
import org.smsjmx.management.Management;
import org.smsjmx.management.Registration;
import org.smsjmx.management.SmsNames;
import org.smsjmx.remote.LargeAnswers;
import org.smsjmx.session.Credential;
import org.smsjmx.session.SessionTimeouts;
import org.smsjmx.session.Sessions;
import org.smsjmx.session.UserInRealm;
import org.smsjmx.session.memory.InMemorySessionTable;
import org.smsjmx.topology.ServerName;
import org.smsjmx.topology.Topology;

/** What cannot be seen from outside; all else by HttpEndpointIT. */
final class JolokiaTest {

  private static final ParsedUri PLACE = new ParsedUri(URI.create("/jolokia"), "/jolokia");

  @TempDir private Path directory;

  @Test
  void bodiesLeaveNothingBehind() throws Exception {
    try (Audit audit = new Audit(InstantSource.system(), false);
        Jolokia jolokia =
            Jolokia.start(Path.of("jmx-config/jolokia-access.xml"), audit, new LargeAnswers())) {
      answerMany(jolokia, 10_000);
      long before = heapBytes();

      answerMany(jolokia, 50_000);

      assertThat(heapBytes() - before).isLessThan(100_000);
    }
  }

  @Test
  void aMemberOfAListWithoutTheNameOfItsOperationLeavesTheOthersAlone() throws Exception {
    try (Audit audit = new Audit(InstantSource.system(), false);
        Jolokia jolokia =
            Jolokia.start(Path.of("jmx-config/jolokia-access.xml"), audit, new LargeAnswers())) {
      String none = "{\"type\":\"exec\",\"mbean\":\"java.lang:type=Memory\",\"operation\":null}";
      assertThat(answer(jolokia, "[{\"type\":\"version\"},%s,{\"type\":1}]".formatted(none)))
          .contains("\"agent\"")
          .contains("operation must be a name")
          .endsWith("a member is missing, or no text\",\"status\":400}]");
    }
  }

  @Test
  void whatServersDoForOthersOfTheirJvmCannotBeReached() throws Exception {
    InstantSource clock = InstantSource.system();
    String realm = "peers.example.com";
    ServerName server = new ServerName("peers-webseald-host1");
    Sessions sessions =
        new Sessions(
            new InMemorySessionTable(SessionTimeouts.DEFAULT, clock),
            user -> new Credential(user, List.of(), Map.of()),
            clock);
    sessions.signIn(new UserInRealm("dlucas", realm), server.value());
    try (Audit audit = new Audit(clock, false);
        Jolokia jolokia =
            Jolokia.start(Path.of("jmx-config/jolokia-access.xml"), audit, new LargeAnswers());
        Registration registration =
            new Management(
                    ManagementFactory.getPlatformMBeanServer(),
                    Topology.of(realm, server),
                    sessions,
                    clock)
                .registerServer(server)) {
      String asked = "{\"type\":\"exec\",\"mbean\":\"%s\",\"operation\":\"%s\",\"arguments\":%s}";
      String arguments =
          "[\"main\",[\"sec_master\",\"\",\"local\",\"ADMINISTER\"],[],\"terminateAllSessions\","
              + "\"dlucas\",\"%s\",0]".formatted(realm);
      for (String operation :
          List.of(
              "runForPeer",
              "runForPeer(java.lang.Thread,java.util.List,java.util.Set,java.lang.String,"
                  + "java.lang.String,java.lang.String,int)")) {
        String mbean = SmsNames.server(server.value()).toString();
        assertThat(answer(jolokia, asked.formatted(mbean, operation, arguments)))
            .as("Jolokia calls what MBeanInfo shows")
            .contains("\"error_type\":\"java.lang.NoSuchMethodException\"");
      }
      assertThat(sessions.total().sessions()).isEqualTo(1);
    }
  }

  @Test
  void whatThePolicyKeepsOutOfListsSeemsNotToExistAndIsADenialForTheAudit() throws Exception {
    Path log = directory.resolve("audit.log");
    String policy =
        "<restrict><commands><command>list</command></commands>"
            + "<filter><mbean>java.lang:type=Runtime</mbean></filter></restrict>";
    try (Audit audit = new Audit(InstantSource.system(), false, AuditFile.Settings.of(log));
        Jolokia jolokia = Jolokia.start(policy(policy), audit, new LargeAnswers())) {
      String there = answer(jolokia, read("java.lang:type=Runtime"));

      assertThat(there).contains("InstanceNotFoundException", "\"status\":404");
      assertThat(Files.readAllLines(log)).hasSize(1);
      assertThat(answer(jolokia, read("java.lang:type=Runtim_")))
          .isEqualTo(there.replace("Runtime", "Runtim_"));
      assertThat(answer(jolokia, read("java.lang:type=Memory"))).contains("\"status\":403");
    }
    assertThat(Files.readAllLines(log)).as("the others at the end").hasSize(3);
    assertThat(Files.readAllLines(log).get(1)).contains("type=Memory", "\"reads\":1,");
  }

  @Test
  void whereThePolicyLeavesOutListsEverythingDeniedLooksAlike() throws Exception {
    try (Audit audit = new Audit(InstantSource.system(), false);
        Jolokia jolokia =
            Jolokia.start(
                policy("<restrict><commands><command>version</command></commands></restrict>"),
                audit,
                new LargeAnswers())) {
      assertThat(answer(jolokia, read("java.lang:type=Nothing")))
          .contains("\"status\":403")
          .isEqualTo(answer(jolokia, read("java.lang:type=Runtime")));
    }
  }

  @Test
  void ofSeveralAttributesADeniedOneCountsMoreThanOneThatDoesNotExist() throws Exception {
    String policy = "<restrict><commands><command>list</command></commands></restrict>";
    String request = "{\"type\":\"read\",\"mbean\":\"java.lang:type=Memory\"%s}";
    String several = request.formatted(",\"attribute\":[\"%s\",\"%s\"]");
    try (Audit audit = new Audit(InstantSource.system(), false);
        Jolokia jolokia = Jolokia.start(policy(policy), audit, new LargeAnswers())) {
      assertThat(answer(jolokia, several.formatted("Nothing", "Verbose"))).contains(":403");
      assertThat(answer(jolokia, several.formatted("Verbose", "Nothing"))).contains(":403");
      assertThat(answer(jolokia, several.formatted("Nothing", "No other"))).contains(":404");
      assertThat(answer(jolokia, request.formatted(""))).as("all of them").contains(":403");
    }
  }

  private Path policy(String content) throws IOException {
    return Files.writeString(directory.resolve("policy.xml"), content);
  }

  private static String read(String mbean) {
    return "{\"type\":\"read\",\"mbean\":\"%s\",\"attribute\":\"ObjectName\"}".formatted(mbean);
  }

  private static void answerMany(Jolokia jolokia, int bodies) throws IOException {
    for (int i = 0; i < bodies; i++) {
      assertThat(answer(jolokia, "[]")).endsWith("\r\n\r\n[]");
    }
  }

  private static String answer(Jolokia jolokia, String body) throws IOException {
    ByteArrayOutputStream sent = new ByteArrayOutputStream();
    ClassicHttpRequest request = new BasicClassicHttpRequest("POST", "/jolokia");
    request.setVersion(HttpVersion.HTTP_1_1);
    InputStream none = InputStream.nullInputStream();
    SessionOutputBufferImpl buffer = new SessionOutputBufferImpl(1_000);
    AnswerStream answer =
        new AnswerStream(new Exchange(new Socket(), request, none, buffer, sent), false);
    jolokia.post(body, PLACE, answer);
    answer.end();
    buffer.flush(sent);
    return sent.toString(StandardCharsets.UTF_8);
  }

  private static long heapBytes() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
