"""How things stand by the page's own headline: words in a box that is named or labelled like a status."""

from __future__ import annotations

import re
from collections.abc import Set

from bs4.element import Tag

from agent.vocabulary.status import TrackingStatus
from scrapers.reading.document import squeeze
from scrapers.reading.history import History
from scrapers.reading.judged import known, words
from scrapers.reading.labels import is_headline, role

_BOXES = {"p", "div", "li", "td", "h1", "h2", "h3", "table"}
_PUT_AWAY = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_HEADLINES = {"h1", "h2", "h3", "h4", "strong", "b", "p", "div", "span", "td", "dd"}


def headline_above(soup: Tag, history: History) -> str | None:
    """Words in a box named like a status, before the rows; where such boxes disagree (a progress bar) there is none."""
    inside = {id(history.element), *(id(child) for child in history.element.find_all(True))}
    said: dict[TrackingStatus, str] = {}
    for element in soup.descendants:
        if element is history.element:
            break
        if not isinstance(element, Tag) or element.name not in _HEADLINES:
            continue
        if id(element) in inside or _holds(element, _BOXES):
            continue
        text = squeeze(element.get_text(" "))
        if not 4 <= len(text) <= 120 or not known(text) or text.endswith("?"):
            continue
        names = " ".join([*map(str, element.get("class") or []), str(element.get("id") or "")])
        if (element.name in {"h1", "h2", "h3", "h4"} or is_headline(names) or _labelled(element)) and _shown(element):
            said.setdefault(words(text).status, text)
    return next(iter(said.values())) if len(said) == 1 else None


def _is_now(element: Tag) -> bool:
    """Whether the page marks a step of a way as the one that it has come to."""
    return element.get("aria-current") in ("step", "true")


def lone_headline(soup: Tag) -> str | None:
    """The one clear status of a page that prints no history."""
    said: dict[TrackingStatus, str] = {}
    for element in soup.descendants:
        if not isinstance(element, Tag) or _holds(element, {*_BOXES, "span"}):
            continue
        if element.name not in _HEADLINES and not _is_now(element):
            continue
        text = squeeze(element.get_text(" "))
        if not 4 <= len(text) <= 160:
            continue
        names = " ".join([*map(str, element.get("class") or []), str(element.get("id") or "")])
        match = re.match(r"^(?:[\w ]{0,20}status|estado|statut|stato)\s*:\s*(.+)$", text, re.IGNORECASE)
        text = match.group(1) if match else text
        if (
            known(text)
            and _shown(element)
            and (match or _is_now(element) or _labelled(element) or (role(names) == "words" and is_headline(names)))
        ):
            said.setdefault(words(text).status, text)
    return next(iter(said.values())) if len(said) == 1 else None


def _holds(element: Tag, kinds: Set[str]) -> bool:
    return any(isinstance(inner, Tag) and inner.name in kinds for inner in element.descendants)


def _shown(element: Tag) -> bool:
    """Whether a box is not put away, for a script to show when its time has come."""
    return not any(
        one.has_attr("hidden") or _PUT_AWAY.search(str(one.get("style") or "")) for one in (element, *element.parents)
    )


def _labelled(element: Tag) -> bool:
    before = element.find_previous_sibling()
    return isinstance(before, Tag) and is_headline(squeeze(before.get_text(" "))[:40])
