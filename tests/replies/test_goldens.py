"""Every shipped reply as a buyer reads it: `golden/<situation>.<language>.txt`, written anew with `--bless`."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from agent.replies.prepare import Prepared, prepare
from agent.replies.templates import situations
from agent.vocabulary.status import TrackingStatus
from tests.replies.samples import NOW, SHOPS, sample

GOLDENS = Path(__file__).parent / "golden"


@pytest.mark.parametrize("language", SHOPS)
@pytest.mark.parametrize("situation", situations())
def test_a_reply_reads_as_its_golden(situation: str, language: str, bless: bool) -> None:
    """The whole way from an order to a text, in the language of the alias's site and the ship-to country."""
    order, risk = sample(situation, language)
    made = prepare(situation, order, risk, NOW, SHOPS[language].name)
    assert isinstance(made, Prepared), made
    assert made.language == language[:2]
    golden = GOLDENS / f"{situation}.{language}.txt"
    if bless:
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(made.text + "\n", encoding="utf-8")
    assert golden.is_file(), f"no golden {golden.name}: run pytest --bless and read it as the seller would"
    assert golden.read_text(encoding="utf-8") == made.text + "\n"


@pytest.mark.parametrize("until", [None, NOW + timedelta(days=6)], ids=["", "until"])
@pytest.mark.parametrize("language", SHOPS)
def test_a_parcel_that_waits_is_to_be_collected(language: str, until: datetime | None, bless: bool) -> None:
    """Nobody brings it any more: the buyer is told to fetch it, and until when where the carrier says so."""
    order, risk = sample("inr_in_transit", language)
    waiting = replace(order.shipments[0], status=TrackingStatus.AVAILABLE_FOR_PICKUP, reason=None, collect_by=until)
    made = prepare("inr_in_transit", replace(order, shipments=(waiting,)), risk, NOW, SHOPS[language].name)
    assert isinstance(made, Prepared), made
    golden = GOLDENS / f"inr_in_transit.{'collect_by' if until else 'to_collect'}.{language}.txt"
    if bless:
        golden.write_text(made.text + "\n", encoding="utf-8")
    assert golden.read_text(encoding="utf-8") == made.text + "\n"
