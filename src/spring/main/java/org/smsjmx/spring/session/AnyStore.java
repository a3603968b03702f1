package org.smsjmx.spring.session;

import java.util.ArrayList;
import java.util.List;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.Session;

/**
 * A store of which nothing else is known. A session that two nodes end at the same time may count
 * at both.
 */
final class AnyStore<S extends Session> extends Store<S> {

  AnyStore(FindByIndexNameSessionRepository<S> repository) {
    super(repository);
  }

  /** One thread of a node at a time, so that of its threads one ends the session. */
  @Override
  synchronized boolean end(String id, String name) {
    if (find(id) == null) {
      return false;
    }
    repository.deleteById(id);
    return true;
  }

  @Override
  List<String> limits() {
    List<String> limits = new ArrayList<>(super.limits());
    limits.add(
        "A session that two nodes end at the same time may count at both, in a store that is"
            + " neither JDBC nor Redis.");
    return limits;
  }
}
