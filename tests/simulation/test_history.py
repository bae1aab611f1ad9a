"""When each entry of the log was known."""

from __future__ import annotations

from sqlalchemy import insert

from agent.simulation.history import history
from agent.store import Store
from agent.store.log import Entry, append
from agent.store.tables import mails
from tests.simulation.conftest import DAY, START, claims, sold


def test_what_came_before_we_watched_counts_from_its_arrival(store: Store) -> None:
    """A backfill reads a month at once; a mail that came later, and was read late, counts from when it was read."""
    first_run = START + 30 * DAY
    arrivals = {"old": START, "new": first_run + DAY}
    with store.begin() as connection:
        for name, at in arrivals.items():
            values = {"id": name, "mailbox": "shop", "raw": b"", "received_at": at, "stored_at": first_run}
            connection.execute(insert(mails).values(values))
        append(connection, [Entry(id="1", event=sold(0, START), mail_id="old")], first_run)
        read_late = first_run + 3 * DAY
        append(connection, [Entry(id="2", event=claims(0, first_run + DAY), mail_id="new")], read_late)
        past = history(connection)

    assert [known.at for known in past.entries] == [START, read_late]
    assert past.backfilled == 1
    assert past.began == first_run


def test_an_empty_log_has_no_history(store: Store) -> None:
    """Nothing is known, and nothing breaks."""
    with store.begin() as connection:
        past = history(connection)

    assert past.entries == ()
    assert past.began is None
