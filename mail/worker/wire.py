"""A `Reading` as JSON and back: all that the reading process can say, whatever a stranger's mail has made of it."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Annotated, Any

from pydantic import Field, TypeAdapter

from agent.vocabulary.events import AnyEvent
from mail.reader import Reading


@cache
def _shapes() -> tuple[TypeAdapter[Any], TypeAdapter[Any]]:
    events = TypeAdapter(tuple[Annotated[AnyEvent, Field(discriminator="type")], ...])
    return TypeAdapter(Reading), events


def to_json(reading: Reading) -> bytes:
    """Two lines: the reading, and its events. Raises ValueError for an event that is none of the vocabulary's."""
    whole, events = _shapes()
    first = whole.dump_json(replace(reading, events=()))
    return first + b"\n" + events.dump_json(reading.events, warnings="error")


def from_json(data: bytes) -> Reading:
    """Raises ValueError for anything but a Reading's two lines. Times come back with their offset, not their zone."""
    whole, events = _shapes()
    first, _, second = data.partition(b"\n")
    reading: Reading = whole.validate_json(first)
    return replace(reading, events=events.validate_json(second))
