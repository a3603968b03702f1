package org.smsjmx.remote;

import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import javax.management.ObjectName;
import org.smsjmx.management.SmsNames;

/**
 * Attributes that no endpoint shows: they may hold secrets, or tell where files of the machine lie.
 * Whatever else an account reads by one endpoint it may read by the other.
 */
public final class HiddenAttributes {

  private static final Map<String, Set<String>> OF_JVM =
      Map.of(
          ManagementFactory.RUNTIME_MXBEAN_NAME,
          Set.of("InputArguments", "SystemProperties", "ClassPath", "LibraryPath", "BootClassPath"),
          "com.sun.management:type=HotSpotDiagnostic",
          Set.of("DiagnosticOptions"),
          "jdk.management.jfr:type=FlightRecorder",
          Set.of("Recordings"));

  /** What other software of the JVM calls its secrets, as Tomcat does those of its users. */
  private static final Pattern SECRET =
      Pattern.compile("password|passphrase|secret|credential", Pattern.CASE_INSENSITIVE);

  private HiddenAttributes() {}

  /** Returns whether an attribute is hidden. */
  public static boolean contains(ObjectName mbean, String attribute) {
    return !mbean.getDomain().equals(SmsNames.DOMAIN)
        && (OF_JVM.getOrDefault(mbean.getCanonicalName(), Set.of()).contains(attribute)
            || SECRET.matcher(attribute).find());
  }
}
