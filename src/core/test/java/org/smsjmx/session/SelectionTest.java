package org.smsjmx.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SelectionTest {

  private static final Instant NOW = Instant.parse("2026-11-30T18:00:00Z");
  private static final SessionId ID = new SessionId(1, 2);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "user=mary jones",
        "user=MARY  JONES",
        "user-pattern=mary*",
        "user-pattern=*JONES",
        "everyone=yes",
        "user=Mary Jones,group=travel",
        "user=Mary Jones,group=TRAVEL",
        "everyone=yes,server=cruz",
        "everyone=yes,older=PT8H",
        "everyone=yes,idle=PT30M",
        "everyone=yes,begun-before=2026-11-30T10:00:00.001Z",
        "everyone=yes,begun-before=2026-11-30T19:00:00+01:00",
        "everyone=yes,credential-older=PT1H",
        "everyone=yes,address=10.1.2.3",
        "everyone=yes,address=10.0.0.0/8",
        "everyone=yes,address=0.0.0.0/0",
        "everyone=yes,auth-type=form",
        "everyone=yes,except=other",
        "user=Mary Jones,group=travel,server=cruz,older=PT8H,idle=PT30M,address=10.1.0.0/16"
      })
  void aSessionIsSelectedIfEveryConditionHolds(String text) {
    assertThat(selects(text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "everyone=yes,group=sales",
        "everyone=yes,server=CRUZ",
        "everyone=yes,older=PT8H0.001S",
        "everyone=yes,idle=PT31M",
        "everyone=yes,begun-before=2026-11-30T10:00:00Z",
        "everyone=yes,credential-older=PT1H0.001S",
        "everyone=yes,address=10.1.2.4",
        "everyone=yes,address=11.0.0.0/8",
        "everyone=yes,address=::/0",
        "everyone=yes,auth-type=BASIC",
        "everyone=yes,except=this",
        "everyone=yes,older=PT1H,group=sales"
      })
  void aSessionIsNotSelectedIfOneConditionDoesNot(String text) {
    assertThat(selects(text)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "2001:db8::1, 2001:db8::/32, true",
    "2001:DB8:0:0:0:0:0:1, 2001:db8::1, true",
    "2001:db9::1, 2001:db8::/32, false",
    "fe80::1%eth0, fe80::/10, true",
    "::ffff:10.1.2.3, 10.0.0.0/8, true",
    "10.1.2.3, ::ffff:10.1.2.3, true",
    "10.1.2.3, 10.1.2.2/31, true",
    "10.1.2.4, 10.1.2.2/31, false",
    "localhost, 127.0.0.0/8, false",
    "dead.beef, 0.0.0.0/0, false",
    "'', 0.0.0.0/0, false"
  })
  void anAddressIsComparedBitByBit(String address, String range, boolean selected) {
    Selection selection = parse("everyone=yes,address=" + range);
    assertThat(selection.selects(session(address), NOW)).isEqualTo(selected);
  }

  @Test
  void aSessionWithoutAnAddressIsInNoNetwork() {
    assertThat(parse("everyone=yes,address=0.0.0.0/0").selects(session(null), NOW)).isFalse();
  }

  @Test
  void commasAndBackslashesOfAValueAreEscaped() {
    Selection selection = parse("user=Jones\\, Mary \\\\ x,keep-newest=2");
    assertThat(selection.users().matches("jones, mary \\ x")).isTrue();
    assertThat(selection.keepNewest()).isEqualTo(2);
  }

  /** Each is refused, and the message names the key. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "\"\" | unknown key",
        "\" \" | unknown key",
        "user | selection's user must have a value",
        "user= | selection's user must have a value",
        "\"user= \" | selection's user must have a value",
        "usr=dlucas | unknown key: usr",
        "USER=dlucas | unknown key: USER",
        "\" user=dlucas\" | unknown key",
        "user=dlucas, older=PT1H | unknown key",
        "user=dlucas, | unknown key",
        ",user=dlucas | unknown key",
        "user=dlucas,user=johnq | selection's user stands twice",
        "user=dlucas,user-pattern=d* | one of user, user-pattern and everyone",
        "user=dlucas,everyone=yes | one of user, user-pattern and everyone",
        "user-pattern=d*,everyone=yes | one of user, user-pattern and everyone",
        "older=PT8H | everyone=yes",
        "server=cruz | everyone=yes",
        "keep-newest=1 | everyone=yes",
        "everyone=no | selection's everyone must be yes",
        "everyone=YES | selection's everyone must be yes",
        "user=d* | selection's user",
        "user=String\\ | backslash",
        "user=a\\b | backslash",
        "user-pattern=* | selection's user-pattern: only wildcards",
        "user-pattern=*** | selection's user-pattern",
        "user-pattern=* * | selection's user-pattern",
        "user-pattern=*\u00AD* | selection's user-pattern",
        "user-pattern=*\uFE0F*\u034F | selection's user-pattern",
        "everyone=yes,older=8h | selection's older must be a duration",
        "everyone=yes,older=PT0S | selection's older must be above zero",
        "everyone=yes,older=-PT8H | selection's older must be above zero",
        "everyone=yes,older=PT99999999999999999999H | selection's older must be a duration",
        "everyone=yes,older=P999999D | selection's older must be above zero",
        "everyone=yes,idle=30 | selection's idle must be a duration",
        "everyone=yes,credential-older=x | selection's credential-older",
        "everyone=yes,begun-before=yesterday | selection's begun-before must be an instant",
        "everyone=yes,begun-before=2026-11-30 | selection's begun-before must be an instant",
        "everyone=yes,keep-newest=0 | selection's keep-newest must be a whole number",
        "everyone=yes,keep-newest=-1 | selection's keep-newest must be a whole number",
        "everyone=yes,keep-newest=9999999999 | selection's keep-newest must be a whole",
        "everyone=yes,address=localhost | selection's address must be an IP address",
        "everyone=yes,address=dead.beef | selection's address must be an IP address",
        "everyone=yes,address=010.0.0.1 | selection's address must be an IP address",
        "everyone=yes,address=10.0.0.256 | selection's address must be an IP address",
        "everyone=yes,address=10.0.0.0/33 | at most 32 bits",
        "everyone=yes,address=10.1.2.3/8 | 10.0.0.0/8",
        "everyone=yes,address=10.0.0.0/ | selection's address",
        "everyone=yes,address=1:2 | selection's address",
        "everyone=yes,except=nonsense | selection's except"
      })
  void whatIsWrongIsNamed(String text, String named) {
    assertThatIllegalArgumentException().isThrownBy(() -> parse(text)).withMessageContaining(named);
  }

  @Test
  void aMessageShowsNoControlCharacters() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> parse("everyone=yes,older=\u001B[2J"))
        .withMessageContaining("\\u001B");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> parse("\u202Euser=x"))
        .withMessageContaining("\\u202E");
  }

  @Test
  void aTextHasABound() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> parse("user=" + "x".repeat(Selection.MAXIMUM_LENGTH)))
        .withMessageContaining("at most");
  }

  private static boolean selects(String text) {
    Selection selection = parse(text);
    Session session = session("10.1.2.3");
    UserPattern users = selection.users();
    return (users == null || users.matches(session.user().key()))
        && selection.selects(session, NOW);
  }

  private static Selection parse(String text) {
    return Selection.parse(text, UserNames.DIRECTORY, SelectionTest::id);
  }

  private static SessionId id(String text) {
    return switch (text) {
      case "this" -> ID;
      case "other" -> new SessionId(3, 4);
      default -> throw new IllegalArgumentException("no session could have the id " + text);
    };
  }

  /** Eight hours old, used half an hour ago, refreshed one hour ago. */
  private static Session session(@Nullable String address) {
    return new Session(
        ID,
        new UserInRealm("Mary Jones", "ibm.com"),
        "cruz",
        NOW.minus(Duration.ofHours(8)),
        NOW.minus(Duration.ofMinutes(30)),
        null,
        new Credential("Mary Jones", List.of("staff", "travel"), Map.of()),
        2,
        NOW.minus(Duration.ofHours(1)),
        new SessionFacts(address, null, "FORM", null, null, null));
  }
}
