"""Which tracking numbers a carrier's mail names: labelled, in a link, in the text, or alone on a line.

All parcels of one mail bear numbers of one kind, so a second kind is another name of the same parcel: a reference, or
the number of the carrier that a parcel was handed over to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from agent.vocabulary import numbers
from agent.vocabulary.carriers import carrier as carrier_of
from agent.vocabulary.carriers import related
from agent.vocabulary.languages import fold
from agent.vocabulary.status import Reason, TrackingStatus
from agent.vocabulary.wording import classify
from mail.labels import Labelled
from mail.phrases import says
from mail.spots import after_words

_NUMBER = re.compile(r"[A-Z0-9][A-Z0-9 -]{5,38}[A-Z0-9]", re.IGNORECASE)
_TOKEN = re.compile(r"\b[A-Z]{0,4}\d[\dA-Z]{8,38}\b")
_LISTED = re.compile(r"\s*[,;/&|]\s*")
_PIECE = re.compile(r"[^A-Za-z0-9_-]+")
_DOTTED = re.compile(r"(?<![\d.])\d{2,8}(?:\.\d{2,8}){2,7}(?![\d.])")
_OF_TRACKING = re.compile(
    r"tra(?:c|ck|cking|ce|za|z)|trk|trck|piece|parcel|paket|colis|suivi|shipment|sendung|waybill|awb|consign|barcode|label"
    r"|seguimiento|envio|spedizion|przesylk|zending|item|match|reqcode|mailno|reference|pins?$|details?$|numb?er|(?:^|_)(?:id|no|nr|code)s?$",
    re.IGNORECASE,
)
_BEGINS = re.compile(r"(?:^|[.!?]\s)(?:[A-Za-z ]{2,25}:\s)?$")
_SURE = 0.35  # a number must be at least so surely this carrier's
_SURE_BUT_WRONG = 0.2  # what is left of such sureness by a wrong check digit
_SHAPELY = 0.5  # a shape that so surely is a carrier's needs no word beside it
_MOST = 50  # parcels of one mail


@dataclass(frozen=True, slots=True)
class Numbered:
    """A parcel's number, normalised, and the line where the mail speaks of it; None: in its subject or a link only."""

    number: str
    line: int | None = None


def parcel_numbers(mail: Labelled, carrier: str) -> tuple[Numbered, ...]:
    """The numbers of the parcels that a carrier's mail is about, in its order: marked, else of its text."""
    other = _other_lines(mail)
    if marked := [one.number for one in mail.marked_parcels if belongs(one.number, carrier, wrong=True)]:
        folded = [numbers.normalise(line) for line in mail.lines]
        places = (next((at for at, line in enumerate(folded) if one in line), None) for one in marked)
        known = [Numbered(one, at) for one, at in zip(marked, places, strict=True)]
        return _with_siblings(mail, known, carrier, other)
    labelled = list(_labelled(mail, carrier))
    own = [found for found in labelled if belongs(found.number, carrier, wrong=True)]
    if own:  # several labels can claim to be it: those whose shape is this carrier's are
        return _with_siblings(mail, own, carrier, other)
    if sure := [found for found in _spoken(mail, carrier, other) if _strength(found.number, carrier) >= _SHAPELY]:
        return _with_siblings(mail, sure[:1], carrier, other)
    if labelled:
        kind = _skeleton(labelled[0].number)
        return _distinct(found for found in labelled if _skeleton(found.number) == kind)
    if linked := next((value for value in _in_links(mail, carrier)), None):
        return _with_siblings(mail, [Numbered(numbers.normalise(linked))], carrier, other)
    referred = [
        Numbered(number, at)
        for label in ("parcel_reference", "item_id")
        for at, value in mail.placed(label)
        if (number := _number_at_start(value)) and belongs(number, carrier, wrong=True)
    ]
    if referred:
        return _with_siblings(mail, referred, carrier, other)
    if spoken := list(_spoken(mail, carrier, other)):
        return _with_siblings(mail, spoken[:1], carrier, other)
    alone = (*_TOKEN.findall(mail.subject), *(line for at, line in _lines(mail) if at not in other and is_number(line)))
    found = next((numbers.normalise(text) for text in alone if belongs(text, carrier, wrong=True)), None)
    return _with_siblings(mail, [Numbered(found)], carrier, other) if found else ()


