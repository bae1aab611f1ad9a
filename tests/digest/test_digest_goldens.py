"""The two sample days, whole, as text and as HTML."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.digest.day import Day
from agent.digest.html import render_html
from agent.digest.text import render_text, subject

HERE = Path(__file__).resolve().parent


@pytest.mark.parametrize("name", ["rich", "quiet"])
@pytest.mark.parametrize(("render", "suffix"), [(render_text, "txt"), (render_html, "html")])
def test_golden(name: str, render: object, suffix: str, request: pytest.FixtureRequest, bless: bool) -> None:
    """A digest reads as it did when a human last looked at it."""
    day: Day = request.getfixturevalue(f"{name}_day")
    golden = HERE / f"{name}.{suffix}"
    shown = render(day)  # type: ignore[operator]
    if bless:
        golden.write_text(shown, encoding="utf-8")

    assert golden.read_text(encoding="utf-8") == shown


def test_subjects(rich_day: Day, quiet_day: Day) -> None:
    """The subject alone says what there is to do, on which day, for which shop."""
    assert subject(rich_day) == "2 to answer today, a mailbox is not read · 22 Nov · harbor-lane-finds"
    assert subject(quiet_day) == "All quiet · 22 Nov · harbor-lane-finds"


def test_text_lines_fit(rich_day: Day) -> None:
    """No line is wider than 72 characters, but for addresses, which must stay whole."""
    wide = [row for row in render_text(rich_day).splitlines() if len(row) > 72 and "https://" not in row]

    assert wide == []
