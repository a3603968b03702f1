package org.smsjmx.bench.boot;

import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.context.event.EventListener;
import org.springframework.security.authentication.event.AuthenticationSuccessEvent;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Holds a sign-in whose password has been checked, before it has a session, until it may go on. */
@RestController
public final class HeldSignIn {

  /** The page that lets the next sign-in be held. */
  public static final String HOLD = "/public/hold";

  /** The page that tells how many are held. */
  public static final String HELD = "/public/held";

  /** The page that lets one go on. */
  public static final String GO_ON = "/public/go-on";

  private final AtomicBoolean holdsNext = new AtomicBoolean();
  private final Semaphore goOn = new Semaphore(0);

  /** Made by Spring. */
  public HeldSignIn() {}

  @GetMapping(HOLD)
  String hold() {
    holdsNext.set(true);
    return "the next one is held";
  }

  @GetMapping(HELD)
  String held() {
    return String.valueOf(goOn.getQueueLength());
  }

  @GetMapping(GO_ON)
  String goOn() {
    goOn.release();
    return "one goes on";
  }

  /** Comes from within the check of the password, in the thread of the sign-in. */
  @EventListener
  void checked(AuthenticationSuccessEvent event) throws InterruptedException {
    if (holdsNext.getAndSet(false)) {
      goOn.acquire();
    }
  }
}
