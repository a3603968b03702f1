package org.smsjmx.remote.http;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import javax.management.ObjectName;
import org.jolokia.server.core.service.api.Restrictor;
import org.jolokia.server.core.util.HttpMethod;
import org.jolokia.server.core.util.RequestType;

/**
 * A policy that is asked once about each attribute and operation: it does not change while the
 * service runs, and Jolokia's compiles patterns anew for each question.
 */
final class RememberingPolicy implements Restrictor {

  private static final int REMEMBERED = 1_000;

  private final Restrictor policy;
  private final Map<Question, Boolean> answers = new ConcurrentHashMap<>();

  RememberingPolicy(Restrictor policy) {
    this.policy = policy;
  }

  private enum Use {
    READ,
    WRITE,
    CALL
  }

  private record Question(Use use, ObjectName mbean, String member) {}

  private boolean answer(Use use, ObjectName mbean, String member, BooleanSupplier asked) {
    Question question = new Question(use, mbean, String.valueOf(member));
    Boolean known = answers.get(question);
    if (known != null) {
      return known;
    }
    boolean answer = asked.getAsBoolean();
    // names that clients make up must not fill the memory
    if (answers.size() < REMEMBERED) {
      answers.put(question, answer);
    }
    return answer;
  }

  @Override
  public boolean isAttributeReadAllowed(ObjectName mbean, String attribute) {
    return answer(
        Use.READ, mbean, attribute, () -> policy.isAttributeReadAllowed(mbean, attribute));
  }

  @Override
  public boolean isAttributeWriteAllowed(ObjectName mbean, String attribute) {
    return answer(
        Use.WRITE, mbean, attribute, () -> policy.isAttributeWriteAllowed(mbean, attribute));
  }

  @Override
  public boolean isOperationAllowed(ObjectName mbean, String operation) {
    return answer(Use.CALL, mbean, operation, () -> policy.isOperationAllowed(mbean, operation));
  }

  @Override
  public boolean isHttpMethodAllowed(HttpMethod method) {
    return policy.isHttpMethodAllowed(method);
  }

  @Override
  public boolean isTypeAllowed(RequestType type) {
    return policy.isTypeAllowed(type);
  }

  @Override
  public boolean isRemoteAccessAllowed(String... hostsOrAddresses) {
    return policy.isRemoteAccessAllowed(hostsOrAddresses);
  }

  @Override
  public boolean isOriginAllowed(String origin, boolean strict) {
    return policy.isOriginAllowed(origin, strict);
  }

  @Override
  public boolean isObjectNameHidden(ObjectName name) {
    return policy.isObjectNameHidden(name);
  }

  @Override
  public boolean ignoreScheme() {
    return policy.ignoreScheme();
  }
}
