# ruff: noqa: E501 -- samples of mails, a line each
"""Answers as mail programs write them, and the digest that they answer; all invented."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import product

from agent.approvals.codes import LASTS, Offer, button_code, digest_code, fingerprint
from agent.approvals.words import Verb

KEY = bytes(range(32))
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
REFERENCE = "k3f7qx2a"
SELLER = "june@harbourlane.example"
SHOP = "shop@harbourlane.example"
TRUSTED = "mx.example.com"


def offers(count: int = 3, reference: str = REFERENCE, made: datetime = NOW) -> tuple[Offer, ...]:
    return tuple(
        Offer(
            reference=reference,
            number=number,
            outbox_id=10 + number,
            fingerprint=fingerprint("b@members.ebay.com", "Re: lamp", f"text {number}", None),
            ends_at=made + LASTS,
        )
        for number in range(1, count + 1)
    )


CODE = digest_code(KEY, offers())
DIGEST_ID = f"<digest.2026-11-20.0f3a9c1d2e4b.{CODE}@harbourlane.example>"
DIGEST = f"""\
3 to answer today
Harbour Lane · Friday, 20 November 2026, 07:30

Drafts
------
Press a button, or answer this mail with “1 ok”, “1 no” or “1 edit: …”
above the quote. It counts for seven days. Code {CODE}.

