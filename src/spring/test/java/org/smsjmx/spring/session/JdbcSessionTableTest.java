package org.smsjmx.spring.session;

import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.Session;
import org.springframework.session.jdbc.JdbcIndexedSessionRepository;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** A table over Spring Session's sessions in a database. */
final class JdbcSessionTableTest extends SpringSessionTableContract<Session> {

  private final JdbcDataSource database = new JdbcDataSource();

  JdbcSessionTableTest() {
    database.setUrl("jdbc:h2:mem:%s;DB_CLOSE_DELAY=-1".formatted(System.identityHashCode(this)));
  }

  @BeforeEach
  @Override
  void twoNodes() throws Exception {
    new ResourceDatabasePopulator(
            new ClassPathResource("org/springframework/session/jdbc/schema-h2.sql"))
        .execute(database);
    super.twoNodes();
  }

  @Override
  @SuppressWarnings("unchecked") // its sessions are of a class that only it sees
  FindByIndexNameSessionRepository<Session> repository() {
    FindByIndexNameSessionRepository<?> repository = repository(database);
    return (FindByIndexNameSessionRepository<Session>) repository;
  }

  static JdbcIndexedSessionRepository repository(DataSource database) {
    TransactionTemplate transactions =
        new TransactionTemplate(new DataSourceTransactionManager(database));
    transactions.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
    return new JdbcIndexedSessionRepository(new JdbcTemplate(database), transactions);
  }

  @Override
  void breakStore() {
    new JdbcTemplate(database).execute("DROP TABLE SPRING_SESSION_ATTRIBUTES");
  }

  @Override
  long storedSessions() {
    Long count =
        new JdbcTemplate(database)
            .queryForObject("SELECT COUNT(*) FROM SPRING_SESSION", Long.class);
    return count;
  }

  @AfterEach
  void theDatabaseIsGone() {
    new JdbcTemplate(database).execute("SHUTDOWN");
  }
}
