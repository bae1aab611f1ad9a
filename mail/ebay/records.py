"""The parts of a mail that tells of several orders, items or parcels alike: one part for each."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from agent.vocabulary.languages import languages
from mail.labels import Labelled
from mail.spots import labels_in

_MOST = 50  # parts that one mail can have
_TITLE = languages()["en"].labels["title"][0]


def records(mail: Labelled, numbers: Sequence[str]) -> list[Labelled]:
    """For each number, fifty at most, the lines that tell of it: a table's row, or from one label to its next."""
    lines = mail.lines
    numbers = numbers[:_MOST]
    places = [next((at for at, line in enumerate(lines) if number in line), -1) for number in numbers]
    if len(numbers) < 2 or -1 in places or len(set(places)) < len(places):
        return [mail] * len(numbers)
    ordered = sorted(places)
    parts = _rows(mail, ordered) or _stretches(mail, ordered)
    of_place = dict(zip(ordered, parts, strict=True))
    found = []
    for number, place in zip(numbers, places, strict=True):
        others = [other for other in numbers if other != number]
        links = [link for link in mail.message.links if not any(other in link.href for other in others)]
        found.append(mail.part(of_place[place], links))
    return found


def _rows(mail: Labelled, places: Sequence[int]) -> list[list[str]] | None:
    """A table's rows below its row of labels, each value joined to its label; None where there is no such table."""
    heading: list[int] = []
    for at in range(places[0] - 1, -1, -1):
        if _is_bare_label(mail.lines[at]):
            heading.insert(0, at)
        elif heading:
            break
    width = len(heading)
    if width < 2 or places[0] - heading[-1] > width:
        return None
    if any(later - earlier != width for earlier, later in pairwise(places)):
        return None
    first = heading[-1] + 1
    rows = [mail.lines[first + width * n : first + width * (n + 1)] for n in range(len(places))]
    if any(len(row) < width or any(_is_bare_label(cell) for cell in row) for row in rows):
        return None
    labels = [mail.lines[at].rstrip(": ") for at in heading]
    return [[f"{label}: {cell}" for label, cell in zip(labels, row, strict=True)] for row in rows]


def _stretches(mail: Labelled, places: Sequence[int]) -> list[list[str]]:
    """From the label that comes first in each part to the next part's; a title may stand on the line above."""
    starts = _starts(mail, places)
    titled = all(_is_title(mail, at - 1) for at in starts)
    stops = [*(at - 1 if titled else at for at in starts[1:]), len(mail.lines)]
    parts = [list(mail.lines[start:stop]) for start, stop in zip(starts, stops, strict=True)]
    if not titled:
        return parts
    return [[f"{_TITLE}: {mail.lines[at - 1]}", *part] for at, part in zip(starts, parts, strict=True)]


def _starts(mail: Labelled, places: Sequence[int]) -> list[int]:
    """Where each part begins: at the earliest label that stands before, or at, each of the places and once in each."""
    best = list(places)
    for spots in mail.all_spots.values():
        at = sorted({spot.line for spot in spots if spot.marked})
        bounds = [-1, *places]
        chosen = [[one for one in at if low < one <= high] for low, high in zip(bounds, places, strict=False)]
        if all(len(one) == 1 for one in chosen[1:]) and chosen[0]:
            found = [one[-1] for one in chosen]
            best = min(best, found)
    return best


def _is_title(mail: Labelled, at: int) -> bool:
    """A line that is neither a label nor the value of one on the line before."""
    return at >= 0 and not mail.is_label(at) and not (at > 0 and _is_bare_label(mail.lines[at - 1]))


def _is_bare_label(line: str) -> bool:
    return any(marked and not rest for _, rest, marked in labels_in(line))
