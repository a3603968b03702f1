package org.smsjmx.remote.http;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import javax.management.AttributeNotFoundException;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanInfo;
import javax.management.ObjectName;
import org.jolokia.server.core.request.JolokiaExecRequest;
import org.jolokia.server.core.request.JolokiaObjectNameRequest;
import org.jolokia.server.core.request.JolokiaReadRequest;
import org.jolokia.server.core.request.JolokiaWriteRequest;
import org.jolokia.server.core.service.api.JolokiaContext;
import org.jolokia.server.core.util.RequestType;
import org.jspecify.annotations.Nullable;

/**
 * Tells what does not exist from what the policy denies: clients expect of Jolokia that a name that
 * is not there is not found. They learn no more of it than {@code list} tells them; where the
 * policy leaves that out, or filters a name out of it, everything denied looks alike.
 */
final class Absences {

  private final JolokiaContext context;

  Absences(JolokiaContext context) {
    this.context = context;
  }

  /** Returns whether the policy keeps the MBean out of lists, so that it must seem not to exist. */
  boolean isHidden(JolokiaObjectNameRequest request) {
    return context.isObjectNameHidden(request.getObjectName());
  }

  /**
   * Returns why a request that the policy denies could not be done anyway, as Jolokia says it of
   * those that it allows; null if it could, or if the client may not know.
   */
  @Nullable Exception of(JolokiaObjectNameRequest request) {
    ObjectName name = request.getObjectName();
    if (name.isPattern() || !context.isTypeAllowed(RequestType.LIST)) {
      return null;
    }
    try {
      if (isHidden(request)) {
        throw new InstanceNotFoundException(name.toString());
      }
      MBeanInfo info =
          context
              .getMBeanServerAccess()
              .call(name, (server, mbean, more) -> server.getMBeanInfo(mbean));
      if (request instanceof JolokiaReadRequest read) {
        return read(read, info);
      }
      if (request instanceof JolokiaWriteRequest write && !has(info, write.getAttributeName())) {
        return new AttributeNotFoundException("No such attribute: " + write.getAttributeName());
      }
      return request instanceof JolokiaExecRequest exec ? exec(exec, info) : null;
    } catch (InstanceNotFoundException e) {
      return e;
    } catch (JMException | IOException e) {
      return null; // nothing is known of it
    }
  }

  /** Of several attributes those that exist must be allowed, else the denial is the answer. */
  private @Nullable Exception read(JolokiaReadRequest read, MBeanInfo info) {
    List<String> asked =
        read.isMultiAttributeMode() ? read.getAttributeNames() : List.of(read.getAttributeName());
    String missing = null;
    for (String attribute : asked) {
      if (!has(info, attribute)) {
        missing = attribute;
      } else if (!context.isAttributeReadAllowed(read.getObjectName(), attribute)) {
        return null;
      }
    }
    return missing == null ? null : new AttributeNotFoundException("No such attribute: " + missing);
  }

  private static boolean has(MBeanInfo info, @Nullable String attribute) {
    return Arrays.stream(info.getAttributes())
        .map(MBeanAttributeInfo::getName)
        .anyMatch(name -> name.equals(attribute));
  }

  private static @Nullable Exception exec(JolokiaExecRequest exec, MBeanInfo info) {
    String operation = RememberingPolicy.nameOf(exec.getOperation());
    return Arrays.stream(info.getOperations()).anyMatch(one -> one.getName().equals(operation))
        ? null
        : new NoSuchMethodException(operation);
  }
}
