"""Which policies may send by themselves: those tried on this shop's history, and those whose hash a human named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, delete, insert, select

from agent.store.tables import armings

How = Literal["tested", "acknowledged"]


@dataclass(frozen=True, kw_only=True)
class Arming:
    """Why one text of a policy may act. Another text has another fingerprint, and none."""

    fingerprint: str
    policy: str
    how: How
    at: datetime
    days: int | None = None
    """Of history that it was tested on."""


def arm(connection: Connection, arming: Arming) -> None:
    """The newest reason counts; a human's word is kept over a test's."""
    known = known_armings(connection).get(arming.fingerprint)
    if known is not None and known.how == "acknowledged" and arming.how == "tested":
        return
    connection.execute(delete(armings).where(armings.c.fingerprint == arming.fingerprint))
    connection.execute(insert(armings).values(**vars(arming)))


def disarm(connection: Connection, fingerprints: Iterable[str]) -> None:
    connection.execute(delete(armings).where(armings.c.fingerprint.in_(list(fingerprints))))


def known_armings(connection: Connection) -> Mapping[str, Arming]:
    """By fingerprint."""
    found = connection.execute(select(armings).order_by(armings.c.fingerprint))
    return {row.fingerprint: Arming(**row._mapping) for row in found}
