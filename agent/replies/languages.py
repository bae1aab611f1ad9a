"""Which language to write to a buyer in."""

from __future__ import annotations

from agent.orders.order import Order, Received
from agent.replies.dialects import AMERICAN, BRITISH, FALLBACK
from agent.replies.shown_language import shown_language
from agent.vocabulary.marketplaces import Marketplace, by_domain, marketplaces

ENOUGH_WORDS = 20
"""A reader's finding over fewer words is believed only where the words are clear."""

_AMERICAN = frozenset({"US", "CA", "PR", "VI", "GU", "AS", "MP", "PH"})
_BRITISH = frozenset({"GB", "IE", "AU", "NZ", "ZA", "MT", "CY", "IN", "SG", "HK", "GG", "JE", "IM", "GI"})
"""Whose spelling and order of day and month English readers are used to: general knowledge."""


_SEVERAL = {"BE": ("nl", "fr"), "CA": ("en", "fr"), "CH": ("de", "fr", "it"), "LU": ("fr", "de")}
"""Where several languages are at home, the one that the buyer shopped in is the likeliest."""


def buyers_language(order: Order) -> str:
    """ISO 639-1: of the buyer's last message, else of their alias, the ship-to country, the site, else English.

    The alias's domain mirrors the site where the buyer is registered (eBay's member communications guide).
    """
    if order.messages and (language := _of_message(order.messages[-1])) is not None:
        return language
    alias, site = _alias_site(order), marketplaces().get(order.site or "")
    return (alias and alias.language) or _of_country(order) or (site and site.language) or FALLBACK


def buyers_dialect(order: Order) -> str:
    """As `buyers_language`, English with its region: by the ship-to country, else by the alias's or order's site."""
    language = buyers_language(order)
    if language != "en":
        return language
    country = (order.ship_to.country or "").upper() if order.ship_to else ""
    if country in _AMERICAN | _BRITISH:
        return AMERICAN if country in _AMERICAN else BRITISH
    site = _alias_site(order) or marketplaces().get(order.site or "")
    return AMERICAN if site and site.country in _AMERICAN else BRITISH


def _of_message(message: Received) -> str | None:
    if message.language and len(message.text.split()) >= ENOUGH_WORDS:
        return message.language
    return shown_language(message.text)


def _alias_site(order: Order) -> Marketplace | None:
    for message in reversed(order.messages):
        if message.reply_to:
            domain = message.reply_to.rpartition("@")[2]
            return by_domain(domain) if domain.startswith("members.") else None
    return None


def _of_country(order: Order) -> str | None:
    country = (order.ship_to.country or "").upper() if order.ship_to else ""
    shopped_in = marketplaces().get(order.site or "")
    if shopped_in and shopped_in.language in _SEVERAL.get(country, ()):
        return shopped_in.language
    return next((site.language for site in marketplaces().values() if country and site.country == country), None)
