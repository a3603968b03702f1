package org.smsjmx.session;

/** Says that a sign-in was refused for what would refuse the next one, too. */
public final class SignInRefusedException extends RuntimeException {

  private final SignIn.Refused reason;

  /**
   * Says why.
   *
   * @param user who may not sign in
   * @param reason one that is {@link SignIn.Refused#isLasting}
   */
  public SignInRefusedException(UserInRealm user, SignIn.Refused reason) {
    super("the sign-in of %s is refused: %s".formatted(user, reason.text()));
    this.reason = reason;
  }

  /** Returns why. */
  public SignIn.Refused reason() {
    return reason;
  }
}
