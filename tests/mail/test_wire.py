"""A Reading goes over the line to the reading process's owner and comes back the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from agent.vocabulary.events import Event
from mail.reader import read
from mail.worker.wire import from_json, to_json

SAMPLES = sorted((Path(__file__).parents[1] / "mails").rglob("*.eml"))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_sample_survives_the_line(sample: Path) -> None:
    """Events, amounts, moments with and without an offset, statuses: nothing is lost or changed."""
    reading = read(sample.read_bytes(), "mx.example.com")

    assert from_json(to_json(reading)) == reading


@pytest.mark.parametrize("said", [b"", b"[]", b"{}\n[]", b"null\nnull", b"\x80\n\x80"])
def test_nothing_but_a_reading_is_taken(said: bytes) -> None:
    """Whatever the process has become, it can only say a Reading."""
    with pytest.raises(ValueError):
        from_json(said)


def test_an_event_that_is_none_of_ours_is_refused() -> None:
    """A reader cannot smuggle a value of its own into the log."""
    strange = replace(read(SAMPLES[0].read_bytes(), None), events=(Event(order_id="27-13930-98148"),))  # type: ignore[arg-type]

    with pytest.raises(ValueError):
        to_json(strange)
