package org.smsjmx.session.memory;

/**
 * Sizes inside a table.
 *
 * @param pageSize slots in a page of the arena, a power of two from 64 to 65,536
 * @param userSegments segments of the index by user, a power of two of at most 4096
 * @param inline how many slot numbers a user holds itself; further sessions go to chunks
 * @param chunkSize how many sessions a chunk takes at most
 */
record Layout(int pageSize, int userSegments, int inline, int chunkSize) {

  /**
   * So few sessions are ended one by one in some ten microseconds, and a touch of one of them need
   * not look at a chunk.
   */
  static final int INLINE = 64;

  /** Looking through one chunk, under the user's lock, takes some ten microseconds. */
  static final int CHUNK_SIZE = 1024;

  /**
   * With ten million sessions of a quarter as many users a segment holds ten thousand users, so
   * that a resize takes less than a millisecond; many more segments would outgrow a processor's
   * cache, and so would the references to smaller pages. A page takes 288 KB, and so does the one
   * that each stripe fills; twice that would be humongous to G1 in a small heap.
   */
  static final Layout DEFAULT = new Layout(8192, 256, INLINE, CHUNK_SIZE);
}
