package org.smsjmx.simulation;

import org.jspecify.annotations.Nullable;
import org.smsjmx.management.Description;
import org.smsjmx.management.ManagedOperation;
import org.smsjmx.management.Permission;

/**
 * {@code sms:type=Simulation}: the simulated users, and a way to act as they do, for demonstrations
 * and for testing other software against the service.
 */
@Description("Simulated users, who sign in, come back and leave")
public interface SimulationMXBean {

  @Description("Whether users act by themselves; false while paused")
  boolean isRunning();

  @Description("Number of users: those of the registry file, and made-up ones")
  int getUsers();

  @Description("Number of sessions above which made-up users sign out")
  int getTargetSessions();

  @Description("Sign-ins of made-up users in a second")
  int getSignInsPerSecond();

  @Description("Uses of sessions by made-up users in a second")
  double getVisitsPerSecond();

  @Description("Seed from which chance is drawn")
  int getSeed();

  @Description("Sign-ins by simulated users, since the start")
  long getSignInsTotal();

  @Description("Uses of sessions by simulated users, since the start")
  long getVisitsTotal();

  @Description("Sign-outs by simulated users, since the start")
  long getSignOutsTotal();

  /**
   * Signs a user in.
   *
   * @param user a user of the registry
   * @param realm realm
   * @param server a server of the realm
   * @param count how often, 1..1000000
   * @return number of new sessions
   * @throws IllegalArgumentException CTGSI0313E for a wrong argument, HPDMG0754W for an unknown
   *     user
   */
  @ManagedOperation(value = "Signs a user in, as often as asked", needs = Permission.ADMINISTER)
  int signIn(
      @Description("User of the registry") @Nullable String user,
      @Description("Realm") @Nullable String realm,
      @Description("Server of the realm") @Nullable String server,
      @Description("How often, 1..1000000") int count);

  /**
   * Signs a user out of all sessions in a realm, as the user would.
   *
   * @param user user name, letter case ignored
   * @param realm realm
   * @return number of sessions ended
   */
  @ManagedOperation(
      value = "Signs a user out of all sessions in a realm",
      needs = Permission.ADMINISTER)
  int signOut(
      @Description("User name, letter case ignored") @Nullable String user,
      @Description("Realm") @Nullable String realm);

  /**
   * Stops users from acting by themselves.
   *
   * @return whether they did before
   */
  @ManagedOperation(
      value = "Stops users from acting by themselves; says whether they did",
      needs = Permission.ADMINISTER)
  boolean pause();

  /**
   * Lets users act by themselves again.
   *
   * @return whether they did not before
   */
  @ManagedOperation(
      value = "Lets users act by themselves again; says whether they did not",
      needs = Permission.ADMINISTER)
  boolean resume();
}
