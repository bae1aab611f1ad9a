"""eBay: an item sold, or was paid for."""

from __future__ import annotations

import re

from agent.vocabulary.events import Event, OrderPaid, OrderSold
from agent.vocabulary.languages import fold, languages
from agent.vocabulary.values import Item
from mail.ebay.amounts import only_amount
from mail.ebay.deadlines import deadline_of
from mail.ebay.members import buyer_of
from mail.ebay.records import records
from mail.ebay.titles import title_of, whole_title
from mail.labels import ORDER, Labelled
from mail.phrases import says, states
from mail.reader import Unreadable, reader

_LEAD = re.compile(  # what joins a title to the words before it, once: "for For Whom the Bell Tolls"
    r"^(?:\s*[-–—:!.]+|\s*(?:for|of|für|zu|pour|per|por|para|de|di)\b"
    r"(?:\s+(?:item|artikel|l'objet|l'oggetto|el artículo)\b(?=\s*[:#]))?)?[\s:!.–—-]*",
    re.IGNORECASE,
)
_FOR = re.compile(
    r"^(?:for|of|für|zu|pour|per|por|para)\b|^[-–—:]", re.IGNORECASE
)  # what follows these is a title, whatever it says
_HEADLINES = 20  # lines of a body that may say that it is paid
_CUT = re.compile(r"\s*(?:\.{2,}|…)\s*$")
_ID_TAIL = re.compile(r"\s*[#(]?\s*\d{9,14}\)?\s*$")
_BUTTON = re.compile(  # what stands in a subject or link and is no title
    r"^(?:view|see|print|get|ship|go|learn|contact|details|order|time|please|now|action|ansehen|zum|zur|jetzt|bitte"
    r"|voir|afficher|consulter|imprimer|acheter|détails|maintenant|vedi|visualizza|stampa|acquista|dettagli|ora"
    r"|ver|imprimir|comprar|detalles|ahora)\b",
    re.IGNORECASE,
)


@reader(sender="ebay", intent=("order_sold", "order_paid"), languages=("en", "de", "fr", "it", "es"))
def extract(mail: Labelled) -> list[Event]:
    orders, linked = mail.all_orders(), mail.linked_orders()
    sure = set(linked) or {match.group() for value in mail.values("order_number") for match in ORDER.finditer(value)}
    if len(orders) > 1 and sure.issuperset(orders):
        return [_sale(part, order, mail) for part, order in zip(records(mail, orders), orders, strict=True)]
    return [_sale(mail, mail.order_number(), mail)]


def _sale(mail: Labelled, order: str | None, whole: Labelled) -> Event:
    """The sale that a mail, or a part of the whole one, tells of."""
    items = _items(mail) if mail is whole else _items_of_part(mail)
    if order is None and not any(item.item_id or item.title for item in items):
        raise Unreadable("neither an order number nor an item")
    single = len(items) < 2 and all(item.quantity == 1 for item in items)
    total = mail.money("total") or (only_amount(mail) if single else None)
    sold = OrderSold(
        occurred_at=mail.message.date,
        order_id=order,
        item_id=items[0].item_id if len(items) == 1 else None,
        buyer=buyer_of(mail),
        items=items,
        site=whole.site,
        total=total,
        paid=_paid(mail),
        ship_to=mail.address(),
        ship_by=deadline_of(mail, "ship_by"),
        estimated_delivery=mail.window("estimated_delivery"),
    )
    if whole.intent == "order_sold":
        return sold
    return OrderPaid(
        occurred_at=sold.occurred_at,
        order_id=sold.order_id,
        item_id=sold.item_id,
        buyer=sold.buyer,
        items=sold.items,
        site=sold.site,
        total=sold.total,
        ship_to=sold.ship_to,
        ship_by=sold.ship_by,
    )


def _paid(mail: Labelled) -> bool | None:
    """Whether the buyer has paid; None where the mail does not say."""
    text = mail.folded
    if says("paid.no", *text):
        return False
    if says("paid.yes", fold(mail.subject), *text):
        return True
    taxes = {spot.line for spot in mail.spots("tax")}  # "VAT paid"
    told = (line for at, line in enumerate(text[:_HEADLINES]) if at not in taxes)
    return True if mail.moment("date_paid") or states("paid.word", *told) else None


