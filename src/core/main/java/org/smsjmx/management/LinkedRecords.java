package org.smsjmx.management;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.runtime.ObjectMethods;
import org.slf4j.Logger;
import org.smsjmx.log.Logs;

/**
 * What the JDK keeps of records. The first time that {@code equals}, {@code hashCode} or {@code
 * toString} of a record runs, the JDK links it; and in Java 17 the method handles by which it does
 * so remember, strongly, the types that they were adapted to last. That is a class of ours as long
 * as no other record is linked, and keeps our class loader.
 */
public final class LinkedRecords {

  private static final Logger LOG = Logs.of(LinkedRecords.class);

  private LinkedRecords() {}

  /**
   * Makes a class of the JDK the last one that was linked. To be called at the end of what may be
   * unloaded. Later Java keeps none, and may not link a class that is no record.
   */
  public static void forgetLast() {
    for (String method : new String[] {"equals", "hashCode", "toString"}) {
      try {
        ObjectMethods.bootstrap(
            MethodHandles.publicLookup(),
            method,
            MethodHandle.class,
            String.class,
            "text",
            MethodHandles.identity(String.class));
      } catch (Throwable e) {
        LOG.debug("this Java does not link {} of a class of its own", method, e);
      }
    }
  }
}
