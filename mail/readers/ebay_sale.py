"""eBay: an item sold, or was paid for."""

from __future__ import annotations

import re

from agent.vocabulary.events import Event, OrderPaid, OrderSold
from agent.vocabulary.languages import fold
from agent.vocabulary.values import Item
from mail.intents import says
from mail.labels import Labelled
from mail.reader import Unreadable, reader

_LEAD = re.compile(  # what joins a title to the words before it, once: "for For Whom the Bell Tolls"
    r"^(?:\s*[-–—:!.]+|\s*(?:for|of|für|zu)\b(?:\s+(?:item|artikel)\b(?=\s*[:#]))?)?[\s:!.–—-]*", re.IGNORECASE
)
_FOR = re.compile(r"^(?:for|of|für|zu)\b|^[-–—:]", re.IGNORECASE)  # what follows these is a title, whatever it says
_CUT = re.compile(r"\s*(?:\.{2,}|…)\s*$")
_ID_TAIL = re.compile(r"\s*[#(]?\s*\d{9,14}\)?\s*$")
_BUTTON = re.compile(  # what stands in a subject or link and is no title
    r"^(?:view|see|print|get|ship|go|learn|contact|details|order|time|please|now|action|ansehen|zum|zur|jetzt|bitte)\b",
    re.IGNORECASE,
)


@reader(sender="ebay", intent=("order_sold", "order_paid"), languages=("en", "de"))
def extract(mail: Labelled) -> list[Event]:
    order, items = mail.order_number(), _items(mail)
    if order is None and not any(item.item_id or item.title for item in items):
        raise Unreadable("neither an order number nor an item")
    total = mail.money("total") or mail.money("price")
    if mail.intent == "order_paid":
        return [
            OrderPaid(
                occurred_at=mail.message.date,
                order_id=order,
                item_id=items[0].item_id if items else None,
                buyer=mail.handle(),
                items=items,
                site=mail.site,
                total=total,
                ship_to=mail.address(),
                ship_by=mail.moment("ship_by"),
            )
        ]
    return [
        OrderSold(
            occurred_at=mail.message.date,
            order_id=order,
            item_id=items[0].item_id if items else None,
            buyer=mail.handle(),
            items=items,
            site=mail.site,
            total=total,
            paid=_paid(mail),
            ship_to=mail.address(),
            ship_by=mail.moment("ship_by"),
            estimated_delivery=mail.window("estimated_delivery"),
        )
    ]


def _paid(mail: Labelled) -> bool | None:
    """Whether the buyer has paid; None where the mail does not say."""
    text = mail.folded
    if says("paid.no", *text):
        return False
    if says("paid.yes", fold(mail.subject), *text):
        return True
    return True if mail.moment("date_paid") else None


def _items(mail: Labelled) -> tuple[Item, ...]:
    numbers = mail.item_numbers()
    prices = mail.money("price")
    quantity = mail.quantity()
    if len(numbers) > 1:
        return _several(mail, numbers)
    number = numbers[0] if numbers else None
    title = _title(mail, number)
    if title is None and number is None and prices is None:
        return ()
    return (Item(title=title, item_id=number, quantity=quantity or 1, price=prices),)


def _several(mail: Labelled, numbers: tuple[str, ...]) -> tuple[Item, ...]:
    """One item for each number: what is said of it stands between its number and the next one, its title before it."""
    starts = [
        next(spot.line for spot in mail.spots("item_id") if _bears(mail, spot.line, number)) for number in numbers
    ]
    found = []
    for number, start, stop in zip(numbers, starts, [*starts[1:], len(mail.lines)], strict=True):
        near = mail.part(mail.lines[start:stop])
        above = mail.part(mail.lines[max(start - 1, 0) : start])
        title = _linked_title(mail, number)
        if title is None and above.lines and not above.is_label(0):
            title = above.lines[0]
        found.append(Item(title=title, item_id=number, quantity=near.quantity() or 1, price=near.money("price")))
    return tuple(found)


def _bears(mail: Labelled, line: int, number: str) -> bool:
    return any(number in text for text in mail.lines[line : line + 3])


def _title(mail: Labelled, number: str | None) -> str | None:
    """What was sold: the subject's title, made whole from the body where it was cut; else a link's or label's text."""
    cut = _after_intent(mail)
    if cut:
        stem = fold(_CUT.sub("", cut))
        goes_on = "" if _CUT.search(cut) else " "  # a subject may be cut without a sign, but then between words
        whole = [line for line in mail.lines if len(stem) > 5 and f"{fold(line)} ".startswith(stem + goes_on)]
        whole = [line for line in whole if len(line) <= 160]
        if whole:
            return _ID_TAIL.sub("", _CUT.sub("", max(whole, key=len))) if not _CUT.search(cut) else max(whole, key=len)
        return _CUT.sub("", cut)
    return (_linked_title(mail, number) if number else None) or _labelled_title(mail)


def _after_intent(mail: Labelled) -> str | None:
    """The subject behind the words that show the intent, where it is a title for sure.

    After "for", a colon or a dash it is; after the end of a sentence only if the body shows the same words.
    """
    if mail.shown is None or not says(mail.shown.intent, fold(mail.subject)):
        return None
    tail = _tail(mail.subject, mail.shown.intent)
    before = mail.subject[: len(mail.subject) - len(tail)].rstrip()
    named = before.endswith((":", "-", "–", "—")) or _FOR.match(tail) is not None
    after = tail if before.endswith((":", "-", "–", "—")) else _LEAD.sub("", tail)
    title = after if _CUT.search(after) else _unquoted(_ID_TAIL.sub("", after).strip(" !.–-"))
    stem = fold(_CUT.sub("", title))
    if len(stem) < 3 or (_BUTTON.match(stem) and not named):
        return None
    if before.endswith(("!", ".", "?")) and not any(fold(line).startswith(stem) for line in mail.lines):
        return None
    return title


def _unquoted(title: str) -> str:
    """A title without the pair of quotation marks around it; a single one behind it is an inch."""
    pair = re.fullmatch(r"[\"'“„](.+)[\"'“”]", title)
    return pair.group(1) if pair and '"' not in pair.group(1) else title


def _tail(subject: str, intent: str) -> str:
    """What stands behind the earliest words that show the intent."""
    words = subject.split()
    end = next((n for n in range(1, len(words) + 1) if says(intent, fold(" ".join(words[:n])))), len(words))
    return " ".join(words[end:])


def _linked_title(mail: Labelled, number: str) -> str | None:
    texts = [link.text.strip() for link in mail.message.links if number in link.href]
    titles = [text for text in texts if len(text) > 7 and not _BUTTON.match(text) and not text.isdigit()]
    return max(titles, key=len, default=None)


def _labelled_title(mail: Labelled) -> str | None:
    title = mail.text("title")
    return title if title and len(title) > 3 and not title.replace(" ", "").isdigit() else None
