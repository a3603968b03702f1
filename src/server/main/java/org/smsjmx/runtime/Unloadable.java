package org.smsjmx.runtime;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.MutableCallSite;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets an application that is undeployed be unloaded with our classes, of which Java keeps some for
 * ever where they are given to it as they are.
 */
public final class Unloadable {

  private static final Logger LOG = LoggerFactory.getLogger(Unloadable.class);

  private Unloadable() {}

  /**
   * Something of our classes, in an object that has classes of Java alone.
   *
   * @param <T> interface with one method
   */
  public static final class Detachable<T> {

    private final MutableCallSite site;
    private final T object;

    /**
     * @param type an interface of Java with one method
     * @param target does what the method does
     */
    public Detachable(Class<T> type, T target) {
      try {
        MethodHandle method = MethodHandles.publicLookup().unreflect(type.getMethods()[0]);
        site = new MutableCallSite(method.bindTo(target));
      } catch (IllegalAccessException e) {
        throw new IllegalArgumentException(e);
      }
      object = ofJava(type, site.dynamicInvoker());
    }

    /** Returns what may be kept for ever. */
    public T object() {
      return object;
    }

    /** Lets its method do nothing from now on, and return null. */
    public void detach() {
      site.setTarget(MethodHandles.empty(site.type()));
      MutableCallSite.syncAll(new MutableCallSite[] {site});
    }
  }

  /** The class of a proxy is made for the class loader of the thread. */
  private static <T> T ofJava(Class<T> type, MethodHandle target) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(ClassLoader.getPlatformClassLoader());
    try {
      return MethodHandleProxies.asInterfaceInstance(type, target);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /**
   * Initializes a class of Java that makes an exception then and keeps it: in a thread of its own,
   * so that no class of ours is in the stack trace.
   *
   * @param constructor of the class, with its arguments
   */
  @SuppressWarnings("unchecked")
  public static void initialize(MethodHandle constructor) {
    MethodHandle made = constructor.asType(MethodType.methodType(Object.class));
    FutureTask<Object> task = new FutureTask<>((Callable<Object>) ofJava(Callable.class, made));
    Thread thread = new Thread(null, task, "initializer", 0, false);
    thread.start();
    try {
      task.get();
    } catch (Exception e) {
      LOG.debug("a class of Java is not initialized", e);
    }
  }
}
