"""A mailbox of any size for the bench: the sample shop's month again and again, under new names and numbers.

Each mail is brought to about 25 kB as shops' mails are: tables in tables, inline styles, links with long parameters,
and little that a human sees. The same number always gives the same bytes.
"""

from __future__ import annotations

import binascii
import email
import itertools
import os
import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from email.message import Message
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from agent.demo.mails import build
from agent.demo.story import ShopMail, ShopOrder, Story, load_story
from agent.vocabulary.numbers import candidates

SIZE = 25_000
_NOT_OURS = frozenset({"private"})
_TILE = (
    '<tr><td style="padding:0 0 16px 0;margin:0;border-collapse:collapse;mso-table-lspace:0pt;mso-table-rspace:0pt">'
    '<table role="presentation" cellpadding="0" cellspacing="0" border="0" width="100%" style="border-spacing:0;'
    'font-family:Helvetica,Arial,sans-serif;color:#191919;background-color:#ffffff"><tr><td width="96" valign="top" '
    'style="padding:8px 12px 8px 0"><a href="https://shop.example/r/{code}?campaign=autumn-{code}&amp;position={place}'
    '&amp;medium=mail" style="text-decoration:none;color:#0654ba"><img src="https://img.example/t/{code}.png" '
    'width="96" height="96" alt="" style="display:block;border:0;outline:none;border-radius:8px"></a></td>'
    '<td valign="top" style="padding:8px 0;font-size:14px;line-height:20px"><span style="color:#41413f">{words}</span>'
    "</td></tr></table></td></tr>"
)
_WORDS = tuple(
    word
    for line in (
        "amber walnut copper linen velvet marble willow cedar",
        "harbour meadow lantern saddle thimble kettle ribbon",
    )
    for word in line.split()
)
_ROUTE = (
    "Received: from {relay} ({relay} [192.0.2.{octet}])\n\tby mx{octet}.example.com with ESMTPS id {code}\n"
    "\t(version=TLSv1.3 cipher=TLS_AES_256_GCM_SHA384 bits=256 verify=OK)\n\tfor <june@harbourlane.example>; {date}\n"
)
_SIGNATURE = (
    "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d={domain}; s=dkim1k;\n"
    "\th=From:To:Subject:Date:Message-ID:MIME-Version:Content-Type;\n\tbh={body};\n\tb={lines}\n"
)
_STRANGERS = (
    ("Walt Abernathy", "friends.example", ("Thanksgiving", "Photos of the weekend", "=?utf-8?q?Gr=C3=BC=C3=9Fe?=")),
    ("Garden News", "garden.example", ("Bulbs for spring", "20% off everything until Sunday", "Our catalogue of 2026")),
    ("Riverside Bank", "riverbank.example", ("Your statement for November 2026", "A new sign-in", "Card ending 4821")),
    ("Code Weekly", "code.example", ("Issue 482: smaller parsers", "[repo] 3 new comments on #12345")),
    ("Dr. Lindqvist", "praxis.example", ("Termin am 25.11.2026", "=?utf-8?b?UmVjaG51bmcgZsO8ciBOb3ZlbWJlcg==?=")),
    ("Bus and Rail", "rail.example", ("Your seat from Portland", "Timetable from 13 December")),
)  # fmt: skip


def mails(count: int, *, ours_in_ten: int = 10) -> Iterator[bytes]:
    """So many mails, of every ten so many eBay's or a carrier's, in the shop's mixture."""
    ours = _ours()
    for number in range(count):
        yield next(ours) if number % 10 < ours_in_ten else _strangers(number)


def write_maildir(folder: Path, found: Iterable[bytes]) -> int:
    """Deliver into `folder/cur`, in order; the number of bytes."""
    total = 0
    for number, raw in enumerate(found):
        path = folder / "cur" / f"{1_790_000_000 + number}.M{number}.bench:2,"
        path.write_bytes(raw)
        os.utime(path, (1_790_000_000 + number, 1_790_000_000 + number))
        total += len(raw)
    return total


def _ours() -> Iterator[bytes]:
    story = load_story()
    for copy in itertools.count():
        other = _renamed(story, copy)
        for mail in other.mails:
            if mail.kind not in _NOT_OURS:
                yield _as_they_come(build(mail, other), mail.arrives, random.Random(f"{copy} {mail.kind} {mail.at}"))


def _renamed(story: Story, copy: int) -> Story:
    """The story of other orders: new numbers with right check digits, new buyers, new titles."""
    if copy == 0:
        return story
    names = {order.order_id: f"{10 + copy % 17:02}-{copy:05}-{place:05}" for place, order in enumerate(story.orders)}
    orders = tuple(_other_order(order, names[order.order_id], copy) for order in story.orders)
    mails_of = [_other_mail(mail, names, copy) for mail in story.mails]
    return replace(story, orders=orders, mails=tuple(mails_of))


