package org.smsjmx.management;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.smsjmx.session.Credential;
import org.smsjmx.session.SelectedSessions;
import org.smsjmx.session.Selection;
import org.smsjmx.session.Session;
import org.smsjmx.session.SessionFacts;
import org.smsjmx.session.SessionId;
import org.smsjmx.session.UserInRealm;
import org.smsjmx.session.UserNames;

final class PreviewsTest {

  private static final Instant NOW = Instant.parse("2026-11-30T18:00:00Z");
  private static final SessionId ID = new SessionId(1, 2);

  @Test
  void whatAPreviewShowsIsNotKeptWithIt() {
    Session shown =
        new Session(
            ID,
            new UserInRealm("dlucas", "ibm.com"),
            "cruz",
            NOW,
            NOW,
            null,
            new Credential("dlucas", List.of(), Map.of()),
            1,
            null,
            new SessionFacts("10.1.2.3", null, "FORM", null, null, null));
    SelectedSessions selected =
        new SelectedSessions(() -> 8, 1, 1, Map.of("cruz", 1L), List.of(shown));
    Selection selection = Selection.parse("user=dlucas", UserNames.DIRECTORY, id -> ID);
    Previews previews = new Previews(InstantSource.fixed(NOW));

    Previews.Preview kept =
        previews.keep(previews.newToken(), Caller.current(), "ibm.com", selection, selected);

    assertThat(kept.selected().first()).isEmpty();
    assertThat(kept.selected().members()).isSameAs(selected.members());
  }
}
