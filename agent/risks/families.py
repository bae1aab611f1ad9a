"""Mails of one template, told by their sender and the words that their subjects begin with; and when one goes dark.

A subject is a template's words and what changes from mail to mail: a title, a name, a number. The words that several
subjects of one sender begin with are the template's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from agent.vocabulary.languages import fold

RECENT = timedelta(days=14)
_GOOD_BEFORE = 3
"""Mails of a template that gave their number: fewer are no habit."""
_DARK = 2
"""Mails in a row that did not: one alone may be an odd one."""
_ODD = 0.2
"""A template of which more than this share never gave a number did not change; it is just not about orders."""
_WORDS = 12
_SHARED = 3
"""Words of its own that two subjects must begin with to be of one template; two will do before a colon or a dash."""
_NUMBER = re.compile(r"\w*\d[\w-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """One genuine mail of eBay or a carrier, and whether it gave the number that ties it to an order or parcel."""

    sender: str
    subject: str
    at: datetime
    source: str
    numbered: bool


@dataclass(slots=True)
class Family:
    """Mails of one template, oldest first."""

    sender: str
    words: tuple[str, ...]
    """What all their subjects begin with; `#` stands for a word with digits."""
    sights: list[Sight] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dark:
    """A template that used to be read and is not any more."""

    newest: Sight
    since: datetime
    count: int
    sources: tuple[str, ...]


def families(sights: Iterable[Sight]) -> list[Family]:
    """The mails by template. The same whatever order they come in."""
    found: dict[str, list[Family]] = {}
    for sight in sorted(sights, key=lambda one: (one.at, one.source)):
        words = _words(sight.subject)
        known = found.setdefault(sight.sender, [])
        match = max(known, key=lambda one: len(_shared(one.words, words)), default=None)
        if match is None or not _same(match.words, words):
            match = Family(sight.sender, words)
            known.append(match)
        match.words = _shared(match.words, words)
        match.sights.append(sight)
    return [family for sender in sorted(found) for family in found[sender]]


def gone_dark(family: Family, now: datetime) -> Dark | None:
    """Whether a template that gave its numbers has stopped to, within the last two weeks, and not begun again."""
    recent = [sight for sight in family.sights if sight.at > now - RECENT]
    first = next((sight for sight in recent if not sight.numbered), None)
    if first is None:
        return None
    before = [sight for sight in family.sights if sight.at < first.at]
    good = sum(sight.numbered for sight in before)
    if good < _GOOD_BEFORE or len(before) - good > _ODD * len(before):
        return None
    after = [sight for sight in recent if sight.at >= first.at]
    dark = [sight for sight in after if not sight.numbered]
    read_again = len(after) > _DARK and all(sight.numbered for sight in after[-_DARK:])
    if len(dark) < _DARK or 2 * len(dark) < len(after) or read_again:
        return None
    return Dark(newest=dark[-1], since=first.at, count=len(dark), sources=tuple(sight.source for sight in dark))


def _words(subject: str) -> tuple[str, ...]:
    return tuple(_NUMBER.sub("#", fold(subject)).split()[:_WORDS])


def _shared(left: Sequence[str], right: Sequence[str]) -> tuple[str, ...]:
    count = 0
    while count < min(len(left), len(right)) and left[count] == right[count]:
        count += 1
    return tuple(left[:count])


def _same(left: tuple[str, ...], right: tuple[str, ...]) -> bool:
    """Subjects that are alike, or begin with the same words."""
    shared = _shared(left, right)
    own = sum(any(char.isalpha() for char in word) for word in shared)
    return left == right or own >= _SHARED or (own == _SHARED - 1 and shared[-1].endswith((":", "-", "–", "—")))