def _items(mail: Labelled) -> tuple[Item, ...]:
    numbers = mail.item_numbers()
    prices = mail.money("price") or mail.money("subtotal")
    quantity = mail.quantity()
    if len(numbers) > 1:
        return _several(mail, numbers)
    number = numbers[0] if numbers else None
    title = _title(mail, number)
    if title is None and number is None and prices is None:
        return ()
    return (Item(title=title, item_id=number, quantity=quantity or 1, price=prices),)


def _several(mail: Labelled, numbers: tuple[str, ...]) -> tuple[Item, ...]:
    """One item for each number, with what stands near it."""
    found = []
    for number, near in zip(numbers, records(mail, numbers), strict=False):
        title = _linked_title(mail, number) or near.text("title")
        found.append(Item(title=title, item_id=number, quantity=near.quantity() or 1, price=near.money("price")))
    return tuple(found)


def _items_of_part(mail: Labelled) -> tuple[Item, ...]:
    """What one of several orders in a mail holds: the subject tells of all of them, so it gives no title."""
    numbers = mail.item_numbers()
    if len(numbers) > 1:
        return _several(mail, numbers)
    number = numbers[0] if numbers else None
    title = (_linked_title(mail, number) if number else None) or _labelled_title(mail)
    return (Item(title=title, item_id=number, quantity=mail.quantity() or 1, price=mail.money("price")),)


def _title(mail: Labelled, number: str | None) -> str | None:
    """What was sold: the subject's title, made whole from the body where it was cut; else a link's or label's text."""
    if whole := whole_title(mail):
        return _ID_TAIL.sub("", whole)
    if cut := _after_intent(mail):
        return re.split(r"[!?.]\s", _CUT.sub("", cut))[-1] if _CUT.search(cut) else cut
    return (_linked_title(mail, number) if number else None) or title_of(mail)


def _after_intent(mail: Labelled) -> str | None:
    """The subject behind the words that show the intent, where it is a title for sure.

    After "for", a colon or a dash it is; after the end of a sentence only if the body shows the same words.
    """
    if mail.shown is None or not says(mail.shown.intent, fold(mail.subject)):
        return None
    tail = _tail(mail.subject, mail.shown.intent)
    if numbers := list(ORDER.finditer(tail)):  # "New order 27-…: title", "Payment received for order 27-…"
        tail = tail[numbers[-1].end() :].lstrip()
    before = mail.subject[: len(mail.subject) - len(tail)].rstrip()
    named = before.endswith((":", "-", "–", "—")) or _FOR.match(tail) is not None
    after = tail if before.endswith((":", "-", "–", "—")) else _LEAD.sub("", tail)
    title = after if _CUT.search(after) else _unquoted(_ID_TAIL.sub("", after).strip(" !.–-"))
    stem = fold(_CUT.sub("", title))
    if len(stem) < 3 or (_BUTTON.match(stem) and not named):
        return None
    if before.endswith(("!", ".", "?")) and not any(fold(line).startswith(stem) for line in mail.lines):
        spoken = {word for language in languages().values() for word in language.stopwords}
        words = stem.split()
        return title if len(words) > 1 and spoken.isdisjoint(words) and not before.endswith("?") else None
    return title


def _unquoted(title: str) -> str:
    """A title without the pair of quotation marks around it; a single one behind it is an inch."""
    pair = re.fullmatch(r"[\"'“„](.+)[\"'“”]", title)
    return pair.group(1) if pair and '"' not in pair.group(1) else title


def _tail(subject: str, intent: str) -> str:
    """What stands behind the earliest words that show the intent."""
    words = subject.split()
    end = next((n for n in range(1, len(words) + 1) if says(intent, fold(" ".join(words[:n])))), len(words))
    if end < len(words) and words[end].endswith(":") and words[end - 1][-1:].isalnum():
        # "hat einen Käufer" shows it, and so does "einen Käufer gefunden:", which begins within and ends behind
        inner = (" ".join(words[at:end]) for at in range(1, end))
        if any(says(intent, fold(f"{one} {words[end]}")) and not says(intent, fold(one)) for one in inner):
            end += 1
    return " ".join(words[end:])


def _linked_title(mail: Labelled, number: str) -> str | None:
    texts = [link.text.strip() for link in mail.message.links if number in link.href]
    titles = [text for text in texts if len(text) > 7 and not _BUTTON.match(text) and not text.isdigit()]
    return max(titles, key=len, default=None)


def _labelled_title(mail: Labelled) -> str | None:
    title = mail.text("title")
    return title if title and len(title) > 3 and not title.replace(" ", "").isdigit() else None
