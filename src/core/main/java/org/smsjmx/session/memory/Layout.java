package org.smsjmx.session.memory;

/**
 * Sizes inside a table.
 *
 * @param pageSize slots in a page of the index by id, a power of two from 64 to 65,536
 * @param userSegments segments of the index by user, a power of two of at most 4096
 * @param alone how many sessions of a user end each by itself; further ones are grouped
 * @param groupSize how many sessions a group takes at most
 */
record Layout(int pageSize, int userSegments, int alone, int groupSize) {

  /**
   * So few are ended one by one in some ten microseconds, and need no group to look at when they
   * are touched.
   */
  static final int ALONE = 64;

  /** Looking through one, under the user's lock, takes some ten microseconds. */
  static final int GROUP_SIZE = 1024;

  /**
   * With ten million sessions of a quarter as many users a segment holds ten thousand users, so
   * that linking them anew takes less than a millisecond; many more segments would be more than a
   * processor's cache holds, and so would what leads to smaller pages. A page takes 288 KB, and so
   * does the one that each stripe fills; twice that would be humongous to G1 in a small heap.
   */
  static final Layout DEFAULT = new Layout(8192, 256, ALONE, GROUP_SIZE);
}
