package org.smsjmx.registry;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.smsjmx.text.Ascii;

/**
 * Names of attribute types. One type has several: letter case does not matter (RFC 4512, 1.4), an
 * object identifier stands for a name, and some have a long name beside the short one (RFC 4519).
 */
final class AttributeTypes {

  /** Each line: the name under which a type is known here, then its others. */
  private static final List<List<String>> NAMES =
      List.of(
          List.of("objectclass", "2.5.4.0"),
          List.of("cn", "commonname", "2.5.4.3"),
          List.of("sn", "surname", "2.5.4.4"),
          List.of("c", "countryname", "2.5.4.6"),
          List.of("l", "localityname", "2.5.4.7"),
          List.of("st", "stateorprovincename", "2.5.4.8"),
          List.of("street", "streetaddress", "2.5.4.9"),
          List.of("o", "organizationname", "2.5.4.10"),
          List.of("ou", "organizationalunitname", "2.5.4.11"),
          List.of("member", "2.5.4.31"),
          List.of("uniquemember", "2.5.4.50"),
          List.of("memberuid", "1.3.6.1.1.1.1.12"),
          List.of("memberof", "1.2.840.113556.1.2.102"),
          List.of("uid", "userid", "0.9.2342.19200300.100.1.1"),
          List.of("mail", "rfc822mailbox", "0.9.2342.19200300.100.1.3"),
          List.of("dc", "domaincomponent", "0.9.2342.19200300.100.1.25"));

  private static final Map<String, String> KNOWN = known();

  private AttributeTypes() {}

  private static Map<String, String> known() {
    Map<String, String> known = new HashMap<>();
    NAMES.forEach(names -> names.forEach(name -> known.put(name, names.get(0))));
    return Map.copyOf(known);
  }

  /** Returns the name under which a type is compared, whatever options stand behind its own. */
  static String type(String description) {
    int options = description.indexOf(';');
    String name = Ascii.lowerCase(options < 0 ? description : description.substring(0, options));
    return KNOWN.getOrDefault(name.startsWith("oid.") ? name.substring(4) : name, name);
  }
}