def handed_to(number: str, carrier: str) -> str | None:
    """The other carrier whose number this surely is, though `carrier` names it: the one that delivers for it."""
    if belongs(number, carrier, wrong=True):
        return None
    best = next(iter(numbers.candidates(number)), None)
    # an S10 number tells the post that issued it, not who carries it now
    foreign = best is not None and best.confidence >= numbers.ACT and not best.format.startswith("s10")
    return best.carrier if best is not None and foreign else None


def onward_number(mail: Labelled, carrier: str, number: str) -> tuple[str, str] | None:
    """The number under which another carrier goes on with the mail's one parcel, and that carrier; None: none, several.

    It must surely be another carrier's, and be labelled as a tracking number, or be called a parcel's in a sentence
    that says handed over.
    """
    labelled = {one.number for one in _labelled(mail, carrier)}
    spoken = {
        found.number
        for at, printed in _lines(mail)
        if at not in _other_lines(mail) and classify(printed).reason is Reason.HANDED_OVER
        for found in numbers.find(_undotted(printed))
    }
    others = {
        one: owner for one in labelled | spoken if one != number and (owner := handed_to(one, carrier)) is not None
    }
    return next(iter(others.items())) if len(others) == 1 else None


def belongs(number: str, carrier: str, *, wrong: bool = False) -> bool:
    """Whether a number has a shape of this carrier's; `wrong` lets a failing check digit pass."""
    return any(
        wrong if c.checksum == "fail" else c.confidence >= _SURE
        for c in numbers.candidates(number, carrier)
        if _same_family(c.carrier, carrier)
    )


def is_number(line: str) -> bool:
    """Whether a line is nothing but a long number."""
    return _NUMBER.fullmatch(line) is not None and sum(char.isdigit() for char in line) >= 8


def _labelled(mail: Labelled, carrier: str) -> Iterator[Numbered]:
    doubtful = {(at, value) for at, value in mail.placed("other_number")}  # one language's label is another's
    for at, value in mail.placed("tracking_number"):
        for piece in _LISTED.split(value)[:_MOST]:
            number = _number_at_start(piece)
            if number is None:
                break
            if (at, value) not in doubtful or _strength(number, carrier) >= _SHAPELY:
                yield Numbered(number, at)


def _with_siblings(mail: Labelled, first: list[Numbered], carrier: str, other: frozenset[int]) -> tuple[Numbered, ...]:
    """These, and the others of the same kind as the first: of more parcels in the same mail."""
    kind = _kinds(first[0].number, carrier)
    found = [one for one in first if kind & _kinds(one.number, carrier)]
    found += [one for one in _spoken(mail, carrier, other) if kind & _kinds(one.number, carrier)]
    for at, line in _lines(mail):
        if at not in other and is_number(line) and kind & _kinds(numbers.normalise(line), carrier):
            found.append(Numbered(numbers.normalise(line), at))
    distinct = {one.number: one for one in _distinct(sorted(found, key=_place))}
    # a shape that fits many things makes no second parcel by itself
    sure = {one.number for one in first} | {n for n in distinct if _strength(n, carrier) >= _SHAPELY}
    return tuple(one for number, one in distinct.items() if number in sure)


def _distinct(found: Iterator[Numbered] | list[Numbered]) -> tuple[Numbered, ...]:
    placed: dict[str, Numbered] = {}
    for one in found:
        if one.number not in placed or placed[one.number].line is None:
            placed[one.number] = one
    return tuple(placed.values())[:_MOST]


def _place(one: Numbered) -> int:
    return -1 if one.line is None else one.line


def _kinds(number: str, carrier: str) -> frozenset[str]:
    """The formats of this carrier's family that a number has, or else what it looks like."""
    found = numbers.candidates(number, carrier)
    names = frozenset(f"{c.carrier} {c.format}" for c in found if _same_family(c.carrier, carrier))
    return names or frozenset({_skeleton(number)})


def _skeleton(number: str) -> str:
    return re.sub(r"\d", "9", re.sub(r"[A-Z]", "A", number))


def _strength(number: str, carrier: str) -> float:
    """How surely the bare number is this carrier's, nobody having said so."""
    found = (c.confidence for c in numbers.candidates(number) if _same_family(c.carrier, carrier))
    return max(found, default=0.0)


