"""The data that pages carry for their own scripts, in the ways in which frameworks write it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from bs4 import BeautifulSoup

from scrapers.reading.embedded import MOST_FOUND, embedded

PARCEL = {"parcel": {"number": "QX4471209933", "events": [{"at": "2026-10-14T08:12", "text": "Sorted at Turku"}]}}
WRITTEN = json.dumps(PARCEL)


def found(markup: str) -> list[Any]:
    return embedded(BeautifulSoup(markup, "lxml"))


@pytest.mark.parametrize(
    "markup",
    [
        f'<script type="application/json">{WRITTEN}</script>',
        f"<script>window.__STATE__ = {WRITTEN};</script>",
        f"<script>var other = 1; start({WRITTEN}, true)</script>",
        f"<script>state = JSON.parse({json.dumps(WRITTEN)})</script>",
        "<script>state = JSON.parse('" + WRITTEN.replace('"', '\\"') + "')</script>",
        "<script>state = JSON.parse('" + WRITTEN.replace('"', "\\x22") + "')</script>",
        f"<div data-props='{WRITTEN}'></div>",
        "<script>self.__next_f.push([1," + json.dumps(f"7:{WRITTEN}\n") + "])</script>",
        "<script>self.__next_f.push([1," + json.dumps(f"7:{WRITTEN[:30]}") + "])</script>"
        "<script>self.__next_f.push([1," + json.dumps(f"{WRITTEN[30:]}\n") + "])</script>",
        "<script>w.s = {parcel: {number: 'QX4471209933',"
        " events: [{at: \"2026-10-14T08:12\", text: 'Sorted at Turku'},]}}"
        "</script>",
        "<script>w.n = (function(a, b){return {parcel: {number: a, events: [{at: b, text: 'Sorted at Turku'}]}}}"
        "('QX4471209933', '2026-10-14T08:12'))</script>",
        "<script type='application/json'>"
        + json.dumps(
            [
                *({"parcel": 1}, {"number": 2, "events": 3}, "QX4471209933", [4], {"at": 5, "text": 6}),
                *("2026-10-14T08:12", "Sorted at Turku"),
            ]
        )
        + "</script>",
    ],
)
def test_however_a_page_writes_its_data_it_is_read(markup: str) -> None:
    """JSON, text of JSON, object literals, streamed rows and arrays of references say the same."""
    assert PARCEL in found(markup)


@pytest.mark.parametrize(
    "markup",
    [
        "<script>function go() { return document.title + ' tracking of a parcel by number' }</script>",
        '<script type="application/ld+json">' + json.dumps({"@type": "Organization", "name": "x" * 60}) + "</script>",
        f"<script>state = {WRITTEN[:60]}</script>",
        '<div data-x="{not json at all, however long this attribute goes on}"></div>',
        '<script>x = {"short": 1}</script>',
        "<script>x = {run: function() { return 1 }, and: 'so on', until: 'it is long enough'}</script>",
    ],
)
def test_code_and_broken_data_are_nothing(markup: str) -> None:
    """What is no complete data is left out, never guessed at."""
    assert found(markup) == []


@pytest.mark.parametrize(
    "content",
    ["[" * 50_000, '{"a":' * 20_000, "x = {" * 20_000, 'JSON.parse("' + "\\" * 60_000, "=function(" * 5_000],
)
def test_hostile_scripts_end(content: str) -> None:
    """Depth and repetition cost bounded work and say nothing."""
    assert found(f"<script>{content}</script>") == []


def test_circles_of_references_end() -> None:
    """An array whose entries name each other in a ring is cut, not followed for ever."""
    ring = json.dumps([{"a": 1}, {"b": 2}, {"c": 1}, "padding that makes it long enough to count"])
    assert len(found(f'<script type="application/json">{ring}</script>')) == 1


def test_only_so_much_is_looked_for() -> None:
    """A page of a thousand attributes with data is read up to a bound."""
    assert len(found(f"<div data-x='{WRITTEN}'></div>" * 1000)) == MOST_FOUND
