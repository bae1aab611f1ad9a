"""The sample shop's mails, as bytes and as files of a Maildir. The same story always gives the same bytes."""

from __future__ import annotations

import hashlib
import html
import os
from collections.abc import Iterator
from datetime import date, datetime
from email.message import EmailMessage
from email.policy import default as mail_policy
from email.utils import format_datetime
from functools import cache
from pathlib import Path

import jinja2
from markupsafe import Markup, escape

from agent.demo.story import ShopMail, Story
from agent.vocabulary.marketplaces import marketplaces
from agent.vocabulary.values import Money

_WIDE = mail_policy.clone(max_line_length=300)  # a subject stays on its own line
_PLAIN = "<!-- plain text -->"
_COUNTRIES = {
    "en": {"US": "United States", "GB": "United Kingdom"},
    "de": {"DE": "Deutschland", "NL": "Niederlande"},
}
_GERMAN_MONTHS = ("Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.", "Nov.", "Dez.")


def build(mail: ShopMail, story: Story) -> bytes:
    """One mail of the story, RFC 5322, as the shop's mail host hands it over: with its verdict on the sender."""
    headers, body, plain = _render(mail, story)
    message = EmailMessage(policy=mail_policy)
    kind = headers.pop("Content", "html")
    for name, value in headers.items():
        message[name] = value
    message["To"] = f"{story.shop.owner} <{story.shop.address}>"
    message["Date"] = format_datetime(mail.at)
    sender = message["From"].addresses[0].domain
    message["Message-ID"] = f"<{token(mail)[:24]}@{sender}>"
    if plain:
        message.set_content(plain, cte="quoted-printable")
        message.add_alternative(body, subtype="html", cte="quoted-printable")
        message.set_boundary(f"=_{token(mail)[:20]}")
    else:
        message.set_content(body, subtype=kind, cte="quoted-printable")
    return message.as_bytes(policy=_WIDE)


def write_maildir(story: Story, folder: Path, until: datetime) -> int:
    """Deliver into the Maildir `folder` all mails that arrived by `until` and are not there yet; gives how many."""
    for part in ("tmp", "new", "cur"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    present = {path.name.partition(":")[0] for part in ("new", "cur") for path in (folder / part).iterdir()}
    written = 0
    for name, mail in _deliveries(story):
        if mail.arrives > until or name in present:
            continue
        waiting = folder / "tmp" / name
        waiting.write_bytes(build(mail, story))
        arrival = mail.arrives.timestamp()
        os.utime(waiting, (arrival, arrival))
        waiting.rename(folder / "new" / name)
        written += 1
    return written


def token(mail: ShopMail) -> str:
    """32 hex digits that are this mail's own: its reference id, and what its names are made of."""
    return hashlib.sha256(f"{mail.kind} {mail.order_id} {mail.at.isoformat()}".encode()).hexdigest()[:32]


def _deliveries(story: Story) -> Iterator[tuple[str, ShopMail]]:
    for mail in story.mails:
        for copy in range(2 if mail.delivered_twice else 1):
            yield f"{int(mail.arrives.timestamp())}.{token(mail)[:12]}{'b' if copy else 'a'}.shop", mail


def _render(mail: ShopMail, story: Story) -> tuple[dict[str, str], str, str | None]:
    """Headers, HTML (or plain) body, and the plain part beside it where there is one."""
    name = f"{mail.kind}_{mail.layout}" if mail.layout else mail.kind
    order = story.order(mail.order_id) if mail.order_id else None
    site = order.site if order else marketplaces()[story.shop.site]
    text = (
        _templates(site.language, site.id)
        .get_template(f"{name}.j2")
        .render(
            mail=mail.details,
            order=order,
            item=order.items[0] if order else None,
            buyer=order.buyer if order else None,
            address=order.buyer.address if order else None,
            parcel=order.parcel if order else None,
            shop=story.shop,
            site=site,
            token=token(mail),
            arrived=format_datetime(mail.arrives.astimezone(story.shop.timezone)),
        )
    )
    head, _, body = text.lstrip().partition("\n\n")
    pairs = (line.partition(": ") for line in head.splitlines())
    headers = {key: html.unescape(value) for key, _, value in pairs}
    body, _, plain = body.lstrip().partition(_PLAIN)
    return headers, body, html.unescape(plain).lstrip() or None


@cache
def _templates(language: str, site: str) -> jinja2.Environment:
    """The mails' templates with the ways in which a site prints days and money."""
    # Bodies are HTML and escaped; what stands before the first blank line becomes headers, and is unescaped again.
    env = jinja2.Environment(
        loader=jinja2.PackageLoader("agent.demo", "shop/mails"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )

    def day(moment: date) -> str:
        if language == "de":
            return f"{moment.day}. {_GERMAN_MONTHS[moment.month - 1]} {moment.year}"
        return (
            f"{moment.day} {moment:%b} {moment.year}"
            if site == "EBAY_GB"
            else f"{moment:%b} {moment.day}, {moment.year}"
        )

    def money(amount: Money) -> str:
        plain = f"{amount.value:,.2f}"
        if language == "de":
            return f"{amount.currency} {plain.translate(str.maketrans(',.', '.,'))}"
        return {"USD": "$", "GBP": "£"}[amount.currency] + plain

    env.filters.update(
        day=day,
        money=money,
        country=lambda code: _COUNTRIES[language][code],
        cut=lambda title, length: title if len(title) <= length else f"{title[:length].rstrip()}...",
        grouped=lambda number: " ".join(number[at : at + 4] for at in range(0, len(number), 4)),
        alias=lambda handle: hashlib.sha256(handle.encode()).hexdigest()[:20],
        digits=lambda hexadecimal, count: str(int(hexadecimal, 16))[:count],
        lines=lambda text: Markup("<br>\n").join(escape(line) for line in text.splitlines()),
    )
    return env
