"""One digest a local day, sent until it left, and no flood of repeats."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from email import message_from_bytes
from zoneinfo import ZoneInfo

import pytest

from agent.gather import Scope
from agent.risks.timers import Timers
from agent.steps.digest import DigestPlan, digest
from agent.store import Store, open_store
from agent.vocabulary.status import Mode
from mail.sending.transport import SendRefused, SendUncertain

BERLIN = ZoneInfo("Europe/Berlin")


@dataclass
class Postbox:
    """Takes mails, or fails in the way it was told to."""

    failing: Exception | None = None
    taken: list[str] = field(default_factory=list)

    def send(self, mail: bytes, sender: str, recipient: str) -> None:
        self.taken.append(str(message_from_bytes(mail)["Message-ID"]))
        if self.failing is not None:
            raise self.failing

    def check(self) -> None:
        """Always reachable."""

    def close(self) -> None:
        """Nothing is held open."""


def plan() -> DigestPlan:
    return DigestPlan(to="seller@example.com", at=time(7, 30), zone=BERLIN, sender="shop@example.com")


def scope() -> Scope:
    return Scope(
        shop="Harbour", mailboxes=("shop",), mode=Mode.OBSERVE, zone=BERLIN, timers=Timers(), every_carrier=False
    )


@pytest.fixture
def store() -> Store:
    return open_store("sqlite://")


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=BERLIN)


def test_it_comes_once_a_day_and_not_before_its_hour(store: Store) -> None:
    """Rounds before the hour make none, later ones no second; a late start catches up."""
    out = Postbox()
    for moment in (at(20, 7), at(20, 7, 30), at(20, 9), at(20, 23, 59), at(21, 3), at(21, 14)):
        digest(store, plan(), scope(), out, moment.astimezone(UTC))

    assert len(out.taken) == len(set(out.taken)) == 2


def test_an_uncertain_digest_is_repeated_later_under_the_same_id(store: Store) -> None:
    """It may have left: half an hour passes, and the repeat can be told as one."""
    out = Postbox(failing=SendUncertain("the line broke after the mail"))

    first = digest(store, plan(), scope(), out, at(20, 8))
    digest(store, plan(), scope(), out, at(20, 8, 5))
    out.failing = None
    last = digest(store, plan(), scope(), out, at(20, 8, 35))

    assert (first.failed, last.sent) == (1, 1)
    assert first.why == "the line broke after the mail"
    assert len(out.taken) == 2
    assert len(set(out.taken)) == 1


def test_a_digest_that_was_refused_leaves_beside_the_next_ones(store: Store) -> None:
    """Days without a way out are not forgotten."""
    out = Postbox(failing=SendRefused("no route"))
    digest(store, plan(), scope(), out, at(20, 8))
    out.failing = None

    done = digest(store, plan(), scope(), out, at(21, 8))

    assert done.sent == 2


@pytest.mark.parametrize("start", [datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 10, 24, 12, tzinfo=UTC)])
def test_a_change_of_the_clock_neither_doubles_nor_drops_it(store: Store, start: datetime) -> None:
    """Every twenty minutes from noon to noon over four local dates, one of them 23 or 25 hours long."""
    out = Postbox()
    for step in range(3 * 72):
        digest(store, plan(), scope(), out, start + timedelta(minutes=20 * step))

    assert len(out.taken) == len(set(out.taken)) == 4
