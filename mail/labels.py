"""Values beside their labels: "Order number: 27-…", or the label in one table cell and the value in the next.

Labels are data (`agent/vocabulary/languages/`), of all languages at once: mails are bilingual, sites share templates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache

from agent.vocabulary.languages import fold
from agent.vocabulary.values import Address, Moment, Money, Window
from mail.genuine.senders import ebay_domains, site_of
from mail.intents import NOISE, about
from mail.link_targets import parameters_of, sites_of, targets_of
from mail.parsing.marked import MarkedOrder, MarkedParcel, orders, parcels
from mail.parsing.markup import Thing, things_of
from mail.parsing.message import Link, Message
from mail.phrases import Shown, first, says
from mail.spots import Spot, after_words, labels_in, mentions, noted_lines, taken_apart
from mail.values.dates import find_moment, find_window
from mail.values.money import find_money
from mail.values.postal import read_address

ORDER = re.compile(r"(?<![\w-])\d{2}-\d{5}-\d{5}(?![\w-])")
OLD_ORDER = re.compile(r"(?<![\w-])\d{9,14}-\d{1,14}(?![\w-])")  # item and transaction, before June 2019
ITEM = re.compile(r"(?<![\w-])\d{9,14}(?![\w-])")
REQUEST = re.compile(r"(?<![\w-])\d{10}(?![\w-])")
HANDLE = re.compile(r"[A-Za-z0-9_.*!$~-]{2,64}")
_REQUEST_PATH = re.compile(
    r"/(?:itemnotreceived|(?:return|case|request|cancel|dispute|inquiry)[a-z]{0,20})/(\d{10})(?!\d)", re.IGNORECASE
)
_ITEM_LINK = re.compile(r"/itm/(?:[^/?#]+/)?(\d{9,14})(?!\d)")
_ITEM_IN_SUBJECT = re.compile(
    r"(?:#|\b(?:item|artikel\S*|objet|oggetto|artículo)\s(?:n\S{0,6}\s)?#?)\s?(\d{9,14})(?!\d)", re.IGNORECASE
)
_LEAD = re.compile(
    r"(?:(?:number|num[eé]ro|n[uú]mero|n[uú]m\.?|n[°º.]{1,2}|n\.?o\.?|nr\.?|id)\s*)?[#:]?\s*", re.IGNORECASE
)
_AMOUNT_AHEAD = re.compile(r"\W{0,3}(?:[A-Za-z]{1,3}\s?)?[$£€¥]|\W{0,3}(?:[A-Z]{3}\s?)?\d")
_BESIDE = re.compile(r"\s[·•|]\s")
_DOUBLED = re.compile(r"^([^\W\d][^:]{2,40}?)\1(?=[\s:]|$)")
_INCLUDING = re.compile(
    r"\s\((?:incl|inc|inkl|including|einschl|einschließlich|with|mit)\b[^()]{0,40}\)", re.IGNORECASE
)
_INPUTTED = re.compile(r"id=[\"']?UserInputtedText")
_JOINED = re.compile(r"[:\uff1a·•|(【]")  # without these, and without a doubled beginning, a line is but one
_FAR = 84  # where a doubled beginning ends at the latest
_LONGEST = 400
_TYPES = {"order_number": ORDER, "item_id": ITEM, "request_id": REQUEST}
_MOST = 50  # orders or items that one mail tells of
_NEXT = 3  # lines after a label in which its value is looked for
_COLUMNS = 3  # labels in a row that make a heading; of two, the first may only lack its value
_IN_ADDRESSES = {"parcel_reference", "request_id"}  # "Reference: …" is a forwarder's line of an address
_DATE_AHEAD = 60  # characters after "respond by" in which the date must begin


def printed(line: str) -> tuple[str, ...]:
    """The lines that a line is made of: "Price $9 · Qty 3", labels glued to values or doubled for screen readers."""
    return (_printed_again if len(line) <= _LONGEST else _printed)(line)


def _printed(line: str) -> tuple[str, ...]:
    if not _JOINED.search(line) and line[:3] not in line[3:_FAR]:
        return (line.strip(),) if line.strip() else ()  # one thing, plainly said
    parts = _BESIDE.split(line) if len(line) <= _LONGEST else [line]
    return tuple(taken_apart(_DOUBLED.sub(r"\1", _INCLUDING.sub("", part))) for part in parts if part.strip())


_printed_again = lru_cache(maxsize=4096)(_printed)  # templates repeat their lines


class Labelled:
    """A mail with its labels found. Getters give None for what the mail does not say; they never raise."""

    def __init__(self, message: Message, sender: str) -> None:
        self.message = message
        self.sender = sender
        """`ebay` or a carrier's id: whose mail this is, or pretends to be."""

    @property
    def subject(self) -> str:
        return self.message.subject

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The visible lines, `Label:Value` taken apart, less what a buyer wrote into a note: it labels nothing."""
        noted = noted_lines(self.message.lines, self.message.blocks) if self.sender == "ebay" else frozenset()
        kept = (line for at, line in enumerate(self.message.lines) if line.strip() and at not in noted)
        return tuple(piece for line in kept for piece in printed(line))

    @cached_property
    def folded(self) -> tuple[str, ...]:
        return tuple(fold(line) for line in self.lines)

    @cached_property
    def body(self) -> tuple[str, ...]:
        """The lines before the footer."""
        end = next((at for at, line in enumerate(self.folded) if at > 0 and says("footer", line)), len(self.lines))
        return self.lines[:end]

    @cached_property
    def shown(self) -> Shown | None:
        """What an eBay mail is about."""
        if self.sender != "ebay":
            return None
        if self._domain in ebay_domains().members or self._from_member:
            return Shown("own_message" if self._echo else "buyer_message", "en", 0, 0)
        found = about(self.subject, self.body)
        if found and found.intent == "buyer_message" and self._echo:
            return Shown("own_message", found.language, 0, 0)
        numbered = ORDER.search(self.subject) or REQUEST.search(self.subject)
        return None if found and found.intent in NOISE and numbered else found

    @property
    def intent(self) -> str | None:
        return self.shown.intent if self.shown else None

    @property
    def _domain(self) -> str:
        return self.message.senders[0].domain if self.message.senders else ""

    @property
    def _from_member(self) -> bool:
        """The buyer's words are marked as such, whoever the envelope says it is from."""
        return bool((html := self.message.html) and "UserInputtedText" in html and _INPUTTED.search(html))

    @property
    def _echo(self) -> bool:
        """The seller's own message come back ("New message to:")."""
        return any(line.endswith(":") or ":" in line for line in self.folded[:12] if says("own_message", line))

    def part(self, lines: Sequence[str], links: Sequence[Link] | None = None) -> Labelled:
        """The same mail with only some of its lines, for values that stand near each other."""
        kept = tuple(self.message.links if links is None else links)
        return Labelled(replace(self.message, lines=tuple(lines), blocks=(), links=kept), self.sender)

    # ---- text ----

    def spots(self, label: str) -> tuple[Spot, ...]:
        """Where a label stands, in order."""
        return self.all_spots.get(label, ())

    def values(self, label: str) -> Iterator[str]:
        """What may be a label's value, likeliest first: the rest of its line, then the lines after it."""
        return (value for _, value in self.placed(label))

    def placed(self, label: str) -> Iterator[tuple[int, str]]:
        """What may be a label's value, with the line where it stands."""
        for spot in self.spots(label):
            if spot.rest:
                yield spot.line, spot.rest
                continue
            if (below := self._below.get(spot.line)) is not None:
                yield below, self.lines[below]
                continue
            for line in range(spot.line + 1, min(spot.line + 1 + _NEXT, len(self.lines))):
                if self.is_label(line):
                    if label in self._labels_of_line.get(line, ()):
                        continue  # the twin for screen readers
                    break
                yield line, self.lines[line]
                break

    def text(self, label: str) -> str | None:
        """A label's value as printed; only of a label with a colon or alone on its line."""
        marked = {spot.line for spot in self.spots(label) if spot.marked}
        if not marked:
            return None
        for spot in self.spots(label):
            if spot.marked and spot.rest:
                return spot.rest
        return next((v for v in self.values(label) if v), None)

    def block(self, label: str) -> tuple[str, ...]:
        """The lines after a label until the next label."""
        for spot in self.spots(label):
            if not spot.marked:
                continue
            found = [spot.rest] if spot.rest else []
            for line in range(spot.line + 1, min(spot.line + 10, len(self.lines))):
                if self.is_label(line):
                    if found:
                        break
                    continue
                found.append(self.lines[line])
            if found:
                return tuple(found)
        return ()

    # ---- typed values ----

    def order_number(self) -> str | None:
        """eBay's order number, leading zeros kept: marked, labelled, in a link, or the only one in the mail."""
        marked = {order.number for order in self.marked_orders if order.number and ORDER.fullmatch(order.number)}
        if len(marked) == 1:
            return marked.pop()
        linked = self.linked_orders()
        for pattern in (ORDER, OLD_ORDER):
            if found := self._labelled("order_number", pattern):
                # people can write a label and a number into a mail, but not a link of eBay's
                return found if len(self.order_numbers()) < 2 or len(linked) != 1 else linked[0]
        if linked:
            return linked[0]
        if len(seen := self.order_numbers()) == 1:
            return next(iter(seen))
        bare = self._labelled("order_number", re.compile(r"(?<![\w-])\d{12}(?![\w-])"))  # combined orders before 2019
        return bare if bare and bare not in self.item_numbers() else None

    @cached_property
    def marked_orders(self) -> tuple[MarkedOrder, ...]:
        """What the sender wrote for machines of orders; of a member's mail nothing: people write in it."""
        if self.sender == "ebay" and (self._domain in ebay_domains().members or self._from_member):
            return ()
        return orders(self._things)

    @cached_property
    def marked_parcels(self) -> tuple[MarkedParcel, ...]:
        """What the sender wrote for machines of parcels."""
        return parcels(self._things)

    @cached_property
    def _things(self) -> tuple[Thing, ...]:
        return things_of(self.message.html)

    def linked_orders(self) -> tuple[str, ...]:
        """The order numbers in eBay's own links, in order."""
        values = (*self.parameters("orderid"), *self.parameters("order_id"))
        return tuple(dict.fromkeys(v for v in values if ORDER.fullmatch(v) or OLD_ORDER.fullmatch(v)))

    def all_orders(self) -> tuple[str, ...]:
        """The order numbers of a mail about several: each labelled or linked, in the order in which they stand."""
        linked = [number for number in self.linked_orders() if ORDER.fullmatch(number)]
        return tuple(dict.fromkeys(self._printed_orders or linked))[:_MOST]

    def order_numbers(self) -> frozenset[str]:
        """Every order number in the mail, labelled or not."""
        return frozenset(self._printed_orders)

    @cached_property
    def _printed_orders(self) -> tuple[str, ...]:
        return tuple(ORDER.findall("\n".join((self.subject, *self.lines))))

    def item_numbers(self) -> tuple[str, ...]:
        """Every labelled item number, in order; else the one that links or the subject name.

        Of a member's message the subject's comes first: eBay wrote it.
        """
        if self.intent == "buyer_message" and (named := _ITEM_IN_SUBJECT.search(self.subject)):
            return (named.group(1),)
        found = [m.group() for value in self.values("item_id") if (m := ITEM.search(value))]
        if found:
            return tuple(dict.fromkeys(found))
        if spoken := self.spoken("title", ITEM) or self.spoken("item_id", ITEM):
            return (spoken,)
        if tail := re.search(r"[#(]\s?(\d{11,14})\)?\s*$", self.subject):
            return (tail.group(1),)
        in_links = (number for link in self.targets for number in _ITEM_LINK.findall(link))
        linked = dict.fromkeys([*in_links, *self._item_parameters()])
        return tuple(linked) if len(linked) == 1 else ()

    def item_number(self) -> str | None:
        return next(iter(self.item_numbers()), None)

    def request_number(self) -> str | None:
        """The ten digits of a request, return or case: labelled, in the subject, or in a link."""
        if in_subject := REQUEST.search(self.subject):
            return in_subject.group()
        if labelled := self._labelled("request_id", REQUEST):
            return labelled
        for name in ("requestid", "caseid", "returnid", "cancelid", "inquiryid", "disputeid"):
            for value in self.parameters(name):
                if REQUEST.fullmatch(value):
                    return value
        in_paths = dict.fromkeys(number for link in self.targets for number in _REQUEST_PATH.findall(link))
        if len(in_paths) == 1:
            return str(next(iter(in_paths)))
        return None

    def money(self, label: str) -> Money | None:
        """An amount beside its label; of an unmarked label ("Total Recall: $9") it must follow at once."""
        loose = {spot.rest for spot in self.spots(label) if not spot.marked}
        close = (value for value in self.values(label) if value not in loose or _AMOUNT_AHEAD.match(value))
        return next((m for value in close if (m := find_money(value, self.home_currency))), None)

    def moment(self, label: str) -> Moment | None:
        """A labelled date, or the date after the label's words in a sentence ("please respond by …")."""
        seen, month_first = self.message.date, self.month_first
        for value in self.values(label):
            if len(value) <= _DATE_AHEAD * 2 and (found := find_moment(value, seen, month_first=month_first)):
                return found
        for line, folded in zip((self.subject, *self.lines), (fold(self.subject), *self.folded), strict=True):
            for rest in after_words(line, label) if mentions(line) else ():
                if found := find_moment(rest[:_DATE_AHEAD], seen, month_first=month_first):
                    return found
            if (words := first(f"label.{label}", folded)) and (
                found := find_moment(folded[words.end :][:_DATE_AHEAD], seen, month_first=month_first)
            ):
                return found
        return None

    def window(self, label: str) -> Window | None:
        """A labelled span such as "Nov 15 - Nov 18" or "15.–18. Nov."; a single date is a span of itself."""
        for value in self.values(label):
            if len(value) <= _DATE_AHEAD * 2 and (found := find_window(value, self.message.date, self.month_first)):
                return found
        return None

    def quantity(self, label: str = "quantity") -> int | None:
        loose = {spot.rest for spot in self.spots(label) if not spot.marked}
        for value in self.values(label):
            match = re.match(r"[x×]?\s*(\d{1,4})\b(?![.,]\d)", value)
            if match and (value not in loose or len(value) <= match.end() + 1):
                return int(match.group(1))
        return None

    def address(self, label: str = "ship_to") -> Address | None:
        for spot in self.spots(label):
            if not spot.marked:
                continue
            lines = [spot.rest] if spot.rest else []
            for line in range(spot.line + 1, min(spot.line + 11, len(self.lines))):
                if self.is_label(line) and not self._labels_of_line[line] <= _IN_ADDRESSES:
                    if lines:
                        break
                    continue
                lines.append(self.lines[line])
            if found := read_address(lines):
                return found
        return None

    # ---- links ----

    @cached_property
    def targets(self) -> tuple[str, ...]:
        """Where the mail's links lead, also through trackers."""
        return targets_of(self.message.links)

    @cached_property
    def all_parameters(self) -> Mapping[str, tuple[str, ...]]:
        """What links carry: lower-case name → values."""
        return parameters_of(self.targets, of_ebay=self.sender == "ebay")

    def parameters(self, name: str) -> tuple[str, ...]:
        """What links carry under a name, in any case."""
        return self.all_parameters.get(name.lower(), ())

    def _item_parameters(self) -> Iterator[str]:
        for name in ("itemid", "item_id", "item"):
            yield from (value for value in self.parameters(name) if ITEM.fullmatch(value))

    # ---- where it comes from ----

    @cached_property
    def site(self) -> str | None:
        """The marketplace: of a national sender, else of the links, else of the currency."""
        own = site_of(self._domain)
        if own and own != "EBAY_US":
            return own
        linked = sites_of(self.targets)
        national = [s for s in linked if s != "EBAY_US"]
        if national:
            return max(national, key=national.count)
        amounts = (find_money(line) for line in self.lines if re.search(r"[£€$]|\b[A-Z]{3}\b", line))
        currency = next((amount.currency for amount in amounts if amount), None)
        if currency is not None:
            return ebay_domains().currencies.get(currency)
        return "EBAY_US" if linked else own

    @cached_property
    def home_currency(self) -> str | None:
        """Of a bare `$`: the currency of the sender's or links' own site."""
        site = site_of(self._domain)
        linked = (national for national in sites_of(self.targets) if national != "EBAY_US")
        found = site if site and site != "EBAY_US" else next(linked, None)
        return next((money for money, of in ebay_domains().currencies.items() if of == found), None)

    @property
    def month_first(self) -> bool | None:
        """How `3/4/2026` is meant: by the site, where it is known."""
        if self.sender == "ebay":
            return None if self.site is None else self.site == "EBAY_US"
        return {"usps": True, "ups": True, "fedex": True}.get(self.sender, False)

    # ---- finding ----

    def _labelled(self, label: str, pattern: re.Pattern[str]) -> str | None:
        if found := next((m.group() for value in self.values(label) if (m := pattern.search(value))), None):
            return found
        return self.spoken(label, pattern)

    def spoken(self, label: str, pattern: re.Pattern[str]) -> str | None:
        """A value right behind its label's words within a sentence: "for order 27-…", "request 53…"."""
        for line in self._mentioning.get(label, ()):
            for rest in after_words(line, label, shortest=1):
                lead = _LEAD.match(rest)
                if found := pattern.match(rest, lead.end() if lead else 0):
                    return found.group()
        return None

    @cached_property
    def _mentioning(self) -> Mapping[str, Sequence[str]]:
        """The lines in which a label's words stand anywhere, in order."""
        found: dict[str, list[str]] = {}
        for line in self.lines:
            for name in {name for _, _, name in mentions(line)}:
                found.setdefault(name, []).append(line)
        return found

    def spot_values(self, label: str) -> Iterator[tuple[Spot, str]]:
        for spot in self.spots(label):
            if spot.rest:
                yield spot, spot.rest
                continue
            if (below := self._below.get(spot.line)) is not None:
                yield spot, self.lines[below]
                continue
            for line in range(spot.line + 1, min(spot.line + 1 + _NEXT, len(self.lines))):
                if not self.is_label(line):
                    yield spot, self.lines[line]
                    break

    @cached_property
    def _below(self) -> dict[int, int]:
        """In tables with labels in one row and as many values in the next: the label's line, and its value's."""
        bare = sorted({s.line for spots in self.all_spots.values() for s in spots if s.marked and not s.rest})
        rows: list[list[int]] = []
        for line in bare:
            if rows and rows[-1][-1] == line - 1:
                rows[-1].append(line)
            else:
                rows.append([line])
        found: dict[int, int] = {}
        for row in rows:
            wide, after = len(row), row[-1] + 1
            whole = after + wide <= len(self.lines) and not any(self.is_label(after + n) for n in range(wide))
            fits = wide >= _COLUMNS or (wide > 1 and whole and self._fit(row, wide))
            if fits and whole and len({self.folded[line] for line in row}) == wide:
                found |= {line: line + wide for line in row}
        return found

    def _fit(self, row: Sequence[int], wide: int) -> bool:
        """Whether values one row below fit the labels that allow but numbers of one form, of which there is one."""
        typed = [
            (pattern, self.lines[line + wide])
            for line in row
            for label, pattern in _TYPES.items()
            if label in self._labels_of_line[line]
        ]
        return bool(typed) and all(pattern.fullmatch(value) for pattern, value in typed)

    def is_label(self, line: int) -> bool:
        """A line that is a label alone, or begins with one and a colon: no value of another."""
        return line in self._labels_of_line

    @cached_property
    def _found(self) -> tuple[dict[str, tuple[Spot, ...]], dict[int, set[str]]]:
        spots: dict[str, list[Spot]] = {}
        of_line: dict[int, set[str]] = {}
        for at, line in enumerate(self.lines):
            for label, rest, marked in labels_in(line):
                spots.setdefault(label, []).append(Spot(at, rest, marked))
                if marked:
                    of_line.setdefault(at, set()).add(label)
        return {label: tuple(found) for label, found in spots.items()}, of_line

    @property
    def all_spots(self) -> dict[str, tuple[Spot, ...]]:
        """Where each label stands."""
        return self._found[0]

    @property
    def _labels_of_line(self) -> dict[int, set[str]]:
        return self._found[1]
