"""Carriers' words to statuses: tables of phrases in tests/vocabulary/phrases, and what must hold for all."""

import json
import os
import time
from pathlib import Path

import pytest

from agent.vocabulary.status import Reason, TrackingStatus
from agent.vocabulary.wording import classify

PHRASES = Path(__file__).parent / "phrases"
CORPUS = Path(os.environ.get("ORDERWATCH_CORPUS") or Path(__file__).parents[3] / "shared" / "corpus")


def rows(language: str) -> list[tuple[str, str]]:
    """The table of a language: what is expected, and the words."""
    lines = (PHRASES / f"{language}.txt").read_text(encoding="utf-8").splitlines()
    cells = (line.partition(" | ") for line in lines if line and not line.startswith("#"))
    return [(expected.strip(), words) for expected, _, words in cells]


LANGUAGES = sorted(path.stem for path in PHRASES.glob("*.txt"))
TABLE = [(language, *row) for language in LANGUAGES for row in rows(language)]


@pytest.mark.parametrize(("language", "expected", "words"), TABLE)
def test_words_are_classified_without_knowing_their_language(language: str, expected: str, words: str) -> None:
    """Each phrase gives its status, and its reason where the table names one, all languages being tried."""
    found = classify(words)
    status, _, reason = expected.partition("/")
    assert found.status == status, found.rule
    assert not reason or found.reason == reason, found.rule


@pytest.mark.parametrize(("language", "expected", "words"), TABLE)
def test_naming_the_language_changes_no_status(language: str, expected: str, words: str) -> None:
    """A page that tells its language is understood at least as well."""
    assert classify(words, [language]).status == expected.partition("/")[0]


@pytest.mark.parametrize("words", ["", " ", "…", "12:30", "???", "Lorem ipsum dolor sit amet", "<b></b>"])
def test_words_that_nobody_knows_stay_unknown(words: str) -> None:
    """No rule, no guess."""
    assert classify(words).status is TrackingStatus.UNKNOWN


def test_the_first_sentence_that_says_anything_counts() -> None:
    """Advice that follows a status does not change it."""
    found = classify("Delivered, Front Desk. If your parcel is lost or damaged, contact us. It may have been returned.")
    assert (found.status, found.reason) == (TrackingStatus.DELIVERED, Reason.SAFE_PLACE)


def test_a_failed_attempt_gives_way_to_where_the_parcel_waits() -> None:
    """What a buyer can act on wins: the parcel is at a shop now."""
    found = classify("We could not deliver your parcel because no one was home. It is ready for collection at a shop.")
    assert found.status is TrackingStatus.AVAILABLE_FOR_PICKUP


def test_the_deciding_rule_is_named() -> None:
    """Every classification can say why."""
    assert (classify("Zustellung erfolgreich").rule or "").startswith("de:delivered:")
    assert classify("Lorem ipsum").rule is None


def test_markup_and_code_words_are_read() -> None:
    """Tags are no words; underscores and humps part them."""
    assert classify("<p>Out <b>for</b> delivery</p>").status is TrackingStatus.OUT_FOR_DELIVERY
    assert classify("AVAILABLE_FOR_PICKUP").status is TrackingStatus.AVAILABLE_FOR_PICKUP
    assert classify("deliveredToNeighbour").status is TrackingStatus.DELIVERED


@pytest.mark.parametrize("text", ["not " * 1000, "delivered to " * 500, "a" * 5000, "will be " * 800 + "delivered"])
def test_hostile_text_is_read_in_time(text: str) -> None:
    """No phrase takes longer than a moment on text made to slow it down."""
    started = time.perf_counter()
    classify(text)
    assert time.perf_counter() - started < 3


@pytest.mark.corpus
def test_collected_pages_are_understood_and_nothing_undelivered_is_delivered() -> None:
    """Of real event texts nearly all are classified, and `delivered` only where the parcel was."""
    truth = CORPUS / "pages" / "truth.jsonl"
    if not truth.exists():
        pytest.skip(f"no collected pages at {truth}")
    texts: dict[str, set[tuple[str, str]]] = {}
    for line in truth.read_text(encoding="utf-8").splitlines():
        page = json.loads(line)
        for place in ("first_event", "last_event"):
            if (page.get(place) or {}).get("description"):
                texts.setdefault(page[place]["description"], set()).add((place, page["status"]))
    found = {text: classify(text).status for text in texts}
    known = sum(status is not TrackingStatus.UNKNOWN for status in found.values())
    assert known / len(found) >= 0.95
    wrong = [
        t for t, s in found.items() if s is TrackingStatus.DELIVERED and ("last_event", "delivered") not in texts[t]
    ]
    assert wrong == []
