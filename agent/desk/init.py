"""`orderwatch init`: a few questions, each answer tried at once, and a commented configuration out of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from agent.config import ConfigProblems, loads

Ask = Callable[[str, str], str]
"""A question and the answer to offer → the answer."""

TEMPLATE = """\
# Written by `orderwatch init`; check it with `orderwatch check`. docs/configuration.md explains every key.

# observe: look, judge, and say what would be answered. draft: write replies that wait for you. live: send them.
# Stay in observe for a week or two.
mode: observe
store: sqlite:///orderwatch.db

# Only read: nothing in your mailbox is marked, moved or deleted.
mailboxes:
  - name: shop
    source: {source}
    password: {password}
    registered_address: {address}
    ebay_username: {username}
    site: {site}
    # Whose word orderwatch takes on who really sent a mail: gmail, microsoft365, yahoo, fastmail, gmx, icloud, or
    # the first word of your mails' header "Authentication-Results". Without it, mails can only flag.
    {receiver}

# How the digest leaves, and later replies.
outgoing:
  transport: {transport}
  from: {address}
  password: {password}

# Once a day, on quiet days too.
digest:
  to: {digest_to}
  at: {digest_at}
  timezone: {timezone}
"""


@dataclass(frozen=True)
class Provider:
    """What is known of a mail provider's servers."""

    imap: str
    smtp: str
    receiver: str


PROVIDERS = {
    "gmail.com": Provider("imap.gmail.com", "smtp.gmail.com", "gmail"),
    "googlemail.com": Provider("imap.gmail.com", "smtp.gmail.com", "gmail"),
    "gmx.net": Provider("imap.gmx.net", "mail.gmx.net", "gmx"),
    "gmx.de": Provider("imap.gmx.net", "mail.gmx.net", "gmx"),
    "gmx.com": Provider("imap.gmx.com", "mail.gmx.com", "gmx"),
    "fastmail.com": Provider("imap.fastmail.com", "smtp.fastmail.com", "fastmail"),
    "yahoo.com": Provider("imap.mail.yahoo.com", "smtp.mail.yahoo.com", "yahoo"),
    "icloud.com": Provider("imap.mail.me.com", "smtp.mail.me.com", "icloud"),
}
"""By the domain of an address. Source: the providers' own help pages on IMAP and SMTP."""

EXAMPLE = {
    "source": "imaps://you@example.com@imap.example.com/INBOX",
    "password": "{env: SHOP_PASSWORD}",
    "address": "you@example.com",
    "username": '"my-shop"',
    "site": "EBAY_US",
    "receiver": "receiver: gmail",
    "transport": "smtps://you@example.com@smtp.example.com",
    "digest_to": "you@example.com",
    "digest_at": '"07:30"',
    "timezone": "UTC",
}


def interview(path: Path, ask: Ask, say: Callable[[str], None], zone: str) -> str:
    """The text of a valid configuration, from answers; one that does not fit is asked for again."""
    answers = dict(EXAMPLE)

    def answer(question: str, offered: str, *shapes: tuple[str, str]) -> str:
        while True:
            given = ask(question, offered).strip()
            tried = {
                name: shape.format(quoted=json.dumps(given, ensure_ascii=False), given=given) for name, shape in shapes
            }
            if given and not (wrong := _wrong(path, answers | tried)):
                answers.update(tried)
                return given
            say(wrong if given else "An answer is needed here.")

    mail = answer(
        "Your mail address (the one of your eBay account)", "", ("address", "{quoted}"), ("digest_to", "{quoted}")
    )
    domain = mail.rpartition("@")[2].lower()
    known = PROVIDERS.get(domain, Provider(f"imap.{domain}", f"smtp.{domain}", ""))
    answer("Its IMAP server", known.imap, ("source", f"imaps://{mail}@{{given}}/INBOX"))
    answer("Its SMTP server", known.smtp, ("transport", f"smtps://{mail}@{{given}}"))
    say(
        "The password itself never stands in the configuration. Where is it?\n"
        "`env NAME`, `file PATH`, `command PROGRAM`, `credential NAME` (systemd) or `keyring NAME`.\n"
        "Many providers want an app password."
    )
    while True:
        kind, _, name = ask("Password", "env SHOP_PASSWORD").strip().partition(" ")
        tried = f"{{{json.dumps(kind)}: {json.dumps(name.strip(), ensure_ascii=False)}}}"
        wrong = _wrong(path, answers | {"password": tried}) if name.strip() else "Write, say, env SHOP_PASSWORD."
        if not wrong:
            answers["password"] = tried
            break
        say(wrong)
    answer("Your eBay user name", "", ("username", "{quoted}"))
    answer("Your shop's home site", "EBAY_US", ("site", "{quoted}"))
    receiver = ask('Who receives your mail: a provider, or the first word of "Authentication-Results"', known.receiver)
    answers["receiver"] = f"receiver: {json.dumps(receiver)}" if receiver.strip() else "# receiver: mx.example.com"
    if wrong := _wrong(path, answers):
        say(f"{wrong}; left open for now.")
        answers["receiver"] = "# receiver: mx.example.com"
    answer("Where the daily digest goes", mail, ("digest_to", "{quoted}"))
    answer("At what time", "07:30", ("digest_at", "{quoted}"))
    answer("In which time zone", zone, ("timezone", "{quoted}"))
    return TEMPLATE.format(**answers)


def _wrong(path: Path, answers: dict[str, str]) -> str:
    """The first thing that the configuration's own check finds; empty where all is well."""
    try:
        loads(TEMPLATE.format(**answers), path)
    except ConfigProblems as problems:
        found = problems.problems[0]
        return f"{found.message}{f' ({found.hint})' if found.hint else ''}"
    return ""


def home_zone(link: Path = Path("/etc/localtime")) -> str:
    """The machine's time zone where it tells its name, else UTC."""
    try:
        return link.resolve(strict=True).as_posix().partition("zoneinfo/")[2] or "UTC"
    except OSError:
        return "UTC"
