package org.smsjmx.management;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.JMRuntimeException;
import javax.management.ListenerNotFoundException;
import javax.management.MBeanServer;
import javax.management.MBeanServerDelegate;
import javax.management.MBeanServerNotification;
import javax.management.Notification;
import javax.management.NotificationListener;
import javax.management.ObjectName;
import javax.management.ReflectionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.smsjmx.log.Logs;

/**
 * The other {@link Management}s on this MBean server, of this class loader or another one. They are
 * found by the MBeans of their servers, of which a listener tells as long as a server of ours is
 * registered. Where there is none, asking them is one look at an empty set.
 *
 * <p>What a notification says is not believed: two threads may notify in another order than they
 * registered and unregistered in. It tells for which name to ask the MBean server, under the
 * monitor, which guards {@link #own} and every change of {@link #names}.
 */
final class Peers {

  /** What crosses where there is nothing to do. */
  static final Map<String, Object> NO_ANSWER = Map.of();

  private static final Logger LOG = Logs.of(Peers.class);

  private final MBeanServer mbeanServer;
  private final Object self;

  /** The MBeans of servers that are not ours, and of ours until they are {@link #registered}. */
  private final Set<ObjectName> names = ConcurrentHashMap.newKeySet();

  private final Set<ObjectName> own = new HashSet<>();

  /** Servers of ours that are registered, or about to be. */
  private int registrations;

  private final NotificationListener listener = this::heard;

  /**
   * Looks for none yet.
   *
   * @param self stands for this Management in {@link PeerCall#reached}
   */
  Peers(MBeanServer mbeanServer, Object self) {
    this.mbeanServer = mbeanServer;
    this.self = self;
  }

  /**
   * What a peer answered.
   *
   * @param server a server of it
   * @param value what it found or did, null if it failed
   * @param failure why it did not do it, null if it did
   */
  record Answer(String server, @Nullable Object value, @Nullable RuntimeException failure) {}

  /** Says that an operation was not done everywhere. */
  static final class FailedException extends RuntimeException {
    FailedException(String message) {
      super(message);
    }
  }

  /**
   * Knows the peers from now on; {@link #unregistered} must follow. To be called before the server
   * can be called.
   */
  synchronized void registering() throws JMException {
    if (registrations == 0) {
      mbeanServer.addNotificationListener(MBeanServerDelegate.DELEGATE_NAME, listener, null, null);
      names.addAll(mbeanServer.queryNames(SmsNames.servers(), null));
    }
    registrations++;
  }

  /** Notes that a server that was registered is none of a peer. */
  synchronized void registered(ObjectName server) {
    own.add(server);
    names.remove(server);
  }

  /** Leaves nothing behind once no server is left, whether or not it came to be registered. */
  synchronized void unregistered(ObjectName server) {
    registrations--;
    if (registrations > 0) {
      if (own.remove(server)) {
        look(server);
      }
      return;
    }
    try {
      mbeanServer.removeNotificationListener(MBeanServerDelegate.DELEGATE_NAME, listener);
    } catch (InstanceNotFoundException | ListenerNotFoundException e) {
      LOG.debug("the MBean server has no delegate any more", e);
    }
    own.clear();
    names.clear();
    LinkedRecords.forgetLast();
  }

  private void heard(Notification notification, Object handback) {
    if (notification instanceof MBeanServerNotification registration
        && SmsNames.servers().apply(registration.getMBeanName())) {
      synchronized (this) {
        if (registrations > 0) {
          look(registration.getMBeanName());
        }
      }
    }
  }

  private void look(ObjectName server) {
    if (!own.contains(server) && mbeanServer.isRegistered(server)) {
      names.add(server);
    } else {
      names.remove(server);
    }
  }

  /** Returns whether there is none. */
  boolean isEmpty() {
    return names.isEmpty();
  }

  /**
   * Has an operation done by all peers that serve a realm, one after the other, in the name of the
   * caller in this thread. Each one that was registered before is asked; what one of them throws
   * keeps none from being asked.
   *
   * @param operation as {@link ServerMXBean} names it
   * @param subject its first argument: a user, a pattern or a session's id
   * @param realm its second one
   * @param maximum how many sessions to list at most, 0 where none are listed
   * @return what those answered that have something to do with it
   */
  List<Answer> ask(String operation, String subject, String realm, int maximum) {
    if (names.isEmpty()) {
      return List.of();
    }
    Set<Object> reached = Collections.newSetFromMap(new IdentityHashMap<>());
    reached.add(self);
    PeerCall call = new PeerCall(Caller.current(), reached, operation, subject, realm, maximum);
    List<Answer> answers = new ArrayList<>();
    for (ObjectName name : names) {
      Answer answer = ask(name, call);
      if (answer != null) {
        answers.add(answer);
      }
    }
    return answers;
  }

  private @Nullable Answer ask(ObjectName name, PeerCall call) {
    String server = String.valueOf(name.getKeyProperty("name"));
    try {
      Object answered =
          mbeanServer.invoke(name, PeerCall.NAME, call.toArguments(), PeerCall.signature());
      if (answered instanceof Map<?, ?> answer) {
        return read(server, answer);
      }
      return new Answer(server, null, new FailedException("it is no server of sms-jmx."));
    } catch (InstanceNotFoundException e) {
      return null; // it has left, and its sessions with it
    } catch (ReflectionException e) {
      return new Answer(
          server,
          null,
          new FailedException("it runs another version of sms-jmx, which cannot be asked."));
    } catch (JMException | JMRuntimeException | ClassCastException e) {
      LOG.error("{} at {} failed", call.operation(), name, e);
      return new Answer(server, null, new FailedException("it failed; see the server's log."));
    }
  }

  private static @Nullable Answer read(String server, Map<?, ?> answered) {
    if (answered.isEmpty()) {
      return null;
    }
    Object problem = answered.get("problem");
    if (problem == null) {
      return new Answer(server, answered.get("value"), null);
    }
    StatusCode code = StatusCode.named((String) answered.get("code"));
    return new Answer(
        server,
        null,
        code == null
            ? new FailedException((String) problem)
            : new RefusedException(code, (String) problem));
  }

  /** Returns an answer in the form in which it crosses. */
  static Map<String, Object> answer(Object value) {
    return Map.of("value", value);
  }

  /** Returns why there is none, in the form in which it crosses. */
  static Map<String, Object> problem(RuntimeException reason, String operation) {
    return reason instanceof RefusedException refused
        ? Map.of("problem", refused.detail(), "code", refused.code().name())
        : Map.of("problem", String.valueOf(ClientErrors.shownFor(reason, operation).getMessage()));
  }
}
