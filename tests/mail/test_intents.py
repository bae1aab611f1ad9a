"""Phrases are looked up by their words first: that must find what trying every phrase finds."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from agent.vocabulary.languages import fold, languages
from mail.phrases import Shown, first, patterns, says

PHRASES = sorted(
    (intent, phrase)
    for language in languages().values()
    for intent, phrases in language.intents.items()
    for phrase in phrases
)
INTENTS = sorted({intent for intent, _ in PHRASES})


def tried(intent: str, folded: str) -> Shown | None:
    """Where every phrase of an intent is tried: the first place, there the longest match."""
    found = [(language, match) for language, one in patterns(intent) if (match := one.search(folded))]
    shown = [Shown(intent, language, match.start(), match.end()) for language, match in found]
    return min(shown, key=lambda s: (s.start, -s.end), default=None)


@settings(max_examples=400, deadline=None)
@given(
    st.sampled_from(PHRASES),
    st.sampled_from(PHRASES),
    st.sampled_from(["", " ", "x", "(", "un", ". "]),
    st.sampled_from([" ", "", " foo ", "e ", " n", ". ", "? "]),
    st.sampled_from([" ", "", "s ", "-", ". ", ", "]),
)
def test_looking_up_finds_what_trying_finds(
    one: tuple[str, str], two: tuple[str, str], before: str, gap: str, between: str
) -> None:
    """At the same place and of the same language, glued to other words or not."""
    text = fold(before + one[1].replace("*", gap) + between + two[1].replace("*", " "))

    for intent in {one[0], two[0], *INTENTS[:: max(1, len(INTENTS) // 10)]}:
        assert first(intent, text) == tried(intent, text)
        assert says(intent, text) == (tried(intent, text) is not None)


def test_every_phrase_shows_its_intent() -> None:
    """A phrase that no text can show is no data but a mistake."""
    lost = [(intent, phrase) for intent, phrase in PHRASES if not says(intent, phrase.replace("*", " "))]

    assert lost == []


def test_a_long_text_is_read_like_a_short_one() -> None:
    """What is too long to be remembered is understood all the same."""
    padding = "nothing of note " * 200

    assert says("footer", padding) is False
    for intent, phrase in PHRASES[::97]:
        assert says(intent, fold(f"{padding}. {phrase.replace('*', ' ')}"))
