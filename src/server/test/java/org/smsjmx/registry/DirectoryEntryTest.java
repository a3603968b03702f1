package org.smsjmx.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.unboundid.ldap.sdk.Attribute;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DirectoryEntryTest {

  private static DirectoryEntry entry(Attribute... attributes) throws Exception {
    return new DirectoryEntry(Dn.of("uid=anna,dc=x"), List.of(attributes));
  }

  /** RFC 4511, 4.1.7: a set; RFC 4512, 2.5.2: what has more options is a subtype. */
  @ParameterizedTest
  @CsvSource({
    "cn, A B C",
    "CN, A B C",
    "commonName, A B C",
    "2.5.4.3, A B C",
    "cn;lang-de, B",
    "cn;LANG-DE, B",
    "cn;lang-de;x-a, ''",
    "cn;lang-en, ''",
    "cnx, ''"
  })
  void valuesAreFoundUnderAnyOptionsAndHaveNoOrder(String asked, String found) throws Exception {
    Attribute plain = new Attribute("cn", "C", "A");
    Attribute german = new Attribute("cn;lang-de", "B");
    Attribute twice = new Attribute("CN", "A");

    assertThat(String.join(" ", entry(plain, german, twice).values(asked))).isEqualTo(found);
    assertThat(String.join(" ", entry(twice, german, plain).values(asked))).isEqualTo(found);
  }

  /** RFC 4522: the option binary says how a value is transferred, and hides none. */
  @Test
  void valuesThatAreNoTextStayApart() throws Exception {
    Attribute certificates =
        new Attribute(
            "userCertificate;binary", new byte[] {(byte) 0xff, 1}, new byte[] {(byte) 0xfe, 1});

    assertThat(entry(certificates).values("userCertificate")).containsExactly("/gE=", "/wE=");
    assertThat(entry(new Attribute("x", "Jörg".getBytes(StandardCharsets.UTF_8))).values("x"))
        .containsExactly("Jörg");
  }

  @ParameterizedTest
  @CsvSource({"groupOfNames, true", "GROUPOFNAMES, true", "groupOfNames ' ', false", "top, true"})
  void objectClassesIgnoreCase(String name, boolean isOne) throws Exception {
    assertThat(entry(new Attribute("objectClass", "top", "groupOfNames ")).isA(name))
        .isEqualTo(isOne);
  }
}
