"""What people write in an answer is understood in their own way of saying it; what could mean another thing is not."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from agent.approvals.saying import NotTaken, read_words
from agent.vocabulary.data import parse_yaml
from tests.approvals.letters import DIGEST, INTRODUCTIONS, SELLER, marked

SPOKEN: dict[str, list[Any]] = parse_yaml((Path(__file__).parent / "spoken.yaml").read_text(encoding="utf-8"))
SHOWN = (1, 2, 3)
QUOTE = f"\n\n{INTRODUCTIONS['gmail-en']}\n{marked(DIGEST)}"


def said(text: str) -> dict[int, str]:
    return {word.number: word.verb for word in read_words(text, SHOWN, "June Alder", SELLER)}


@pytest.mark.parametrize(("text", "meant"), SPOKEN["meant"])
def test_peoples_own_ways_of_saying_it(text: str, meant: dict[int, str]) -> None:
    """Courtesies, quotes, bullets, lists, five languages, devices' lines, whole signatures and notices."""
    assert said(text + QUOTE) == meant
    assert said(text) == meant


@pytest.mark.parametrize("text", SPOKEN["unsure"])
def test_nothing_is_guessed(text: str) -> None:
    """The near misses of all that: not one of them decides anything."""
    with pytest.raises(NotTaken):
        said(text + QUOTE)


def test_a_mark_of_the_encoding_before_the_word_is_none_of_it() -> None:
    """Some programs put U+FEFF before all text; anywhere else it is a strange sign."""
    assert said("\ufeff1 ok") == {1: "approve"}
    with pytest.raises(NotTaken):
        said("1 \ufeffok")


@pytest.mark.parametrize(
    "filler", ["1 ", "ok ", "1 ok, ", "and ", "(", "“", "Thanks\n", "1 ok\nThanks\n+0", "+0 ", "a.", "- ", "*"]
)
def test_no_answer_makes_it_slow(filler: str) -> None:
    """A long text of what patterns begin with takes no more of the processor than any other."""
    before = time.process_time()
    with pytest.raises(NotTaken):
        said(filler * (200_000 // len(filler)))
    assert time.process_time() - before < 1
