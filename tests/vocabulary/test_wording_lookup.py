"""A carrier's words are looked up by their letters first: that must find what trying every phrase finds."""

from __future__ import annotations

import pytest

from agent.vocabulary import wording


def _written() -> list[str]:
    """Every phrase of every language as a sentence, some with others behind them."""
    phrases = [
        phrase.text.lstrip("^").replace("|", " ").replace("*", " ")
        for one in wording._wordings().values()
        for rule in one.rules
        for phrase in rule.any
    ]
    return [*phrases, *(f"{left}, {right} 12" for left, right in zip(phrases[::3], phrases[7::3], strict=False))]


def test_looking_up_finds_what_trying_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Status, reason and rule are those that come out when no phrase is left out."""
    sentences = _written()[::7]
    looked_up = [wording._classify(sentence, ()) for sentence in sentences]

    everything = {
        language: {place: range(len(rule.any)) for place, rule in enumerate(one.rules)}
        for language, one in wording._wordings().items()
    }
    monkeypatch.setattr(wording, "_possible_phrases", lambda _sentence: everything)

    assert [wording._classify(sentence, ()) for sentence in sentences] == looked_up
    assert len({found.rule for found in looked_up}) > 100
