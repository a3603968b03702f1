package org.example.shop;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.time.Instant;
import java.util.Collection;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Who is signed in, as users and everybody see it. */
@Controller
class UserPages {

  @GetMapping("/")
  String start() {
    return "redirect:/me";
  }

  @GetMapping("/me")
  String me(HttpServletRequest request, Authentication user, Model model) {
    return page("My page", request, user, model);
  }

  @GetMapping("/public/hello")
  String hello(HttpServletRequest request, Authentication user, Model model) {
    return page("For everybody", request, user, model);
  }

  /** Sets how long the user's session may be idle: {@code /idle?seconds=1}. */
  @GetMapping("/idle")
  String idle(
      @RequestParam int seconds,
      HttpSession session,
      HttpServletRequest request,
      Authentication user,
      Model model) {
    session.setMaxInactiveInterval(seconds);
    return page("Idle limit", request, user, model);
  }

  private static String page(
      String title, HttpServletRequest request, Authentication user, Model model) {
    model.addAttribute("title", title);
    HttpSession session = request.getSession(false);
    if (session != null) {
      model.addAttribute("since", Instant.ofEpochMilli(session.getCreationTime()));
      model.addAttribute("idle", session.getMaxInactiveInterval());
    }
    if (session != null && user != null) {
      model.addAttribute("pages", Basket.of(session).add());
    }
    if (user != null) {
      model.addAttribute("user", user.getName());
      model.addAttribute("authorities", names(user.getAuthorities()));
      model.addAttribute("type", user.getClass().getSimpleName());
    }
    if (user != null && user.getPrincipal() instanceof UserDetails details) {
      model.addAttribute("principal", names(details.getAuthorities()));
    }
    model.addAttribute(
        "roles",
        Stream.of("USER", "ADMIN").filter(request::isUserInRole).collect(Collectors.joining(", ")));
    model.addAttribute("baskets", Basket.givenBack());
    return "user";
  }

  private static String names(Collection<? extends GrantedAuthority> authorities) {
    return authorities.stream()
        .map(GrantedAuthority::getAuthority)
        .sorted()
        .collect(Collectors.joining(", "));
  }
}
