package org.smsjmx.remote;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanParameterInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;
import org.smsjmx.management.SmsNames;

/**
 * What operations of MBeans take and return. Jolokia would drop arguments that are too many and
 * turn those of other types into texts, and then carry the operation out.
 */
public final class Signatures {

  private static final int REMEMBERED = 1_000;

  private final MBeanServer mbeans;
  private final Map<Question, List<Operation>> known = new ConcurrentHashMap<>();

  public Signatures(MBeanServer mbeans) {
    this.mbeans = mbeans;
  }

  private record Question(ObjectName mbean, String operation) {}

  /**
   * An operation.
   *
   * @param parameters names of their types
   * @param returnsLittle whether it returns a number, a truth value, a text or nothing; of our own
   *     MBeans lists alone are large, and what is urgent must not wait behind them
   */
  public record Operation(List<String> parameters, boolean returnsLittle) {

    private static final String LISTS = "list";
    private static final Pattern WHOLE_NUMBER = Pattern.compile("-?\\d{1,9}");

    private static final List<String> LITTLE =
        List.of("int", "long", "boolean", "double", "void", "java.lang.String");

    static Operation of(ObjectName mbean, MBeanOperationInfo info) {
      List<String> parameters = new ArrayList<>();
      for (MBeanParameterInfo parameter : info.getSignature()) {
        parameters.add(parameter.getType());
      }
      boolean ours = mbean.getDomain().equals(SmsNames.DOMAIN);
      return new Operation(
          parameters,
          LITTLE.contains(info.getReturnType()) || (ours && !info.getName().startsWith(LISTS)));
    }

    /** Returns whether the arguments are as many and of such kinds as it takes. */
    public boolean takes(List<?> arguments) {
      if (arguments.size() != parameters.size()) {
        return false;
      }
      for (int i = 0; i < arguments.size(); i++) {
        if (!isOfKind(parameters.get(i), arguments.get(i))) {
          return false;
        }
      }
      return true;
    }

    /**
     * Returns arguments with those that it takes in the types that it has: an MBean that refuses
     * them names the others then.
     */
    public Object[] typed(List<?> arguments) {
      Object[] typed = arguments.toArray();
      for (int i = 0; i < Math.min(typed.length, parameters.size()); i++) {
        String type = parameters.get(i);
        String text = String.valueOf(typed[i]);
        if (type.equals("int") && WHOLE_NUMBER.matcher(text).matches()) {
          typed[i] = Integer.valueOf(text);
        } else if (type.equals("boolean") && isOfKind(type, text)) {
          typed[i] = Boolean.valueOf(text);
        }
      }
      return typed;
    }

    /** A text may stand for a number, as it does in a URI, but not the other way round. */
    private static boolean isOfKind(String type, @Nullable Object argument) {
      return switch (type) {
        case "java.lang.String" -> argument == null || argument instanceof String;
        case "int" ->
            argument instanceof String
                || (argument instanceof Number number && number.doubleValue() == number.intValue());
        case "boolean" ->
            argument instanceof Boolean || "true".equals(argument) || "false".equals(argument);
        // in a URI, a JSON array
        case "[Ljava.lang.String;" ->
            argument == null
                || (argument instanceof String text && text.startsWith("["))
                || (argument instanceof List<?> list
                    && list.stream().allMatch(each -> each == null || each instanceof String));
        default -> true;
      };
    }
  }

  /**
   * Returns the operations of that name, several if it is overloaded.
   *
   * @param operation its name, with the types of its parameters in brackets or without
   * @return none if there is no such MBean or operation
   */
  public List<Operation> of(ObjectName mbean, String operation) {
    Question question = new Question(mbean, operation);
    List<Operation> remembered = known.get(question);
    if (remembered != null) {
      return remembered;
    }
    List<Operation> found = look(mbean, operation);
    // names that clients make up must not fill the memory
    if (!found.isEmpty() && known.size() < REMEMBERED) {
      known.put(question, found);
    }
    return found;
  }

  private List<Operation> look(ObjectName mbean, String operation) {
    List<Operation> found = new ArrayList<>();
    try {
      for (MBeanOperationInfo info : mbeans.getMBeanInfo(mbean).getOperations()) {
        Operation one = Operation.of(mbean, info);
        String signed = info.getName() + "(" + String.join(",", one.parameters) + ")";
        if (operation.equals(info.getName()) || operation.equals(signed)) {
          found.add(one);
        }
      }
    } catch (JMException e) {
      // Jolokia says that there is none
    }
    return found;
  }
}
