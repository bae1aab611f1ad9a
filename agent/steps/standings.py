"""What is remembered of official sources from round to round: kept beside carriers' states, by names of its own."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import TypeAdapter
from sqlalchemy import Connection

from agent.store.looks import carrier_states_kept, save_carrier_state
from scrapers.official.enquiries import Standing

_STANDING = TypeAdapter(Standing)
_PREFIX = "key of "


def standings_kept(connection: Connection) -> dict[str, Standing]:
    """By source id."""
    kept = carrier_states_kept(connection).items()
    return {name[len(_PREFIX) :]: _STANDING.validate_json(text) for name, text in kept if name.startswith(_PREFIX)}


def keep_standings(connection: Connection, standings: Mapping[str, Standing]) -> None:
    """How often each was asked, and which of them rests."""
    for name, standing in standings.items():
        save_carrier_state(connection, f"{_PREFIX}{name}", _STANDING.dump_json(standing).decode())
