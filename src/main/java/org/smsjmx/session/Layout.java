package org.smsjmx.session;

/**
 * Sizes inside a table.
 *
 * @param idSegments segments of the index by id, a power of two of at most 4096
 * @param userSegments segments of the index by user, a power of two of at most 4096
 * @param alone how many sessions of a user end each by itself; further ones are grouped
 * @param groupSize how many sessions a group takes at most
 */
record Layout(int idSegments, int userSegments, int alone, int groupSize) {

  /**
   * With ten million sessions a segment holds ten thousand, so that linking them anew takes less
   * than a millisecond; many more segments would be more than a processor's cache holds. Ending 64
   * sessions one by one and the other 99,936 in 98 groups takes about as long for the one as for
   * the other.
   */
  static final Layout DEFAULT = new Layout(1024, 1024, 64, 1024);
}
