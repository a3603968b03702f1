package org.smsjmx.application;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.security.auth.Subject;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.smsjmx.log.Logs;
import org.smsjmx.management.Endpoints;
import org.smsjmx.management.Management;
import org.smsjmx.management.Membership;
import org.smsjmx.management.Permission;
import org.smsjmx.session.SessionTable;
import org.smsjmx.session.SessionTimeouts;
import org.smsjmx.session.Sessions;
import org.smsjmx.session.UserRegistry;
import org.smsjmx.session.memory.InMemorySessionTable;

/**
 * The sessions of one application, manageable as those of one server in one realm: a table, the
 * server's MBean on the platform's MBean server, a thread, which ends what is due, and some that
 * come and go with what an adapter gives them to do. Sessions have no limits here: the
 * application's container decides, or each session's own idle limit. Closing it leaves nothing
 * behind.
 */
public final class SessionService implements AutoCloseable {

  private static final Logger LOG = Logs.of(SessionService.class);

  private static final SessionTimeouts UNLIMITED =
      new SessionTimeouts(Duration.ZERO, Duration.ZERO);

  /** So many servers of one name may be in a JVM. */
  private static final int MOST_NUMBERS = 1_000;

  /** So many sessions may hang in code of the application, less one, before all others wait. */
  private static final int WORKERS = 8;

  /** The setting that says what clients of other JMX connectors may do. */
  private static final String PRINCIPALS = "sms.jmx.principals";

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final String realm;
  private final SessionTable table;
  private final Sessions sessions;
  private final Endpoints endpoints;
  private final Management management;
  private final Membership membership;
  private final ScheduledExecutorService thread;
  private final ThreadPoolExecutor workers;

  /** The thread itself, once it runs. */
  private volatile @Nullable Thread own;

