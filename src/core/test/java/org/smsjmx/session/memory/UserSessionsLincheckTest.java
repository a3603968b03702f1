package org.smsjmx.session.memory;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** As {@link SessionTableLincheckTest}, of several sessions of a user; apart to run beside it. */
final class UserSessionsLincheckTest {

  @BeforeAll
  static void quiet() {
    SessionTableLincheckTest.quiet();
  }

  @ParameterizedTest(name = "{0}; {1} || {2}; {3}")
  @CsvSource({
    "       , signIn      , signOut     , terminateAll",
    "       , signIn      , terminateAll, terminateAll",
    "signOut, signIn      , terminateAll, terminateAll",
    "       , signIn      , refreshAll  , ",
    "       , refreshAll  , refreshAll  , ",
    "       , refresh refreshAll, held  , ",
    "       , refreshAll         , touch, touch",
    "       , refresh            , touch, touch",
    "signIn , terminateAll, signOut     , signIn terminateAll",
    "       , logIn       , terminateAll, ",
    "       , logIn       , refreshOther refreshAll, ",
    "       , lateRefresh , refreshAll  , ",
    "       , lateRefresh , refreshOther, ",
    "       , lateRefresh , refresh     , ",
    "       , lateRefresh , lateRefresh , ",
    "       , limit       , refreshAll touch, touch",
  })
  void whatBefallsOneUserHasOneOrder(String before, String left, String right, String after)
      throws NoSuchMethodException {
    SessionTableLincheckTest.check(
        SessionTableLincheckTest.OneUser.class, before, left, right, after);
  }
}
