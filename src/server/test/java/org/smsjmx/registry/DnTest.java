package org.smsjmx.registry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names as RFC 4514 writes them and RFC 4517, 4.2.15, compares them. */
final class DnTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UID=Anna Berg,OU=People,DC=ibm,DC=com",
        "uid = Anna Berg , ou = People , dc = ibm , dc = com",
        "uid=anna berg;ou=people;dc=ibm;dc=com",
        "uid=\"Anna Berg\",ou=people,dc=ibm,dc=com",
        "uid=\\41nna\\20Berg,ou=people,dc=ibm,dc=com",
        "uid=#0409416e6e612042657267,ou=people,dc=ibm,dc=com",
        "0.9.2342.19200300.100.1.1=anna berg,2.5.4.11=people,dc=ibm,dc=com",
        "OID.0.9.2342.19200300.100.1.1=anna berg,ou=people,dc=ibm,dc=com",
        "userid=anna berg,organizationalUnitName=people,domainComponent=ibm,dc=com",
        "uid=anna  berg,ou=people,dc=ibm,dc=com",
        "uid=anna berg\\20,ou=people,dc=ibm,dc=com",
        "uid=ａｎｎａ berg,ou=people,dc=ibm,dc=com"
      })
  void oneNameInSeveralSpellingsIsOne(String spelling) throws Exception {
    Dn name = Dn.of("uid=anna berg,ou=people,dc=ibm,dc=com");

    assertThat(Dn.of(spelling)).isEqualTo(name).hasSameHashCodeAs(name).hasToString(spelling);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "uid=annaberg,ou=people,dc=ibm,dc=com",
        "uid=anna berg,ou=people,dc=ibm",
        "uid=anna berg,ou=people,dc=com,dc=ibm",
        "uid=anna berg+ou=people,dc=ibm,dc=com",
        "cn=anna berg,ou=people,dc=ibm,dc=com",
        "uid=anna berg\\,ou=people,dc=ibm,dc=com",
        "uid=anna berg\\, ou=people\\, dc=ibm,dc=com",
        "ou=people,dc=ibm,dc=com",
        ""
      })
  void anotherNameIsAnother(String other) throws Exception {
    assertThat(Dn.of(other)).isNotEqualTo(Dn.of("uid=anna berg,ou=people,dc=ibm,dc=com"));
  }

  @Test
  void theOrderWithinAPartDoesNotMatterThatOfPartsDoes() throws Exception {
    assertThat(Dn.of("uid=a+cn=b,dc=x")).isEqualTo(Dn.of("CN=B + UID=a,dc=x"));
    assertThat(Dn.of("uid=a,cn=b,dc=x")).isNotEqualTo(Dn.of("cn=b,uid=a,dc=x"));
  }

  @ParameterizedTest
  @CsvSource({
    "mike, m\u0131ke, false",
    "\u00e9va, e\u0301va, true",
    "\u00c9va, \u00e9va, true",
    "stra\u00dfe, STRASSE, true",
    "anna berg, anna\u00a0\u3000berg, true",
    "anna, an\u200bna, true",
    "anna\ue000, anna\ue000, true",
    "anna\ue000, Anna\ue000, false",
    "anna\ue000, anna, false"
  })
  void lettersCompareAsTheDirectoryComparesThem(String one, String other, boolean same)
      throws Exception {
    assertThat(
            Dn.of("uid=%s,dc=com".formatted(one)).equals(Dn.of("uid=%s,dc=com".formatted(other))))
        .isEqualTo(same);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          cn=g1,dc=x                | g1
          CN=g1,dc=x                | g1
          commonName=g1,dc=x        | g1
          ou=a+cn=g1,dc=x           | g1
          cn=g1+ou=a,dc=x           | g1
          cn=g2+cn=g1,dc=x          | g1
          ou=unit,dc=x              | unit
          cn=Sales\\2c EMEA,dc=x    | Sales, EMEA
          """)
  void aGroupIsNamedByTheValueInItsDn(String dn, String name) throws Exception {
    assertThat(Dn.of(dn).name("cn")).isEqualTo(name);
  }
}
