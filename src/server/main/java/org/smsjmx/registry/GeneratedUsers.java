package org.smsjmx.registry;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.smsjmx.session.Credential;
import org.smsjmx.session.UserNames;
import org.smsjmx.session.UserRegistry;

/**
 * A registry with made-up users beside those of another: {@code user0000001} and so on, each in the
 * group {@code users} and in one of ten departments.
 */
public final class GeneratedUsers implements UserRegistry {

  private static final String PREFIX = "user";
  private static final int DIGITS = 7;

  private final UserRegistry real;
  private final int count;
  private final UserNames names;
  private final Set<String> taken;
  private final Map<Integer, Credential> made = new ConcurrentHashMap<>();

  /**
   * Puts made-up users beside those of another registry.
   *
   * @param real asked for all other users
   * @param count how many users to make up, 0..9999999
   * @param taken names that stay those of the other registry
   * @param names how names are compared
   */
  public GeneratedUsers(UserRegistry real, int count, Collection<String> taken, UserNames names) {
    this.real = real;
    this.count = count;
    this.names = names;
    this.taken = taken.stream().map(names::form).collect(Collectors.toUnmodifiableSet());
  }

  @Override
  public Credential read(String user) {
    int number = madeUp(user);
    return number > 0 ? made.computeIfAbsent(number, GeneratedUsers::make) : real.read(user);
  }

  @Override
  public boolean asksFor(String user) {
    return madeUp(user) == 0 && real.asksFor(user);
  }

  @Override
  public @Nullable Stale stale() {
    return real.stale();
  }

  /** Returns the number of a made-up user, 0 for another one. */
  private int madeUp(String user) {
    String key = names.form(user);
    return taken.contains(key) ? 0 : numberOf(key);
  }

  /**
   * Returns the name of a made-up user.
   *
   * @param number 1..count
   */
  public static String name(int number) {
    String digits = Integer.toString(number);
    return PREFIX + "0".repeat(DIGITS - digits.length()) + digits;
  }

  private int numberOf(String key) {
    if (!key.startsWith(PREFIX) || key.length() != PREFIX.length() + DIGITS) {
      return 0;
    }
    int number = 0;
    for (int i = PREFIX.length(); i < key.length(); i++) {
      char digit = key.charAt(i);
      if (digit < '0' || digit > '9') {
        return 0;
      }
      number = 10 * number + digit - '0';
    }
    return number <= count ? number : 0;
  }

  private static Credential make(int number) {
    return new Credential(name(number), List.of("users", "department" + number % 10), Map.of());
  }
}
