package org.smsjmx.servlet;

import java.io.IOException;
import java.io.InputStream;

/**
 * Loads a package of ours that needs classes of a container which hides them from applications: it
 * sees those of the container as the container does, and everything else as the application does.
 */
final class HiddenClasses extends ClassLoader {

  private final String ours;
  private final ClassLoader container;
  private final String theirs;

  /**
   * @param ours what the names of our classes begin with
   * @param part an object of the container
   * @param theirs what the names of the container's classes begin with
   */
  HiddenClasses(ClassLoader application, String ours, Object part, String theirs) {
    super(application);
    this.ours = ours;
    this.container = part.getClass().getClassLoader();
    this.theirs = theirs;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (name.startsWith(theirs)) {
      return container.loadClass(name);
    }
    if (!name.startsWith(ours)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      return loaded == null ? findClass(name) : loaded;
    }
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
      if (in == null) {
        throw new ClassNotFoundException(name);
      }
      byte[] code = in.readAllBytes();
      return defineClass(name, code, 0, code.length, HiddenClasses.class.getProtectionDomain());
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }
}
