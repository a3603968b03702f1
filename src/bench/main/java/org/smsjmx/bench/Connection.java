package org.smsjmx.bench;

/** A connection of a client, used by one thread at a time. */
interface Connection extends AutoCloseable {

  /**
   * Calls once and waits for the answer.
   *
   * @param number of the call, from 0; tells whose sessions are meant where that matters
   * @return what the operation returned; the sum of a bulk request
   * @throws Exception if the call failed
   */
  long call(long number) throws Exception;

  @Override
  void close() throws Exception;
}
