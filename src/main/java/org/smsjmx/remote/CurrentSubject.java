package org.smsjmx.remote;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import javax.security.auth.Subject;
import org.jspecify.annotations.Nullable;

/**
 * The subject in whose name RMI runs a call. {@code Subject.current()} tells it from JDK 18 on;
 * before, {@code Subject.getSubject} of the access control context, which later JDKs have taken
 * away.
 */
final class CurrentSubject {

  private static final MethodHandle CURRENT = find().asType(MethodType.methodType(Subject.class));

  private CurrentSubject() {}

  static @Nullable Subject get() {
    try {
      return (Subject) CURRENT.invokeExact();
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("cannot tell who is calling", e);
    }
  }

  private static MethodHandle find() {
    MethodHandles.Lookup lookup = MethodHandles.publicLookup();
    try {
      return lookup.findStatic(Subject.class, "current", MethodType.methodType(Subject.class));
    } catch (ReflectiveOperationException e) {
      return beforeJdk18(lookup);
    }
  }

  private static MethodHandle beforeJdk18(MethodHandles.Lookup lookup) {
    try {
      Class<?> context = Class.forName("java.security.AccessControlContext");
      MethodHandle getContext =
          lookup.findStatic(
              Class.forName("java.security.AccessController"),
              "getContext",
              MethodType.methodType(context));
      MethodHandle getSubject =
          lookup.findStatic(
              Subject.class, "getSubject", MethodType.methodType(Subject.class, context));
      return MethodHandles.filterReturnValue(getContext, getSubject);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }
}
