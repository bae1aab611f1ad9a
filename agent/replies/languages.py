"""Which language to write to a buyer in."""

from __future__ import annotations

from agent.orders.order import Order, Received
from agent.vocabulary.languages import fold, languages
from agent.vocabulary.marketplaces import by_domain, marketplaces

FALLBACK = "en"
ENOUGH_WORDS = 20
"""A reader's finding over fewer words is believed only where the words are clear."""

_CLEAR_HITS = 3  # frequent words of the language, and twice as many as of any other


def buyers_language(order: Order) -> str:
    """ISO 639-1: of the buyer's last message, else of their alias, the ship-to country, the site, else English.

    The alias's domain mirrors the site where the buyer is registered (eBay's member communications guide).
    """
    if order.messages and (language := _of_message(order.messages[-1])) is not None:
        return language
    return _of_alias(order) or _of_country(order) or _of_site(order) or FALLBACK


def _of_message(message: Received) -> str | None:
    if message.language and len(message.text.split()) >= ENOUGH_WORDS:
        return message.language
    return clear_language(message.text)


def clear_language(text: str) -> str | None:
    """The language whose frequent words stand out in a short text, or None."""
    words = ["".join(char for char in word if char.isalnum() or char == "'") for word in fold(text[:5000]).split()]
    counts = {name: sum(word in known.stopwords for word in words) for name, known in languages().items()}
    hits = sorted(((count, name) for name, count in counts.items()), reverse=True)
    if not hits:
        return None
    best, name = hits[0]
    second = hits[1][0] if len(hits) > 1 else 0
    return name if best >= _CLEAR_HITS and best >= 2 * second else None


def _of_alias(order: Order) -> str | None:
    for message in reversed(order.messages):
        if message.reply_to:
            domain = message.reply_to.rpartition("@")[2]
            site = by_domain(domain) if domain.startswith("members.") else None
            return site.language if site else None
    return None


def _of_country(order: Order) -> str | None:
    country = order.ship_to.country if order.ship_to else None
    return next(
        (site.language for site in marketplaces().values() if country and site.country == country.upper()), None
    )


def _of_site(order: Order) -> str | None:
    site = marketplaces().get(order.site or "")
    return site.language if site else None
