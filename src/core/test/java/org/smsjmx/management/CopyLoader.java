package org.smsjmx.management;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import javax.management.MBeanServer;

/**
 * Loads this software once more, as the class loader of a web application does: first what it has
 * itself. SLF4J, and what is below it, is that of the class path.
 */
final class CopyLoader extends URLClassLoader {

  private CopyLoader(URL... classes) {
    super(classes, CopyLoader.class.getClassLoader());
  }

  /** Makes a class loader that has loaded nothing yet. */
  static CopyLoader make() {
    return new CopyLoader(placeOf(Management.class), placeOf(CopyInLoader.class));
  }

  private static URL placeOf(Class<?> type) {
    return type.getProtectionDomain().getCodeSource().getLocation();
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    synchronized (getClassLoadingLock(name)) {
      boolean ours = name.startsWith("org.smsjmx.") && !name.equals(Copy.class.getName());
      if (!ours) {
        return super.loadClass(name, resolve);
      }
      Class<?> loaded = findLoadedClass(name);
      return loaded == null ? findClass(name) : loaded;
    }
  }

  /** Makes a copy of the classes that this has; names of users are compared as directories do. */
  Copy copy(MBeanServer mbeanServer, String realm, Path auditFile, String server) {
    return copy("DIRECTORY", mbeanServer, realm, auditFile, server);
  }

  /**
   * Makes a copy of the classes that this has.
   *
   * @param names how names of users are compared: a {@link org.smsjmx.session.UserNames}
   * @param auditFile null for the application's logging
   * @param server its first server
   */
  Copy copy(String names, MBeanServer mbeanServer, String realm, Path auditFile, String server) {
    try {
      return (Copy)
          loadClass(CopyInLoader.class.getName())
              .getConstructor(
                  String.class, MBeanServer.class, String.class, Path.class, String.class)
              .newInstance(names, mbeanServer, realm, auditFile, server);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    try {
      super.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
