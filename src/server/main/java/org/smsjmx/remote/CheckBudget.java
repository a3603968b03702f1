package org.smsjmx.remote;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How many passwords are checked: ten a second for one account and ten for one block of addresses,
 * each with as many saved up. A block from which somebody signed in to the account within a day has
 * a budget of its own for it, of which only wrong passwords take something, so that nobody outside
 * can slow it down.
 *
 * <p>All of loopback is one block, as it is one machine; else a block is an IPv4 address or a /64
 * network of IPv6, which one client has for itself.
 */
final class CheckBudget {

  static final int A_SECOND = 10;

  private static final Duration KNOWN_FOR = Duration.ofDays(1);
  private static final int REMEMBERED = 10_000;
  private static final int NETWORK_BYTES = 8;

  /** Names that are alike up to here share a budget: anybody can send long ones. */
  private static final int NAME_LENGTH = 100;

  private final LongSupplier nanos;
  private final Map<String, Bucket> accounts = remembering();
  private final Map<String, Bucket> blocks = remembering();
  private final Map<Pair, Bucket> known = remembering();

  /** How many checks were taken and are not done. */
  private final Map<Pair, Integer> underWay = new HashMap<>();

  private record Pair(String account, String block) {}

  /** Tokens that come back with time. */
  private static final class Bucket {
    private double tokens = A_SECOND;
    private long filledNanos;
    private long usedNanos;

    Bucket(long now) {
      filledNanos = now;
      usedNanos = now;
    }

    boolean holdsOne(long now) {
      double seconds = (now - filledNanos) / (double) Duration.ofSeconds(1).toNanos();
      tokens = Math.min(A_SECOND, tokens + seconds * A_SECOND);
      filledNanos = now;
      return tokens >= 1;
    }
  }

  CheckBudget(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** What was asked about longest ago is forgotten, so that clients fill no memory. */
  private static <K, V> Map<K, V> remembering() {
    return new LinkedHashMap<>(16, 0.75f, true) {
      @Override
      protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > REMEMBERED;
      }
    };
  }

  /**
   * Takes a check from the budget. Where none is left it waits for checks that are under way for
   * the same account and block, since many clients with the right password may come at once.
   *
   * @return whether there was one; if so, {@link #done} must follow, if not, nothing may be checked
   */
  synchronized boolean take(String account, String address) {
    Pair pair = pair(account, address);
    while (!takeNow(pair)) {
      if (!underWay.containsKey(pair)) {
        return false;
      }
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    underWay.merge(pair, 1, Integer::sum);
    return true;
  }

  private boolean takeNow(Pair pair) {
    long now = nanos.getAsLong();
    Bucket own = known.get(pair);
    if (own != null && now - own.usedNanos <= KNOWN_FOR.toNanos()) {
      boolean left = own.holdsOne(now);
      own.tokens -= left ? 1 : 0;
      return left;
    }
    Bucket ofAccount = accounts.computeIfAbsent(pair.account, name -> new Bucket(now));
    Bucket ofBlock = blocks.computeIfAbsent(pair.block, name -> new Bucket(now));
    // what one refuses takes nothing from the other
    boolean left = ofAccount.holdsOne(now) && ofBlock.holdsOne(now);
    if (left) {
      ofAccount.tokens--;
      ofBlock.tokens--;
    }
    return left;
  }

  /**
   * Says that a check which was taken is done.
   *
   * @param right whether the password was right: then it is given back
   */
  synchronized void done(String account, String address, boolean right) {
    Pair pair = pair(account, address);
    underWay.computeIfPresent(pair, (same, count) -> count == 1 ? null : count - 1);
    if (right) {
      giveBack(pair);
    }
    notifyAll();
  }

  private void giveBack(Pair pair) {
    long now = nanos.getAsLong();
    Bucket own = known.get(pair);
    if (own == null) {
      known.put(pair, new Bucket(now));
    } else {
      own.tokens = Math.min(A_SECOND, own.tokens + 1);
      own.usedNanos = now;
    }
  }

  private static Pair pair(String account, String address) {
    return new Pair(account.substring(0, Math.min(account.length(), NAME_LENGTH)), block(address));
  }

  /** Returns what stands for the block of an address. */
  static String block(String address) {
    try {
      InetAddress parsed = InetAddress.getByName(address);
      if (parsed.isLoopbackAddress()) {
        return "loopback";
      }
      byte[] bytes = parsed.getAddress();
      return Arrays.toString(
          bytes.length > NETWORK_BYTES ? Arrays.copyOf(bytes, NETWORK_BYTES) : bytes);
    } catch (UnknownHostException e) {
      return address;
    }
  }
}