1 · Reply 11: waits for your approval
  Order 02-15335-90271 · to b@members.ebay.com · policy late-parcel
  Subject: Re: lamp

  | text 1

  Send: `orderwatch approve 11` · Change: `orderwatch edit 11`"""


def button(number: int, verb: Verb) -> str:
    return button_code(KEY, offers()[number - 1], verb)


@dataclass(frozen=True, kw_only=True)
class Letter:
    """The parts of a mail that a forger, or a mail program, varies."""

    text: str | None
    sender: str = f"June Alder <{SELLER}>"
    subject: str = f"Re: 3 to answer today · 20 Nov · Harbour Lane [ow-{REFERENCE}]"
    thread: str | None = DIGEST_ID
    results: str | None = (
        f"{TRUSTED}; dmarc=pass header.from=harbourlane.example; dkim=pass header.d=harbourlane.example"
    )
    more: tuple[str, ...] = ()
    html: str | None = None

    def raw(self) -> bytes:
        head = [f"Authentication-Results: {self.results}"] if self.results else []
        head += [*self.more, f"From: {self.sender}", f"To: {SHOP}", f"Subject: {self.subject}"]
        head += [
            "Date: Fri, 20 Nov 2026 08:40:00 +0000",
            "Message-ID: <answer.1@harbourlane.example>",
            "MIME-Version: 1.0",
        ]
        head += [f"In-Reply-To: {self.thread}", f"References: {self.thread}"] if self.thread else []
        plain, html = self.text or "", self.html or ""
        if self.html is None:
            kind, body = 'text/plain; charset="utf-8"', plain
        elif self.text is None:
            kind, body = 'text/html; charset="utf-8"', html
        else:
            kind = 'multipart/alternative; boundary="b1"'
            body = f'--b1\nContent-Type: text/plain; charset="utf-8"\n\n{plain}\n--b1\nContent-Type: text/html\n\n{html}\n--b1--\n'
        return "\n".join([*head, f"Content-Type: {kind}", "", body]).encode()


def marked(text: str, mark: str = "> ") -> str:
    return "\n".join(f"{mark}{line}".rstrip() for line in text.split("\n"))


AT = NOW - timedelta(hours=2)
INTRODUCTIONS = {
    "gmail-en": f"On Fri, Nov 20, 2026 at 7:30 AM Harbour Lane <{SHOP}> wrote:",
    "gmail-en-wrapped": f"On Fri, Nov 20, 2026 at 7:30 AM Harbour Lane and Daughters Trading <\n{SHOP}> wrote:",
    "gmail-de": f"Am Fr., 20. Nov. 2026 um 07:30 Uhr schrieb Harbour Lane <{SHOP}>:",
    "gmail-fr": f"Le ven. 20 nov. 2026 à 07:30, Harbour Lane <{SHOP}> a écrit :",
    "gmail-it": f"Il giorno ven 20 nov 2026 alle ore 07:30 Harbour Lane <{SHOP}> ha scritto:",
    "gmail-es": f"El vie, 20 nov 2026 a las 7:30, Harbour Lane (<{SHOP}>) escribió:",
    "gmail-nl": f"Op vr 20 nov 2026 om 07:30 schreef Harbour Lane <{SHOP}>:",
    "gmail-pl": f"pt., 20 lis 2026 o 07:30 Harbour Lane <{SHOP}> napisał(a):",
    "gmail-ja": f"2026年11月20日(金) 7:30 Harbour Lane <{SHOP}>:",
    "apple-en": f"On 20 Nov 2026, at 07:30, Harbour Lane <{SHOP}> wrote:",
    "apple-de": f"Am 20.11.2026 um 07:30 schrieb Harbour Lane <{SHOP}>:",
    "apple-fr": f"Le 20 nov. 2026 à 07:30, Harbour Lane <{SHOP}> a écrit :",
    "thunderbird-en": "On 11/20/26 07:30, Harbour Lane wrote:",
    "thunderbird-de": "Am 20.11.26 um 07:30 schrieb Harbour Lane:",
    "thunderbird-it": "Il 20/11/26 07:30, Harbour Lane ha scritto:",
    "yahoo": f"    On Friday, November 20, 2026 at 07:30:00 AM EST, Harbour Lane <{SHOP}> wrote:  ",
    "k-9": f"On 20 November 2026 07:30:00 GMT+00:00, Harbour Lane <{SHOP}> wrote:",
    "k-9-de": f"Am 20. November 2026 07:30:00 MEZ schrieb Harbour Lane <{SHOP}>:",
    "proton": "On Friday, November 20th, 2026 at 7:30 AM, Harbour Lane <" + SHOP + "> wrote:",
}  # fmt: skip
"""The line above a quote, by program and language."""
_SUBJECT = "3 to answer today · 20 Nov · Harbour Lane"
BLOCKS = {
    "outlook-en": f"From: Harbour Lane <{SHOP}>\nSent: Friday, November 20, 2026 7:30 AM\nTo: June Alder\nSubject: {_SUBJECT}",
    "outlook-ruled": f"________________________________\nFrom: Harbour Lane <{SHOP}>\nSent: Friday, November 20, 2026 7:30 AM\nTo: June Alder <{SELLER}>\nSubject: {_SUBJECT}",
    "outlook-de": f"Von: Harbour Lane <{SHOP}>\nGesendet: Freitag, 20. November 2026 07:30\nAn: June Alder\nBetreff: {_SUBJECT}",
    "outlook-fr": f"De : Harbour Lane <{SHOP}>\nEnvoyé : vendredi 20 novembre 2026 07:30\nÀ : June Alder\nObjet : {_SUBJECT}",
    "outlook-it": f"Da: Harbour Lane <{SHOP}>\nInviato: venerdì 20 novembre 2026 07:30\nA: June Alder\nOggetto: {_SUBJECT}",
    "outlook-es": f"De: Harbour Lane <{SHOP}>\nEnviado: viernes, 20 de noviembre de 2026 7:30\nPara: June Alder\nAsunto: {_SUBJECT}",
    "outlook-2003": f"-----Original Message-----\nFrom: Harbour Lane [mailto:{SHOP}]\nSent: Friday, November 20, 2026 7:30 AM\nTo: June Alder\nSubject: {_SUBJECT}",
    "gmx": f"Gesendet: Freitag, 20. November 2026 um 07:30 Uhr\nVon: \"Harbour Lane\" <{SHOP}>\nAn: {SELLER}\nBetreff: {_SUBJECT}",
    "web-de": f"-----Ursprüngliche Nachricht-----\nVon: Harbour Lane <{SHOP}>\nGesendet: 20.11.2026 07:30\nAn: {SELLER}\nBetreff: {_SUBJECT}",
    "aol": f"-----Original Message-----\nFrom: Harbour Lane <{SHOP}>\nTo: {SELLER}\nSent: Fri, Nov 20, 2026 7:30 am\nSubject: {_SUBJECT}",
    "samsung": f"-------- Original message --------\nFrom: Harbour Lane <{SHOP}>\nDate: 20/11/2026 07:30 (GMT+00:00)\nTo: {SELLER}\nSubject: {_SUBJECT}",
    "outlook-bold": f"*From:* Harbour Lane <{SHOP}>\n*Sent:* Friday, November 20, 2026 7:30 AM\n*To:* June Alder\n*Subject:* {_SUBJECT}",
}  # fmt: skip
"""Header fields above a quote without marks."""
SIGNATURES = (
    "", "\n\nSent from my iPhone", "\n\n-- \nJune Alder\nHarbour Lane\n+1 503 555 0142", "\n\nVon meinem iPhone gesendet",
    "\n\nThanks,\nJune", "\n\nEnvoyé de mon iPhone", "\n\nGet Outlook for iOS<https://aka.ms/o0ukef>", "\n\nGrüße\nJune Alder",
    "\n\nDiese Nachricht wurde von meinem Android-Gerät mit K-9 Mail gesendet.", "\n\nInviato da iPhone", "\n\nJune",
    "\n\nEnviado desde mi iPhone", "\n\nSent from Yahoo Mail for iPhone",
)  # fmt: skip
WORDS: tuple[tuple[str, dict[int, Verb]], ...] = (
    ("1 ok", {1: "approve"}),
    ("2 no", {2: "reject"}),
    ("1 ok\n2 no", {1: "approve", 2: "reject"}),
    ("1 ok\n\n2 nein\n3 ja", {1: "approve", 2: "reject", 3: "approve"}),
    ("1 OK.", {1: "approve"}),
    ("3: Oui", {3: "approve"}),
    ("2 Sì", {2: "approve"}),
    ("1. yes, 2. no", {1: "approve", 2: "reject"}),
    ("ok 1", {1: "approve"}),
)


def genuine() -> Iterator[tuple[str, str, dict[int, Verb]]]:
    """Name, text and meaning of answers: every style of quote with every signature, the words in turn."""
    styles = [(name, f"{{}}\n\n{intro}\n\n{marked(DIGEST)}\n") for name, intro in INTRODUCTIONS.items()]
    styles += [(f"{name}-tight", f"{{}}\n\n{intro}\n{marked(DIGEST)}") for name, intro in INTRODUCTIONS.items()]
    styles += [(f"{name}-unmarked", f"{{}}\n\n{intro}\n\n{DIGEST}\n") for name, intro in INTRODUCTIONS.items()]
    styles += [(f"{name}-below", f"{intro}\n{marked(DIGEST)}\n\n{{}}\n") for name, intro in INTRODUCTIONS.items()]
    styles += [(name, f"{{}}\n\n{block}\n\n{DIGEST}\n") for name, block in BLOCKS.items()]
    styles += [
        ("no-quote", "{}\n"),
        ("crlf", "{}\r\n\r\n> quoted\r\n"),
        ("apple-inside", f"{{}}\n{marked(INTRODUCTIONS['apple-en'])}\n>\n{marked(DIGEST)}"),
    ]
    for index, ((name, style), signature) in enumerate(product(styles, SIGNATURES)):
        said, meant = WORDS[index % len(WORDS)]
        yield f"{name} {said!r} {signature!r}", style.format(said + signature), meant
