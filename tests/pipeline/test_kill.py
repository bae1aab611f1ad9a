"""kill -9 at every commit and every sending of a day, resumed: nothing lost, nothing sent twice, the same end.

The round runs in a process forked from this warmed one, and is killed at the n-th boundary: before a commit, after a
commit, before a mail is handed over, after it. A second process goes on from what was on disk.
"""

from __future__ import annotations

import os
import random
import signal
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, text

from agent.digest.text import render_text
from agent.pipeline import run_round
from agent.steps import ingest as ingesting
from agent.steps.digest import current_day
from agent.store import Store
from mail.boxes import maildir
from mail.sending.transport import Transport

TABLES = ("mails", "seen", "mailboxes", "events", "event_keys", "order_keys", "orders", "parcels", "looks", "evidence",
          "outbox", "digests", "remarks", "alerts")  # fmt: skip
SEQUENCES = {"seq", "id"}
"""Numbers given in order of arrival; every other column must be the same after any kill."""


@dataclass
class Boundaries:
    """Counts the points at which a stop could happen, and stops for good at one of them."""

    kill_at: int | None = None
    passed: int = 0
    names: list[str] = field(default_factory=list)

    def cross(self, name: str) -> None:
        self.passed += 1
        self.names.append(name)
        if self.passed == self.kill_at:
            os.kill(os.getpid(), signal.SIGKILL)


class WatchedStore(Store):
    """A real store whose commits are boundaries."""

    def __init__(self, real: Store, boundaries: Boundaries) -> None:
        super().__init__(real.engine)
        self.boundaries = boundaries

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        with super().begin() as connection:
            before = _changes(connection)
            yield connection
            wrote = _changes(connection) != before
            if wrote:
                self.boundaries.cross("before commit")
        if wrote:
            self.boundaries.cross("after commit")


def _changes(connection: Connection) -> int:
    """Rows that this connection has written so far; a transaction that only read is no boundary."""
    total: int = connection.connection.dbapi_connection.total_changes  # type: ignore[union-attr]
    return total


@dataclass
class Postbox:
    """A way out that notes every mail on disk, as a server would have taken it."""

    path: Path
    boundaries: Boundaries

    def send(self, mail: bytes, sender: str, recipient: str) -> None:
        self.boundaries.cross("before sending")
        with self.path.open("a", encoding="utf-8") as file:
            file.write(f"{message_from_bytes(mail)['Message-ID']} {recipient}\n")
            file.flush()
            os.fsync(file.fileno())
        self.boundaries.cross("after sending")

    def check(self) -> None:
        """It always takes mail."""

    def close(self) -> None:
        """Nothing is held open."""


