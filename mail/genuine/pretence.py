"""Whom a mail from a stranger's domain pretends to be."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from agent.vocabulary.languages import fold
from mail.genuine.domains import organisational, under
from mail.genuine.senders import contains_brand, is_brand_host, is_ebay_host, is_relay, look_alike, named_in, owners
from mail.parsing.message import Link, Message
from mail.phrases import says

_HOST_IN_TEXT = re.compile(r"(?:https?://)?((?:[\w-]+\.)+[a-z]{2,})(?:[/?#]\S*)?", re.IGNORECASE)
_READ = 60  # lines of a body that are looked at


def pretends_to_be(message: Message) -> str | None:
    """`ebay` or a carrier's id where a stranger's mail claims to come from them; None where it only mentions them.

    A claim is a look-alike domain, a brand as the sender's name, a link that shows the brand's address and leads
    elsewhere, or the brand in subject or body together with a call to sign in or to pay behind a stranger's link.
    """
    strangers = [sender for sender in message.senders if not owners(sender.domain)]
    for sender in strangers:
        if sender.domain and (owner := look_alike(sender.domain)):
            return owner
    names = [sender.name for sender in strangers] or ([] if message.senders else list(message.all_headers("from")))
    for name in names:
        if owner := named_in(name) or _address_in(name):
            return owner
    domain = message.senders[0].domain if message.senders else ""
    brand = named_in(message.subject)
    if brand and domain and contains_brand(domain) == brand:
        return brand
    links = [link for link in message.links if _foreign(link, domain)]
    if not links or is_relay(domain):
        return None
    if owner := next((o for link in links if (o := _shown_owner(link))), None):
        return owner
    own = [link for link in message.links if domain and under(_host(link), organisational(domain))]
    if len(own) >= len(links):
        return None  # a shop or a bank that mentions the brand leads to itself
    opening = message.lines[:_READ]
    brand = brand or next((o for line in opening[:8] if (o := named_in(line))), None)
    if brand and says("call", fold(message.subject), *(fold(line) for line in opening)):
        return brand
    return None


def _address_in(name: str) -> str | None:
    """Whose address a display name shows, as in `"ebay@ebay.com" <x@evil.example>`."""
    for host in re.findall(r"@([\w.-]+)", name):
        if found := owners(host):
            return found[0]
    return None


def _host(link: Link) -> str:
    try:
        return (urlsplit(link.href.strip()).hostname or "").lower()
    except ValueError:
        return ""


def _foreign(link: Link, sender: str) -> bool:
    """A web link that leads neither to a brand nor to the sender's own domain."""
    host = _host(link)
    if not host or is_brand_host(host):
        return False
    return not (sender and under(host, organisational(sender)))


def _shown_owner(link: Link) -> str | None:
    """Whose address the link shows while it leads to a stranger."""
    match = _HOST_IN_TEXT.fullmatch(link.text.strip())
    if match is None:
        return None
    shown = match.group(1).lower()
    if is_ebay_host(shown):
        return "ebay"
    for name in (shown, organisational(shown)):
        if found := owners(name):
            return found[0]
    return None
