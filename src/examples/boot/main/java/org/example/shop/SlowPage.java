package org.example.shop;

import jakarta.servlet.http.HttpSession;
import java.security.Principal;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/**
 * A page that takes its time and then writes to the session, as most applications do: half a
 * minute, or until {@code /public/hurry} is asked for, which tells how many such pages it finished.
 * {@code /public/waiting} tells how many there are.
 */
@Controller
class SlowPage {

  private final Semaphore finish = new Semaphore(0);

  @GetMapping("/slow")
  String takeTime(HttpSession session, Principal user, Model model) throws InterruptedException {
    boolean hurried = finish.tryAcquire(30, TimeUnit.SECONDS);
    session.setAttribute("hurried", hurried);
    model.addAttribute("user", user.getName());
    return "slow";
  }

  @GetMapping("/public/waiting")
  String tell(Model model) {
    model.addAttribute("waiting", finish.getQueueLength());
    return "waiting";
  }

  @GetMapping("/public/hurry")
  String hurry(Model model) {
    int waiting = finish.getQueueLength();
    finish.release(waiting);
    model.addAttribute("waiting", waiting);
    return "waiting";
  }
}
