package org.example.shop;

import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionBindingListener;
import java.io.Serializable;
import java.util.concurrent.atomic.AtomicInteger;

/** What the application keeps in a session, and wants back when the session ends. */
final class Basket implements HttpSessionBindingListener, Serializable {

  private static final long serialVersionUID = 1;
  private static final AtomicInteger GIVEN_BACK = new AtomicInteger();

  private final AtomicInteger pages = new AtomicInteger();

  static Basket of(HttpSession session) {
    if (session.getAttribute("basket") instanceof Basket basket) {
      return basket;
    }
    Basket basket = new Basket();
    session.setAttribute("basket", basket);
    return basket;
  }

  /** Adds a page, and returns how many there are. */
  int add() {
    return pages.incrementAndGet();
  }

  static int givenBack() {
    return GIVEN_BACK.get();
  }

  @Override
  public void valueUnbound(HttpSessionBindingEvent event) {
    GIVEN_BACK.incrementAndGet();
  }
}
