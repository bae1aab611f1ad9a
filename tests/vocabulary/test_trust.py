"""Feedback as a threat: buyers' sentences in tests/vocabulary/threats, told by what stands together in them."""

from pathlib import Path

import pytest

from agent.vocabulary.trust import threatens_feedback

THREATS = Path(__file__).parent / "threats"


def sentences(name: str) -> list[str]:
    lines = (THREATS / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [line.partition(" | ")[2] for line in lines if line]


@pytest.mark.parametrize("text", sentences("harmless"))
def test_nobody_is_accused_wrongly(text: str) -> None:
    """Refunds asked for, feedback promised, left by mistake or read elsewhere, and other things called negative."""
    assert not threatens_feedback(text)


def test_most_threats_are_told() -> None:
    """Of sentences that no word of ours was made for; those that need guessing are left alone."""
    texts = sentences("threats")

    assert sum(threatens_feedback(text) for text in texts) >= 45, [t for t in texts if not threatens_feedback(t)]


@pytest.mark.parametrize(
    "text",
    [
        "Give me 15 dollars back or you will get a negative.",  # a demand, "or", the feedback
        "Without a refund you get one star.",  # a demand that is not met
        "I leave you a poor rating unless you pay me.",  # a condition anywhere
        "No discount? Then you will get a negative.",
        "Transfer me ten dollars, send me the rest, or you're getting a negative.",
        "Pay me. Or I'll give you one star.",
        "Geld zurück oder es gibt eine rote Bewertung!",
        "Soit vous me remboursez, soit je vous mets une étoile.",
        "O mi fate uno sconto o vi lascio una recensione pessima.",
        "O me hace un descuento o le dejo una mala reseña.",
        "Zonder korting krijgt u maar één ster.",
        "Oddajcie mi pieniądze, inaczej dam jedną gwiazdkę.",
    ],
)
def test_each_structure_is_told(text: str) -> None:
    """The order of demand and feedback stands for a condition where no word does."""
    assert threatens_feedback(text)


def test_or_joins_only_what_it_stands_between() -> None:
    """A demand with an "or" of its own in another sentence is no condition."""
    assert not threatens_feedback("A refund or a replacement, please. The red rating was my neighbour's.")
