package org.smsjmx.management;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.rmi.server.RemoteServer;
import java.rmi.server.ServerNotActiveException;
import java.security.AccessController;
import java.security.Principal;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import javax.management.remote.JMXPrincipal;
import javax.security.auth.Subject;
import org.jspecify.annotations.Nullable;

/**
 * Clients of JMX connectors that are none of our endpoints: those of the JDK's agents and of the
 * application. Who they are says the subject that the connector authenticated.
 */
final class ConnectorCallers {

  private static final Subject NOBODY = new Subject(true, Set.of(), Set.of(), Set.of());

  /** An application may run on a Java runtime without RMI, to which no connector belongs. */
  private static final boolean HAS_RMI = ModuleLayer.boot().findModule("java.rmi").isPresent();

  /** {@code Subject.current()}, which is there since Java 18; null before. */
  private static final @Nullable MethodHandle CURRENT_SUBJECT = currentSubject();

  private volatile @Nullable Function<Subject, Permission> permissions;

  /** Sets what they may do, by their subject. */
  void permit(Function<Subject, Permission> permissions) {
    this.permissions = permissions;
  }

  /** Returns who calls in this thread, {@link Caller#LOCAL} if it serves no connector. */
  Caller current() {
    Subject subject = subject();
    String host = clientHost();
    Optional<JMXPrincipal> principal =
        subject.getPrincipals(JMXPrincipal.class).stream().findFirst();
    if (principal.isPresent() || (host != null && !subject.getPrincipals().isEmpty())) {
      Principal first = principal.map(Principal.class::cast).orElseGet(() -> first(subject));
      return caller(RefusedException.shown(first.getName()), host, subject);
    }
    if (host == null) {
      return Caller.LOCAL;
    }
    return isThisMachine(host) && LocalConnector.isOnlyOne()
        ? Caller.attached(LocalConnector.osUser())
        : caller("anonymous@" + host, host, NOBODY);
  }

  private static Principal first(Subject subject) {
    return subject.getPrincipals().iterator().next();
  }

  private Caller caller(String name, @Nullable String host, Subject subject) {
    String address = host == null ? "" : host;
    return new Caller(name, address, "jmx", permission(subject, address));
  }

  /**
   * A client that authenticated was let through to operations by its connector, which has a
   * permission file of its own. One of this machine that did not may have attached, where that
   * cannot be told.
   */
  private Permission permission(Subject subject, String host) {
    Function<Subject, Permission> given = permissions;
    if (given != null) {
      Permission permission = given.apply(subject);
      return permission == null ? Permission.VIEW : permission;
    }
    return !subject.getPrincipals().isEmpty() || isThisMachine(host)
        ? Permission.ADMINISTER
        : Permission.VIEW;
  }

  /**
   * Returns the address of the client whose RMI call this thread serves, null if it serves none.
   */
  private static @Nullable String clientHost() {
    if (!HAS_RMI) {
      return null;
    }
    try {
      return RemoteServer.getClientHost();
    } catch (ServerNotActiveException e) {
      return null;
    }
  }

  /** The JDK gives the address as text, so that no name is looked up. */
  private static boolean isThisMachine(String host) {
    try {
      InetAddress address = InetAddress.getByName(host);
      return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
    } catch (UnknownHostException | SocketException e) {
      return false;
    }
  }

  private static @Nullable MethodHandle currentSubject() {
    try {
      return MethodHandles.publicLookup()
          .findStatic(Subject.class, "current", MethodType.methodType(Subject.class));
    } catch (NoSuchMethodException | IllegalAccessException e) {
      return null;
    }
  }

  @SuppressWarnings("removal") // of which Java 17 has nothing else
  private static Subject subject() {
    try {
      Subject subject =
          CURRENT_SUBJECT == null
              ? Subject.getSubject(AccessController.getContext())
              : (Subject) CURRENT_SUBJECT.invokeExact();
      return subject == null ? NOBODY : subject;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
