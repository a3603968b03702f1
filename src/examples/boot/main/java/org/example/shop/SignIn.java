package org.example.shop;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.context.HttpSessionSecurityContextRepository;
import org.springframework.security.web.context.SecurityContextRepository;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/**
 * The form, which Spring Security receives at {@code /login}; and a sign-in of the application's
 * own beside it, at {@code /public/sign-in}. A user who is signed in becomes the other one, in the
 * same session.
 */
@Controller
class SignIn {

  private final AuthenticationManager authenticationManager;
  private final boolean remembers;
  private final SecurityContextRepository contexts = new HttpSessionSecurityContextRepository();

  SignIn(
      AuthenticationManager authenticationManager, @Value("${shop.remember-me}") String remember) {
    this.authenticationManager = authenticationManager;
    this.remembers = !remember.equals("none");
  }

  @GetMapping({"/login", "/public/sign-in"})
  String form(HttpServletRequest request, Model model) {
    model.addAttribute("action", request.getServletPath());
    model.addAttribute("remembers", remembers);
    return "login";
  }

  @PostMapping("/public/sign-in")
  String signIn(
      @RequestParam String username,
      @RequestParam String password,
      HttpServletRequest request,
      HttpServletResponse response) {
    try {
      SecurityContext context = SecurityContextHolder.createEmptyContext();
      context.setAuthentication(
          authenticationManager.authenticate(
              UsernamePasswordAuthenticationToken.unauthenticated(username, password)));
      SecurityContextHolder.setContext(context);
      contexts.saveContext(context, request, response);
    } catch (AuthenticationException e) {
      return "redirect:/public/sign-in?error";
    }
    return "redirect:/me";
  }
}
