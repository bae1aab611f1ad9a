"""`enquiry`, `note --trace`, `note --answer` and `dossier`, over the sample shop."""

from __future__ import annotations

from pathlib import Path

import pytest

from scrapers.visiting import printing
from scrapers.visiting.browser import NoBrowser
from tests.cli.conftest import Command


def _posted(command: Command, shop: Path) -> tuple[str, str]:
    """An order of the shop with one parcel, and its number."""
    for one in command("orders", "--json", "--config", shop).json["orders"]:
        if len(one["shipments"]) == 1 and one["shipments"][0]["carrier"] == "usps":
            return one["order_id"], one["shipments"][0]["tracking_number"]
    raise AssertionError("the sample shop has no such order")


def test_an_enquiry_is_printed_ready_to_send(command: Command, shop: Path) -> None:
    """Where to send it, until when, and the text."""
    order, number = _posted(command, shop)
    done = command("enquiry", order, "--config", shop)

    assert done.code == 0
    for words in ("Ask USPS", "https://www.usps.com/help/missing-mail.htm", number, "Kind regards", "attach"):
        assert words in done.out
    shape = command("enquiry", order, "--json", "--config", shop).json
    assert shape[0]["carrier"] == "USPS"


def test_a_trace_and_its_answer_are_kept(command: Command, shop: Path) -> None:
    """Both stand in the story, and survive a rebuild."""
    order, number = _posted(command, shop)

    assert number in command("note", order, "--trace", "REF-2210", "--config", shop).out
    assert number in command("note", order, "--answer", "Found in Denver", "--config", shop).out
    assert command("rebuild", "--config", shop).code == 0
    story = command("show", order, "--config", shop).out
    assert "carrier asked: reference REF-2210" in story
    assert "the carrier answered: “Found in Denver”" in story


@pytest.mark.parametrize("words", [(), ("--answer",), ("--trace", "--answer", "x"), ("--trace", "x", "--parcel", "77")])
def test_a_note_needs_its_words(command: Command, shop: Path, words: tuple[str, ...]) -> None:
    """Nothing said, two things at once, or a parcel that the order has not."""
    order, _ = _posted(command, shop)

    assert command("note", order, *words, "--config", shop).code == 2


def test_a_dossier_without_a_browser(
    command: Command, shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder is written all the same, and what is missing is said."""

    def nothing(html: str, paper: str, foot: str) -> bytes:
        raise NoBrowser("no Chromium here")

    monkeypatch.setattr("agent.commands.claims.print_pdf", nothing)
    order, number = _posted(command, shop)
    done = command("dossier", order, "--out", tmp_path / "out", "--config", shop)

    assert done.code == 0
    assert "print dossier.html yourself: no Chromium here" in done.err
    assert number in (tmp_path / "out" / "dossier.html").read_text()
    assert printing.print_pdf is not nothing
