package org.smsjmx.spring.session;

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

  private final JdbcOperations database;
  private final TransactionOperations transactions;
  private final String deletion;

  private JdbcStore(
      FindByIndexNameSessionRepository<S> repository,
      JdbcOperations database,
      TransactionOperations transactions,
      String table) {
    super(repository);
    this.database = database;
    this.transactions = transactions;
    this.deletion = "DELETE FROM %s WHERE SESSION_ID = ? AND PRINCIPAL_NAME = ?".formatted(table);
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
}
