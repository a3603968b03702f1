package org.smsjmx.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.smsjmx.session.Credential;
import org.smsjmx.session.SessionId;

/**
 * The users and their sessions, the same for every peer: one user with 100,000 sessions, one with
 * 10,000, all others with one to thirty, about four in the mean, signed in in a random order.
 */
final class Population {

  static final int LARGEST = 100_000;
  static final int TEN = 10;

  private static final int LARGE = 10_000;
  private static final long SEED = 42;
  private static final int ID_BYTES = 48;

  /** What the registry says of each user; the first has most sessions, the second 10,000. */
  private final List<Known> users = new ArrayList<>();

  private final List<Integer> usersWithTen = new ArrayList<>();

  /** Of the largest user and of those with ten. */
  private final Map<Integer, int[]> sessionsOf = new HashMap<>();

  /** The user of each session, in the order in which they sign in. */
  private final int[] userOf;

  /** The ids by session: kept outside the heap, as clients keep them. */
  private final ByteBuffer ids;

  private final int idBytes;

  /**
   * Makes one.
   *
   * @param sessions number of sessions, 200,000 at least
   * @param binary whether ids take 16 bytes, else they are texts
   */
  Population(int sessions, boolean binary) {
    Random random = new Random(SEED);
    userOf = new int[sessions];
    idBytes = binary ? 2 * Long.BYTES : ID_BYTES;
    ids = ByteBuffer.allocateDirect(Math.multiplyExact(sessions, idBytes));
    int signedIn = 0;
    while (signedIn < sessions) {
      int user = users.size();
      int size = Math.min(sizeOf(user, random), sessions - signedIn);
      users.add(known(user, "staff", "1"));
      if (size == TEN) {
        usersWithTen.add(user);
      }
      if (size == TEN || user == 0) {
        sessionsOf.put(user, new int[size]);
      }
      Arrays.fill(userOf, signedIn, signedIn + size, user);
      signedIn += size;
    }
    for (int i = sessions - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int user = userOf[i];
      userOf[i] = userOf[other];
      userOf[other] = user;
    }
    Map<Integer, Integer> seen = new HashMap<>();
    for (int session = 0; session < sessions; session++) {
      int[] ofUser = sessionsOf.get(userOf[session]);
      if (ofUser != null) {
        ofUser[seen.merge(userOf[session], 1, Integer::sum) - 1] = session;
      }
    }
  }

  private static int sizeOf(int user, Random random) {
    if (user < 2) {
      return user == 0 ? LARGEST : LARGE;
    }
    int percent = random.nextInt(100);
    if (percent < 55) {
      return 1;
    }
    return percent < 80
        ? 2 + random.nextInt(3)
        : percent < 95 ? 5 + random.nextInt(6) : 10 + random.nextInt(21);
  }

  /** Returns a user's name. */
  static String name(int user) {
    return String.format("user%07d", user);
  }

  private static Known known(int user, String group, String level) {
    String name = name(user);
    return new Known(
        new Credential(
            name,
            List.of("users", group),
            Map.of("cn", List.of(name), "authentication_level", List.of(level))));
  }

  int sessions() {
    return userOf.length;
  }

  int users() {
    return users.size();
  }

  /** Returns the users with ten sessions. */
  List<Integer> usersWithTen() {
    return usersWithTen;
  }

  int userOf(int session) {
    return userOf[session];
  }

  Known known(int user) {
    return users.get(user);
  }

  /** Returns what the registry says after a change, of which the rules keep an attribute. */
  Known changed(int user, int change) {
    return known(user, "department" + change, "3");
  }

  /** Returns the name as a client sends it: a String of its own. */
  String nameOf(int user) {
    return new String(
        users.get(user).getName().getBytes(StandardCharsets.ISO_8859_1),
        StandardCharsets.ISO_8859_1);
  }

  /** Returns the sessions of a user, of the largest or of one with ten. */
  int[] sessionsOf(int user) {
    return Objects.requireNonNull(sessionsOf.get(user));
  }

  /** Remembers a session's id. */
  void keep(int session, Object id) {
    int at = session * idBytes;
    if (id instanceof SessionId binary) {
      ids.putLong(at, binary.high()).putLong(at + Long.BYTES, binary.low());
    } else {
      byte[] text = ((String) id).getBytes(StandardCharsets.ISO_8859_1);
      ids.put(at, (byte) text.length).put(at + 1, text);
    }
  }

  /** Returns a session's id as a client sends it: an object of its own. */
  Object id(int session) {
    int at = session * idBytes;
    if (idBytes != ID_BYTES) {
      return new SessionId(ids.getLong(at), ids.getLong(at + Long.BYTES));
    }
    byte[] text = new byte[ids.get(at)];
    ids.get(at + 1, text);
    return new String(text, StandardCharsets.ISO_8859_1);
  }
}