def _spoken(mail: Labelled, carrier: str, other: frozenset[int]) -> Iterator[Numbered]:
    """Numbers in the running text that are surely this carrier's, or that the words before them call a parcel's."""
    for at, printed in ((None, mail.subject), *_lines(mail)):
        if at in other:
            continue
        line = _undotted(printed)
        for found in numbers.find(line, carrier):
            if not belongs(found.number, carrier):
                # one with a wrong check digit, or of a foreign post, counts where the words call it a parcel's
                known = _is_misprint(found.number, carrier) or _is_postal(found.number)
                if known and _called_a_parcel(mail, line, found):
                    yield Numbered(found.number, at)
                continue
            if _strength(found.number, carrier) >= _SHAPELY or _called_a_parcel(mail, line, found):
                yield Numbered(found.number, at)


def _is_misprint(number: str, carrier: str) -> bool:
    """Whether all but the check digit is surely this carrier's."""
    failing = (c for c in numbers.candidates(number) if c.checksum == "fail" and _same_family(c.carrier, carrier))
    return any(c.confidence >= _SURE_BUT_WRONG for c in failing)


def _is_postal(number: str) -> bool:
    """Whether any post of the world could have issued it."""
    return any(c.format.startswith("s10") and c.checksum == "ok" for c in numbers.candidates(number))


def _called_a_parcel(mail: Labelled, line: str, found: numbers.Found) -> bool:
    if line == mail.subject or line.strip() == line[found.start : found.end]:
        return True
    before, printed = line[: found.start], line[found.start : found.end]
    if says("noun.parcel", fold(before[-60:])):
        return True
    if _BEGINS.search(before) and classify(line).status is not TrackingStatus.UNKNOWN:  # "DHL: 42… is on its way"
        return True
    return any(rest.startswith(printed) for rest in after_words(line, "tracking_number", shortest=1))


def _lines(mail: Labelled) -> Iterator[tuple[int, str]]:
    yield from enumerate(mail.body)


def _other_lines(mail: Labelled) -> frozenset[int]:
    """Lines whose number is said to be something else: an order's, an account's, a telephone's."""
    placed = ((at, value) for label in ("order_number", "other_number") for at, value in mail.placed(label))
    # of a line with several numbers only those after the label are something else
    taken = {at for at, value in placed if not numbers.find(mail.lines[at].partition(value)[0])}
    return frozenset(taken - {at for at, _ in mail.placed("tracking_number")})


def _number_at_start(value: str) -> str | None:
    """The number that a labelled value begins with, be its check digit right or wrong."""
    text = _undotted(value.strip())
    match = _NUMBER.match(text)
    if match is None:
        return None
    kept: list[str] = []
    for word in match.group().split():  # "9400 1000 … delivered" ends where words without digits begin
        if not any(char.isdigit() for char in word) and not (len(word) <= 2 and word.isupper()):
            break
        kept.append(word)
    number = numbers.normalise(" ".join(kept))
    if not any(c.checksum != "fail" for c in numbers.candidates(number)):  # a date may follow, or another number
        first = next(iter(numbers.find(match.group())), None)
        if first is not None and first.start == 0 and first.candidates[0].confidence >= _SHAPELY:
            return first.number
    digits = sum(char.isdigit() for char in number)
    whole = len(number) == 7 and match.group() == text  # that short only where the label has nothing else
    return number if digits >= 6 and (8 <= len(number) <= 40 or whole) else None


def _undotted(text: str) -> str:
    """A long number without the dots between its groups (99.00.123456.12345678); dates keep theirs."""
    return _DOTTED.sub(lambda match: match[0].replace(".", "") if len(match[0]) > 16 else match[0], text)


def _in_links(mail: Labelled, carrier: str) -> Iterator[str]:
    """Values, path segments and fragments of links that are this carrier's numbers."""
    for target in mail.targets[:200]:
        try:
            parts = urlsplit(unquote(target))
        except ValueError:
            continue
        pieces = _PIECE.split(f"{parts.path}?{parts.query}#{parts.fragment}")
        for before, piece in zip(("", *pieces), pieces, strict=False):
            if not (8 <= len(piece) <= 40 and sum(char.isdigit() for char in piece) >= 6 and piece.isalnum()):
                continue
            named = _OF_TRACKING.search(before) is not None and belongs(piece, carrier, wrong=len(piece) > 10)
            if named or (_strength(piece, carrier) >= _SHAPELY and belongs(piece, carrier)):
                yield piece


def _same_family(one: str, other: str) -> bool:
    """Whether two carriers are the same, one above the other, or both under one: DHL's companies share mails."""
    if related(one, other):
        return True
    left, right = carrier_of(one), carrier_of(other)
    parents = {found.parent for found in (left, right) if found is not None and found.parent is not None}
    return any(related(one, parent) and related(other, parent) for parent in parents)