def forked(work: Callable[[], None]) -> int:
    """Run in a fork of this warmed process; the signal that ended it, 0 for a good end."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            work()
            status = 0
        except BaseException:
            traceback.print_exc()
            raise
        finally:
            os._exit(status)
    _, status = os.waitpid(child, 0)
    assert not os.WIFEXITED(status) or os.WEXITSTATUS(status) == 0, "the round broke off by itself"
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


def one_round(day: Any, name: str, kill_at: int | None) -> int:
    """A round on the store `name`, killed at a boundary or not at all."""

    def work() -> None:
        boundaries = Boundaries(kill_at)
        store = day.store(f"{name}.db")
        transport: Transport = Postbox(day.folder / f"{name}.sent", boundaries)
        run_round(day.world(WatchedStore(store, boundaries), transport), day.now)
        (day.folder / f"{name}.boundaries").write_text("\n".join(boundaries.names), encoding="utf-8")

    return forked(work)


def contents(day: Any, name: str) -> dict[str, list[tuple[str, ...]]]:
    """Every row of every table, but for numbers given in order of arrival."""
    store = day.store(f"{name}.db")
    found = {}
    with store.engine.connect() as connection:
        assert connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"
        for table in TABLES:
            rows = connection.execute(text(f"SELECT * FROM {table}")).mappings()  # noqa: S608 -- our own table names
            hidden = SEQUENCES if table in ("events", "outbox") else set()
            found[table] = sorted(tuple(str(v) for k, v in row.items() if k not in hidden) for row in rows)
    store.close()
    return found


def told_as_uncertain(day: Any, name: str) -> list[str]:
    """Orders whose reply the digest shows as perhaps sent."""
    store = day.store(f"{name}.db")
    world = day.world(store, Postbox(day.folder / "never.sent", Boundaries()))
    shown = current_day(store, world.scope, day.now)
    store.close()
    text = render_text(shown)
    return [draft.order_id for draft in shown.uncertain if draft.state == "unknown" and draft.order_id in text]


def sent(day: Any, name: str) -> Counter[str]:
    path = day.folder / f"{name}.sent"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return Counter(line for line in lines)


def replies(letters: Counter[str]) -> Counter[str]:
    """Mails to buyers: at most once each. What goes to the seller may come twice, under the same Message-ID."""
    own = ("<digest.", "<alert.")
    return Counter({line: count for line, count in letters.items() if not line.startswith(own)})


def check_resumed(day: Any, kill_at: int, clean: dict[str, list[tuple[str, ...]]], clean_sent: Counter[str]) -> str:
    """Kill at a boundary, go on, and compare with the uninterrupted day; what the boundary was."""
    name = f"killed-{kill_at}"
    assert one_round(day, name, kill_at) == signal.SIGKILL
    assert one_round(day, name, None) == 0
    after = contents(day, name)
    letters = sent(day, name)
    uncertain = [row for row in after["outbox"] if "unknown" in row]
    assert max(replies(letters).values(), default=0) <= 1, f"boundary {kill_at}: sent twice: {letters}"
    # Where it is not certain that a reply left, its case stands, and the seller may be told of it in a mail of its own.
    assert set(replies(letters)) <= set(clean_sent), f"boundary {kill_at}: sent what the clean day did not"
    if not uncertain:
        assert after == clean, f"boundary {kill_at}: another end: {difference(after, clean)}"
        assert set(letters) == set(clean_sent), f"boundary {kill_at}: not sent"
    else:
        # Cut off between "sending" and its answer: it is reported, and that is all that differs.
        assert len(uncertain) == 1
        assert len(told_as_uncertain(day, name)) == 1
        for table in ("mails", "seen", "mailboxes", "looks", "evidence", "event_keys", "order_keys", "parcels"):
            assert after[table] == clean[table], f"boundary {kill_at}: {table} differs"
    assert one_round(day, name, None) == 0
    assert contents_but_times(contents(day, name)) == contents_but_times(after), "a further round changed something"
    assert replies(sent(day, name)) == replies(letters)
    for path in day.folder.glob(f"{name}.*"):
        path.unlink()
    return name


def contents_but_times(found: dict[str, list[tuple[str, ...]]]) -> dict[str, list[tuple[str, ...]]]:
    """What a further round may not change; judging again what it was due to judge is no change."""
    return {table: rows for table, rows in found.items() if table not in ("orders", "remarks")}


def difference(after: dict[str, list[tuple[str, ...]]], clean: dict[str, list[tuple[str, ...]]]) -> str:
    return "; ".join(
        f"{table}: {[row for row in after[table] if row not in clean[table]][:1]} "
        f"instead of {[row for row in clean[table] if row not in after[table]][:1]}"
        for table in TABLES
        if after[table] != clean[table]
    )[:1500]


@pytest.fixture
def clean_day(
    thirty_mails: Any, monkeypatch: pytest.MonkeyPatch
) -> tuple[Any, dict[str, list[tuple[str, ...]]], Counter[str], list[str]]:
    """The uninterrupted day: its end, what it sent, and its boundaries; few mails share a commit, so there are many."""
    monkeypatch.setattr(maildir, "_CHUNK", 7)
    monkeypatch.setattr(ingesting, "_SETTLED", 4)
    warm = thirty_mails.store("warm.db")
    run_round(thirty_mails.world(warm, Postbox(thirty_mails.folder / "warm.sent", Boundaries())), thirty_mails.now)
    warm.close()
    assert one_round(thirty_mails, "clean", None) == 0
    names = (thirty_mails.folder / "clean.boundaries").read_text(encoding="utf-8").splitlines()
    return thirty_mails, contents(thirty_mails, "clean"), sent(thirty_mails, "clean"), names


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_day_killed_at_every_boundary_ends_as_if_nothing_had_happened(clean_day: Any) -> None:
    """Each commit and each sending, before and after: same orders, nothing twice, what is uncertain is said so."""
    day, clean, clean_sent, names = clean_day

    assert len(replies(clean_sent)) >= 2, "the day must send replies, or nothing is tested"
    assert len(clean["mails"]) >= 25
    assert {"before commit", "after commit", "before sending", "after sending"} <= set(names)

    for kill_at in range(1, len(names) + 1):
        check_resumed(day, kill_at, clean, clean_sent)


@pytest.mark.slow
@pytest.mark.timeout(0)
def test_kills_at_random_and_again_while_resuming(clean_day: Any) -> None:
    """Several kills in a row, at any boundary; ORDERWATCH_KILLS sets how many (make soak: 10,000)."""
    day, clean, _, names = clean_day
    chance = random.Random(20261122)
    kills = int(os.environ.get("ORDERWATCH_KILLS", "40"))
    done = 0
    while done < kills:
        name = f"run-{done}"
        for _ in range(chance.randint(1, 4)):
            done += one_round(day, name, chance.randint(1, len(names))) == signal.SIGKILL
        assert one_round(day, name, None) == 0
        letters = sent(day, name)
        assert max(replies(letters).values(), default=0) <= 1
        after = contents(day, name)
        assert len(told_as_uncertain(day, name)) == sum("unknown" in row for row in after["outbox"])
        for table in ("mails", "seen", "looks", "evidence", "event_keys", "order_keys"):
            assert after[table] == clean[table], f"{name}: {difference(after, clean)}"
        for path in day.folder.glob(f"{name}.*"):
            path.unlink()
