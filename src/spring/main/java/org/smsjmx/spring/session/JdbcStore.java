package org.smsjmx.spring.session;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.Session;
import org.springframework.transaction.support.TransactionOperations;

/**
 * A table of a database. Of several calls that delete a row the database tells one that it did.
 *
 * <p>The repository's own deletion says nothing, and leaves sessions alone that never expire.
 */
final class JdbcStore<S extends Session> extends Store<S> {

  /** So many values every database takes in one question. */
  private static final int AT_ONCE = 500;

  private final JdbcOperations database;
  private final TransactionOperations transactions;
  private final String deletion;
  private final String alive;

  private JdbcStore(
      FindByIndexNameSessionRepository<S> repository,
      JdbcOperations database,
      TransactionOperations transactions,
      String table) {
    super(repository);
    this.database = database;
    this.transactions = transactions;
    this.deletion = "DELETE FROM %s WHERE SESSION_ID = ? AND PRINCIPAL_NAME = ?".formatted(table);
    this.alive =
        "SELECT SESSION_ID FROM %s WHERE SESSION_ID IN (%%s) AND EXPIRY_TIME >= ?".formatted(table);
  }

  /**
   * Returns that of a repository, which does not tell what it works with: that is read from its
   * fields.
   *
   * @return null if it has no such fields
   */
  static <S extends Session> @Nullable Store<S> of(
      FindByIndexNameSessionRepository<S> repository, Object target) {
    return field(target, "jdbcOperations") instanceof JdbcOperations database
            && field(target, "transactionOperations") instanceof TransactionOperations transactions
            && field(target, "tableName") instanceof String table
        ? new JdbcStore<>(repository, database, transactions, table)
        : null;
  }

  @Override
  boolean end(String id, String name) {
    Integer deleted = transactions.execute(status -> database.update(deletion, id, name));
    return deleted != null && deleted > 0;
  }

  /** One question for many: each is asked for every second. */
  @Override
  Set<String> alive(Set<String> ids) {
    Set<String> living = new HashSet<>();
    List<String> all = List.copyOf(ids);
    for (int from = 0; from < all.size(); from += AT_ONCE) {
      List<String> some = all.subList(from, Math.min(from + AT_ONCE, all.size()));
      List<Object> arguments = new ArrayList<>(some);
      arguments.add(System.currentTimeMillis());
      String query = alive.formatted(String.join(", ", Collections.nCopies(some.size(), "?")));
      List<String> found =
          transactions.execute(
              status -> database.queryForList(query, String.class, arguments.toArray()));
      if (found != null) {
        found.forEach(id -> living.add(id.trim())); // some databases fill CHAR up with blanks
      }
    }
    return living;
  }
}