  private SessionService(
      String instance,
      String realm,
      SessionTable table,
      UserRegistry registry,
      Endpoints endpoints,
      @Nullable Function<Subject, Permission> permissions) {
    InstantSource clock = InstantSource.system();
    this.realm = realm;
    this.table = table;
    this.sessions = new Sessions(table, registry, clock);
    this.endpoints = endpoints;
    Management management =
        new Management(
            ManagementFactory.getPlatformMBeanServer(), sessions, endpoints.audit(), clock);
    if (permissions != null) {
      management.permit(permissions);
    }
    this.management = management;
    this.membership = join(management, instance, realm);
    String server = server();
    this.thread =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread made = new Thread(task, "sms-jmx " + server);
              made.setDaemon(true);
              own = made;
              return made;
            });
    this.workers = workers("sms-jmx ends " + server);
    eachSecond(management::tick);
  }

  /**
   * Begins: from now on the server is manageable.
   *
   * @param instance what the application is called, see {@link ApplicationName#allowed}; where a
   *     server of that name is there already it gets a number
   * @param realm the realm in which its sessions are
   * @param registry tells a user's credential
   * @throws IllegalArgumentException if a name is not allowed
   * @throws IllegalStateException if no server can be registered
   */
  public static SessionService open(String instance, String realm, UserRegistry registry) {
    return open(instance, realm, registry, System::getProperty);
  }

  /**
   * Begins, with settings from elsewhere than system properties.
   *
   * @param instance what the application is called, see {@link ApplicationName#allowed}
   * @param realm the realm in which its sessions are
   * @param registry tells a user's credential
   * @param settings gives the value of a setting of {@link Endpoints}, null if it is not set
   * @throws IllegalArgumentException if a name is not allowed
   * @throws IllegalStateException if no server can be registered
   */
  public static SessionService open(
      String instance,
      String realm,
      UserRegistry registry,
      Function<String, @Nullable String> settings) {
    return open(
        instance,
        realm,
        new InMemorySessionTable(UNLIMITED, InstantSource.system()),
        registry,
        settings);
  }

  /**
   * Begins, with sessions that are kept elsewhere.
   *
   * @param instance what the application is called, see {@link ApplicationName#allowed}
   * @param realm the realm in which its sessions are
   * @param table holds the sessions; closed with the service
   * @param registry tells a user's credential
   * @param settings gives the value of a setting of {@link Endpoints}, null if it is not set
   * @throws IllegalArgumentException if a name is not allowed
   * @throws IllegalStateException if no server can be registered
   */
  public static SessionService open(
      String instance,
      String realm,
      SessionTable table,
      UserRegistry registry,
      Function<String, @Nullable String> settings) {
    Endpoints endpoints = Endpoints.open(settings, SessionService.class.getClassLoader());
    try {
      return new SessionService(instance, realm, table, registry, endpoints, permissions(settings));
    } catch (RuntimeException e) {
      endpoints.close();
      throw e;
    }
  }

  /** What is wrong with a setting keeps no application from starting, and lets nobody do more. */
  private static @Nullable Function<Subject, Permission> permissions(
      Function<String, @Nullable String> settings) {
    String text = settings.apply(PRINCIPALS);
    try {
      return text == null || text.isBlank() ? null : PrincipalPermissions.parse(text);
    } catch (IllegalArgumentException e) {
      LOG.error("clients of other JMX connectors may only view: {} {}", PRINCIPALS, e.getMessage());
      return subject -> Permission.VIEW;
    }
  }

  /** Threads that come as they are needed and go soon; they see classes as the application does. */
  private static ThreadPoolExecutor workers(String name) {
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    ThreadPoolExecutor workers =
        new ThreadPoolExecutor(
            WORKERS,
            WORKERS,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread made = new Thread(task, name);
              made.setDaemon(true);
              made.setContextClassLoader(loader);
              return made;
            });
    workers.allowCoreThreadTimeOut(true);
    return workers;
  }

  private static Membership join(Management management, String instance, String realm) {
    for (int number = 1; ; number++) {
      try {
        return management.join(ApplicationName.server(instance, number), realm);
      } catch (IllegalStateException e) {
        if (number == MOST_NUMBERS) {
          throw e;
        }
      }
    }
  }

  /** Returns the sessions. */
  public Sessions sessions() {
    return sessions;
  }

  /** Returns the name of the server. */
  public String server() {
    return membership.server().value();
  }

  /** Returns the realm. */
  public String realm() {
    return realm;
  }

  /**
   * Sets what clients may do of the JDK's or the application's JMX connectors, in place of the
   * setting {@code sms.jmx.principals}; see {@link Management#permit}.
   *
   * @param permissions by the subject that the connector authenticated
   */
  public void permit(Function<Subject, Permission> permissions) {
    management.permit(permissions);
  }

  /** Returns the membership of the server in its realm, to note what is not managed. */
  public Membership membership() {
    return membership;
  }

  /** Does something soon, in a thread of the service; once closed it is not done. */
  public void execute(Runnable task) {
    try {
      workers.execute(() -> run(task));
    } catch (RejectedExecutionException e) {
      LOG.debug("{} has ended: a task is not done", server());
    }
  }

  /**
   * Does several things in threads of the service, and waits for them. What takes longer goes on
   * without the caller: it may be code of the application, and may never return, which then keeps
   * none of the others from being done.
   *
   * @param tasks what to do, in no order
   * @param patience for how long to wait at most
   */
  public void execute(List<Runnable> tasks, Duration patience) {
    CountDownLatch done = new CountDownLatch(tasks.size());
    for (Runnable task : tasks) {
      execute(
          () -> {
            try {
              task.run();
            } finally {
              done.countDown();
            }
          });
    }
    try {
      if (!isOwnThread()
          && !workers.isShutdown()
          && !done.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("{} still ends sessions, in code of the application", server());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isOwnThread() {
    return Thread.currentThread() == own;
  }

  /** Lets the service's thread do something each second. */
  public void eachSecond(Runnable task) {
    Future<?> unused = thread.scheduleWithFixedDelay(() -> run(task), 1, 1, TimeUnit.SECONDS);
  }

  /** A task that fails stops no other one, nor its own next run. */
  private static void run(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | LinkageError | AssertionError e) {
      LOG.error("a task of the session service failed", e);
    }
  }

  /** Lets the server leave and ends its thread. */
  @Override
  public void close() {
    try {
      membership.close();
    } finally {
      endThreads();
      endpoints.close();
      table.close();
    }
  }

  private void endThreads() {
    thread.shutdownNow();
    workers.shutdownNow();
    try {
      if (!thread.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
          || !workers.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("a thread of {} still runs, in code of the application", server());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
