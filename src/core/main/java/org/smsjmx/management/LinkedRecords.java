package org.smsjmx.management;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.runtime.ObjectMethods;

/**
 * What the JDK keeps of records. The first time that {@code equals}, {@code hashCode} or {@code
 * toString} of a record runs, the JDK links it; and in Java 17 the method handles by which it does
 * so remember, strongly, the types that they were adapted to last. That is a class of ours as long
 * as no other record is linked, and keeps our class loader.
 */
final class LinkedRecords {

  private LinkedRecords() {}

  /** Makes a class of the JDK the last one that was linked. */
  static void forgetLast() {
    try {
      for (String method : new String[] {"equals", "hashCode", "toString"}) {
        ObjectMethods.bootstrap(
            MethodHandles.publicLookup(),
            method,
            MethodHandle.class,
            String.class,
            "text",
            MethodHandles.identity(String.class));
      }
    } catch (Throwable e) {
      throw new IllegalStateException("the Java runtime cannot link records", e);
    }
  }
}
