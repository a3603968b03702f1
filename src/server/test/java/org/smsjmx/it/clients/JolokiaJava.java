package org.smsjmx.it.clients;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import javax.management.MalformedObjectNameException;
import org.jolokia.client.JolokiaClientBuilder;
import org.jolokia.client.exception.JolokiaBulkRemoteException;
import org.jolokia.client.exception.JolokiaException;
import org.jolokia.client.exception.JolokiaRemoteException;
import org.jolokia.client.request.HttpMethod;
import org.jolokia.client.request.JolokiaExecRequest;
import org.jolokia.client.response.JolokiaExecResponse;
import org.smsjmx.fixture.Endpoint;
import org.smsjmx.fixture.ServerProcess;

/** The library jolokia-client-java. */
final class JolokiaJava implements Endpoint {

  private final JolokiaClientBuilder builder;
  private final HttpMethod method;

  JolokiaJava(ServerProcess server, String account, String password, HttpMethod method) {
    this.builder =
        new JolokiaClientBuilder().url(server.http() + "/jolokia").user(account).password(password);
    this.method = method;
  }

  @Override
  public Outcome call(String mbean, String operation, Object... arguments) {
    try (org.jolokia.client.JolokiaClient client = builder.build()) {
      JolokiaExecResponse response = client.execute(request(mbean, operation, arguments), method);
      return outcome(response);
    } catch (JolokiaRemoteException e) {
      return outcome(e);
    } catch (JolokiaException e) {
      throw new AssertionError(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static JolokiaExecRequest request(String mbean, String operation, Object... arguments) {
    try {
      return new JolokiaExecRequest(mbean, operation, arguments);
    } catch (MalformedObjectNameException e) {
      throw new AssertionError(e);
    }
  }

  /** Sends a list of requests. */
  List<Outcome> bulk(List<JolokiaExecRequest> requests) {
    try (org.jolokia.client.JolokiaClient client = builder.build()) {
      return client.execute(requests).stream()
          .map(response -> outcome((JolokiaExecResponse) response))
          .toList();
    } catch (JolokiaBulkRemoteException e) {
      return e.getResults().stream()
          .map(
              result ->
                  result instanceof JolokiaRemoteException refused
                      ? outcome(refused)
                      : outcome((JolokiaExecResponse) result))
          .toList();
    } catch (JolokiaException e) {
      throw new AssertionError(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Outcome outcome(JolokiaExecResponse response) {
    return new Outcome(response.getValue(), 200, "");
  }

  private static Outcome outcome(JolokiaRemoteException refused) {
    return new Outcome(null, refused.getStatus(), refused.getMessage());
  }

  @Override
  public String toString() {
    return "jolokia-client-java " + method;
  }
}
