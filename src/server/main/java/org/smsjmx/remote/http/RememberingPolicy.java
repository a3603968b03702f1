package org.smsjmx.remote.http;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import javax.management.ObjectName;
import org.jolokia.server.core.service.api.Restrictor;
import org.jolokia.server.core.util.HttpMethod;
import org.jolokia.server.core.util.RequestType;
import org.smsjmx.remote.HiddenAttributes;

/**
 * A policy that is asked once about each attribute and operation: it does not change while the
 * service runs, and Jolokia's compiles patterns anew for each question. What is hidden and denials
 * come first. An operation is asked about by its name alone: else a policy that denies {@code gc}
 * would allow {@code gc()}.
 */
final class RememberingPolicy implements Restrictor {

  private static final int REMEMBERED = 1_000;

  private final Restrictor policy;
  private final Denials denials;
  private final Map<Question, Boolean> answers = new ConcurrentHashMap<>();

  RememberingPolicy(Restrictor policy, Denials denials) {
    this.policy = policy;
    this.denials = denials;
  }

  private record Question(Denials.Use use, ObjectName mbean, String member) {}

  private boolean answer(Denials.Use use, ObjectName mbean, String member, BooleanSupplier asked) {
    Question question = new Question(use, mbean, String.valueOf(member));
    Boolean known = answers.get(question);
    if (known != null) {
      return known;
    }
    boolean answer = !denials.deny(use, mbean, question.member) && asked.getAsBoolean();
    // names that clients make up must not fill the memory
    if (answers.size() < REMEMBERED) {
      answers.put(question, answer);
    }
    return answer;
  }

  @Override
  public boolean isAttributeReadAllowed(ObjectName mbean, String attribute) {
    return !HiddenAttributes.contains(mbean, String.valueOf(attribute))
        && answer(
            Denials.Use.READ,
            mbean,
            attribute,
            () -> policy.isAttributeReadAllowed(mbean, attribute));
  }

  @Override
  public boolean isAttributeWriteAllowed(ObjectName mbean, String attribute) {
    return answer(
        Denials.Use.WRITE,
        mbean,
        attribute,
        () -> policy.isAttributeWriteAllowed(mbean, attribute));
  }

  @Override
  public boolean isOperationAllowed(ObjectName mbean, String operation) {
    String name = nameOf(operation);
    return answer(Denials.Use.CALL, mbean, name, () -> policy.isOperationAllowed(mbean, name));
  }

  /** Returns an operation's name without the types that may follow it. */
  static String nameOf(String operation) {
    int types = operation.indexOf('(');
    return types < 0 ? operation : operation.substring(0, types);
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
