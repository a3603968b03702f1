package org.smsjmx.remote.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.HttpVersion;
import org.apache.hc.core5.http.impl.io.SessionOutputBufferImpl;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.junit.jupiter.api.Test;
import org.smsjmx.management.Audit;
import org.smsjmx.remote.LargeAnswers;

/** What cannot be seen from outside; all else by HttpEndpointIT. */
final class JolokiaTest {

  private static final URI PLACE = URI.create("/jolokia");

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
    AnswerStream answer = new AnswerStream(new Exchange(new Socket(), request, none, buffer, sent));
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
