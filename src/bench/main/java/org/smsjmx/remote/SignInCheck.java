package org.smsjmx.remote;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.smsjmx.management.Permission;

/** What each HTTP request has to pass: account and password, of a file as the server has it. */
public final class SignInCheck {

  private static final String ACCOUNT = "sec_master";
  private static final String PASSWORD = "bench";

  private final Accounts accounts;

  /**
   * @param file account file, which is made
   */
  public SignInCheck(Path file) throws IOException {
    Accounts.setPassword(file, ACCOUNT, PASSWORD);
    accounts = new Accounts(file, () -> Map.of(ACCOUNT, Permission.ADMINISTER));
  }

  /** Returns whether the right password is taken; it is known again after the first time. */
  public boolean right() {
    return accounts.check(ACCOUNT, PASSWORD) != null;
  }

  /** Returns whether a wrong password is taken; it is hashed each time. */
  public boolean wrong() {
    return accounts.check(ACCOUNT, "other") != null;
  }
}
