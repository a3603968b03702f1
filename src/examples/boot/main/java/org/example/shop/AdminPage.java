package org.example.shop;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.provisioning.JdbcUserDetailsManager;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Where administrators change what users may do. */
@Controller
class AdminPage {

  private final JdbcUserDetailsManager users;
  private final JdbcTemplate database;

  AdminPage(JdbcUserDetailsManager users, JdbcTemplate database) {
    this.users = users;
    this.database = database;
  }

  @GetMapping("/admin")
  String show(Model model) {
    Map<String, Set<String>> roles = new TreeMap<>();
    database.query(
        "select u.username, authority from users u left join authorities a on a.username = u.username",
        row -> {
          Set<String> of = roles.computeIfAbsent(row.getString(1), user -> new TreeSet<>());
          String authority = row.getString(2);
          if (authority != null) {
            of.add(authority.replaceFirst("^ROLE_", ""));
          }
        });
    model.addAttribute("users", roles);
    model.addAttribute("all", List.of("USER", "ADMIN"));
    return "admin";
  }

  @PostMapping("/admin/roles")
  String change(@RequestParam String user, @RequestParam(defaultValue = "") List<String> roles) {
    users.updateUser(
        User.withUserDetails(users.loadUserByUsername(user))
            .roles(roles.toArray(String[]::new))
            .build());
    return "redirect:/admin";
  }
}