def _other_order(order: ShopOrder, order_id: str, copy: int) -> ShopOrder:
    first, second = _WORDS[copy % len(_WORDS)], _WORDS[copy // len(_WORDS) % len(_WORDS)]
    items = tuple(
        replace(item, title=f"{first.title()} {second} {item.title}", item_id=_other_digits(item.item_id, copy))
        for item in order.items
    )
    parcel = replace(order.parcel, number=_other_parcel(order.parcel.number, copy)) if order.parcel else None
    buyer = replace(order.buyer, handle=f"{order.buyer.handle}{copy}")
    return replace(order, order_id=order_id, items=items, parcel=parcel, buyer=buyer)


def _other_mail(mail: ShopMail, names: Mapping[str, str], copy: int) -> ShopMail:
    details: dict[str, Any] = dict(mail.details)
    if "request" in details:
        details["request"] = _other_digits(details["request"], copy)
    return replace(mail, order_id=names.get(mail.order_id or "", mail.order_id), details=details)


def _other_digits(number: str | None, copy: int) -> str | None:
    if number is None:
        return None
    return f"{number[:2]}{(int(number[2:]) + copy * 1_000_003) % 10 ** (len(number) - 2):0{len(number) - 2}}"


def _other_parcel(number: str, copy: int) -> str:
    """Another number of the same format: other serial digits, and the check digit that fits them as well or badly."""
    kind = [(one.carrier, one.format, one.checksum) for one in candidates(number)[:1]]
    places = [place for place, char in enumerate(number) if char.isdigit()]
    serial = int("".join(number[place] for place in places[-7:-1])) + copy * 7_919
    digits = dict(zip(places[-7:-1], f"{serial % 1_000_000:06}", strict=True))
    for check in "0123456789":
        tried = "".join({**digits, places[-1]: check}.get(place, char) for place, char in enumerate(number))
        if [(one.carrier, one.format, one.checksum) for one in candidates(tried)[:1]] == kind:
            return tried
    raise ValueError(f"no other number like {number}")


def _as_they_come(raw: bytes, arrives: datetime, chance: random.Random) -> bytes:
    """The mail as hosts pass it on: a route, a signature, and a body of the usual weight."""
    message = email.message_from_bytes(raw)
    verdict = (
        f"Authentication-Results: {message['Authentication-Results']}\n" if message["Authentication-Results"] else ""
    )
    kept = {"From", "To", "Subject", "Date", "Message-ID", "Reply-To", "X-eBay-MailTracker"}
    own = "".join(f"{name}: {value}\n" for name, value in message.items() if name in kept)
    parts = {part.get_content_type(): _text(part) for part in message.walk() if not part.is_multipart()}
    html = parts.get("text/html") or f"<html><body><pre>{parts.get('text/plain', '')}</pre></body></html>"
    domain = str(message["From"]).rpartition("@")[2].strip("> ")
    return _compose(verdict, own, domain, html, parts.get("text/plain"), arrives, chance)


def _text(part: Message) -> str:
    payload = part.get_payload(decode=True)
    return payload.decode(part.get_content_charset() or "utf-8", "replace") if isinstance(payload, bytes) else ""


def _strangers(number: int) -> bytes:
    chance = random.Random(f"stranger {number}")
    name, domain, subjects = chance.choice(_STRANGERS)
    at = load_story().clock
    own = (
        f"From: {name} <mail@{domain}>\nTo: June Abernathy <june@harbourlane.example>\n"
        f"Subject: {chance.choice(subjects)}\n"
        f"Date: {format_datetime(at)}\nMessage-ID: <{number}.{chance.getrandbits(64):x}@{domain}>\n"
        f"List-Unsubscribe: <https://{domain}/leave/{chance.getrandbits(64):x}>\n"
    )
    verdict = f"Authentication-Results: mx.example.com; dkim=pass header.d={domain}; dmarc=pass header.from={domain}\n"
    html = f"<html><body><p>{' '.join(chance.choices(_WORDS, k=200))}</p></body></html>"
    return _compose(verdict, own, domain, html, None, at, chance)


def _compose(
    verdict: str, own: str, domain: str, html: str, plain: str | None, at: datetime, chance: random.Random
) -> bytes:
    def code(bits: int = 80) -> str:
        return f"{chance.getrandbits(bits):0{bits // 4}x}"

    tiles = [_TILE.format(code=code(), place=place, words=" ".join(chance.choices(_WORDS, k=6))) for place in range(40)]
    head, end, rest = html.partition("</body>")
    room = SIZE - len(html) - 2_600
    used = itertools.accumulate(int(len(tile) * 1.07) for tile in tiles)
    fill = "\n".join(tile for tile, size in zip(tiles, used, strict=True) if size <= room)
    body = _quoted(f'{head}<table role="presentation" width="100%">{fill}</table>{end}{rest}')
    route = "".join(
        _ROUTE.format(relay=f"out{octet}.{domain}", octet=octet, code=code(), date=format_datetime(at))
        for octet in chance.sample(range(1, 255), 3)
    )
    signature = _SIGNATURE.format(
        domain=domain,
        body=binascii.b2a_base64(chance.randbytes(32), newline=False).decode(),
        lines="\n\t".join(binascii.b2a_base64(chance.randbytes(51), newline=False).decode() for _ in range(5)),
    )
    shape = "Content-Type: {}; charset=UTF-8\nContent-Transfer-Encoding: quoted-printable\n"
    header = verdict + route + signature + own + "MIME-Version: 1.0\n"
    if plain is None:
        text = f"{header}{shape.format('text/html')}\n{body}\n"
    else:
        edge = f"=_{code()}"
        text = (
            f'{header}Content-Type: multipart/alternative; boundary="{edge}"\n\n'
            f"--{edge}\n{shape.format('text/plain')}\n{_quoted(plain)}\n"
            f"--{edge}\n{shape.format('text/html')}\n{body}\n--{edge}--\n"
        )
    return text.encode("utf-8")


def _quoted(text: str) -> str:
    return binascii.b2a_qp(text.encode("utf-8")).decode("ascii")
