"""docs/carriers.md is made of the carriers' files and page readers; `--bless` writes it anew."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from agent.desk.watched import carriers_page
from agent.vocabulary.carriers import Carrier, Obstacle, carriers
from scrapers.carriers import load
from scrapers.official import load as official

PAGE = Path(__file__).resolve().parents[2] / "docs" / "carriers.md"
START = "<!-- how carriers are looked at: made by the tests -->\n"


def test_the_page_is_what_the_files_say(bless: bool) -> None:
    """A carrier that is added, or whose obstacle is, changes the page."""
    before = PAGE.read_text(encoding="utf-8").partition(START)[0]
    wanted = f"{before}{START}\n{carriers_page(carriers().values(), load(), official().values())}\n"
    if bless:
        PAGE.write_text(wanted, encoding="utf-8")

    assert PAGE.read_text(encoding="utf-8") == wanted


def test_what_is_not_looked_at_says_why() -> None:
    """A carrier with a page, and nobody who looks, names what stands in the way and since when."""
    unsaid = [one.id for one in carriers().values() if one.page and not one.looked and not one.obstacles]

    assert unsaid == []


def test_every_page_reader_has_a_carrier() -> None:
    """No page is read for a carrier that no data file knows."""
    assert set(load()) <= set(carriers())


def test_failures_are_published() -> None:
    """What stands in the way is in the table, with its date."""
    one = Carrier(id="slow-post", name="Slow Post", page="https://slow.example/{number}")
    with_wall = replace(one, obstacles=(Obstacle(what="captcha", why="letters to type", since="2026-10"),))

    assert "asks for a CAPTCHA: letters to type (2026-10)" in carriers_page([with_wall], {})
    assert "nobody wrote how" in carriers_page([one], {})
