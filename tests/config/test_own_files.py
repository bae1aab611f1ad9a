"""A seller's own carriers and phrases: used where they are sound, told where they are not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.config import ConfigProblems, load
from agent.vocabulary.carriers import carrier
from agent.vocabulary.data import use
from agent.vocabulary.status import TrackingStatus
from agent.vocabulary.wording import classify
from mail.phrases import says
from mail.wishes import buyer_intent

CONFIG = "mailboxes:\n  - {name: shop, source: 'maildir:/tmp/none', site: EBAY_US}\n"
SWIFT = """
id: swift-parcel
name: Swift Parcel
country: GB
zone: Europe/London
numbers: [{name: own, pattern: 'SWP\\d{9}', confidence: 0.9}]
mail_domains: [mail.swiftparcel.example]
brand_words: [swift parcel]
"""
PHRASES = """
intents: {order_sold: [a treasure found its home]}
rules:
  - {status: delivered, any: [tucked in bed]}
"""


@pytest.fixture(autouse=True)
def shipped_again() -> Iterator[None]:
    """What a test's own files added is gone after it."""
    yield
    use({})


def shop(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        kind, _, stem = name.partition("__")
        (folder / kind).mkdir(exist_ok=True)
        (folder / kind / f"{stem.replace('_', '-')}.yaml").write_text(text, encoding="utf-8")
    config = folder / "config.yaml"
    config.write_text(CONFIG, encoding="utf-8")
    return config


def test_own_files_count_once_the_configuration_is_loaded(tmp_path: Path) -> None:
    """A carrier and phrases of a seller are known as the shipped ones are, and gone with another configuration."""
    other = tmp_path / "other"
    other.mkdir()
    load(shop(tmp_path, carriers__swift_parcel=SWIFT, phrases__en=PHRASES))

    assert carrier("Swift Parcel") is not None
    assert says("order_sold", "a treasure found its home")
    assert says("order_sold", "you made the sale")
    assert classify("Your parcel is tucked in bed").status is TrackingStatus.DELIVERED

    load(shop(other))

    assert carrier("Swift Parcel") is None
    assert not says("order_sold", "a treasure found its home")


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("carriers__swift_parcel", "name: Swift", "needs id and name"),
        ("carriers__swift", SWIFT, "must be called swift-parcel.yaml"),
        ("carriers__swift_parcel", SWIFT + "colour: red\n", "colour"),
        ("phrases__en", "intent: {order_sold: [sold]}", "unknown key 'intent'"),
        ("phrases__en", "rules: [{status: arrived, any: [here]}]", "arrived"),
        ("phrases__en", "- [", "cannot be read"),
        ("phrases__en", "labels: [order]", "cannot be used"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(tmp_path: Path, name: str, text: str, told: str) -> None:
    """Each broken file is a problem of the configuration, with what to mend."""
    with pytest.raises(ConfigProblems) as found:
        load(shop(tmp_path, **{name: text}))

    assert told in str(found.value)
    assert name.partition("__")[0] in str(found.value)


def test_own_phrases_tell_a_buyers_wish(tmp_path: Path) -> None:
    """Words that the model cannot know, such as a shop's own, are a seller's to add."""
    odd = "Bitte den Zauberkessel ins Nirwana schicken."
    before = buyer_intent(odd)
    load(shop(tmp_path, phrases__de="intents: {buyer.cancel: [ins nirwana]}"))

    assert before != "cancel"
    assert buyer_intent(odd) == "cancel"
    assert buyer_intent("Bitte nicht ins Nirwana schicken.") != "cancel"
