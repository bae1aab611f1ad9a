"""Every shipped reply as a buyer reads it: `golden/<situation>.<language>.txt`, written anew with `--bless`."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.replies.prepare import Prepared, prepare
from agent.replies.templates import situations
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
