package org.smsjmx;

/**
 * A way to call operations from outside; all of them must do the same. Not closeable: JUnit closes
 * arguments of tests that are.
 */
interface Door {

  /**
   * Calls an operation.
   *
   * @param mbean object name
   * @param operation name
   * @param arguments texts, numbers or null
   * @return what became of it
   */
  Outcome call(String mbean, String operation, Object... arguments);

  /** Calls an operation of a server. */
  default Outcome server(String server, String operation, Object... arguments) {
    return call("sms:type=Server,name=" + server, operation, arguments);
  }

  /**
   * What became of a call.
   *
   * @param value result, a {@code Long} for a whole number, a map for a composite one
   * @param status 200, 403 for want of permission, 400 or 500 for other refusals
   * @param error why it was refused, empty if it was not
   */
  record Outcome(Object value, int status, String error) {

    /** Returns the number that an operation gave. */
    int number() {
      if (!(value instanceof Long number)) {
        throw new AssertionError("no number: " + this);
      }
      return Math.toIntExact(number);
    }
  }
}
