"""The one builder of mails that leave."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from email import policy
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from hashlib import sha256
from typing import Literal

from mail.parsing.addresses import canonical
from mail.parsing.message import parse

AutoSubmitted = Literal["auto-replied", "auto-generated"]

_MAX_SUBJECT = 250
_MAX_NAME = 100
_EOL = "\r\n"
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,250}@[!-;=?-~]{1,250}>")
_BLANKS = re.compile(r"\s+")
_UNFOLDED = 900
"""Characters: a line may have 998 octets (RFC 5322 2.1.1)."""
_MAX_REFERENCES = 20  # a header of references is cut in its middle, RFC 5322 3.6.4 keeps the first
_POLICY = policy.SMTP.clone(cte_type="7bit")


class Unbuildable(ValueError):
    """A mail that would not be what was asked for: an address, an id or a header that is none."""


def build_mail(
    *,
    sender: str,
    recipient: str,
    subject: str,
    text: str,
    message_id: str,
    date: datetime,
    auto_submitted: AutoSubmitted,
    html: str | None = None,
    in_reply_to: str | None = None,
    references: Sequence[str] = (),
    sender_name: str | None = None,
    reply_to: str | None = None,
) -> bytes:
    """The bytes of a mail with exactly one recipient, CRLF line ends, seven bits. Raises Unbuildable.

    Control characters of subject and name are dropped, also when hidden in encoded words; addresses and ids that hold
    any are refused. The result is read back, and must say what was asked for.
    """
    sender, recipient = _address(sender), _address(recipient)
    expected = {
        "from": _named(clean(sender_name or "")[:_MAX_NAME].strip(), sender),
        "to": str(Address(addr_spec=recipient)),
        "subject": clean(subject)[:_MAX_SUBJECT].strip(),
        "date": format_datetime(_aware(date)),
        "message-id": _id(message_id),
        "auto-submitted": auto_submitted,
        "x-auto-response-suppress": "All",
    }
    if reply_to is not None:
        expected["reply-to"] = str(Address(addr_spec=_address(reply_to)))
    if in_reply_to is not None:
        thread = [_id(reference) for reference in references] or [_id(in_reply_to)]
        kept = thread if len(thread) <= _MAX_REFERENCES else [thread[0], *thread[1 - _MAX_REFERENCES :]]
        expected |= {"in-reply-to": _id(in_reply_to), "references": " ".join(kept)}
    mail = EmailMessage(policy=_POLICY)
    mail.set_content(clean_text(text), cte="quoted-printable")
    if html is not None:
        mail.add_alternative(clean_text(html), subtype="html", cte="quoted-printable")
        # The same mail is the same bytes; in quoted-printable text no line can begin with `--=_`.
        mail.set_boundary(f"=_{sha256(message_id.encode()).hexdigest()[:32]}")
    head = "".join(_line(name.title().replace("Id", "ID"), value) for name, value in expected.items())
    built = head.encode("ascii") + mail.as_bytes()
    _compare(built, expected, sender, recipient)
    return built


def clean(value: str) -> str:
    """One line without control, format or line-separating characters; encoded words are disarmed."""
    one_line = _BLANKS.sub(" ", value.replace("=?", "= ?"))
    return "".join(char for char in one_line if _is_plain(char)).strip()


def clean_text(value: str) -> str:
    """A body without control characters other than line ends and tabs; line separators become line ends."""
    lines = re.split("\r\n|[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", value)
    kept = ("".join(char for char in line if char == "\t" or _is_plain(char)) for line in lines)
    return "\n".join(kept).strip("\n") + "\n"


def _line(name: str, value: str) -> str:
    """A header, folded; one that is not ASCII as encoded words of the whole value.

    The interpreter's newer writer encodes word by word, and loses the blank between two of them.
    """
    if value.isascii() and " " not in value and len(value) < _UNFOLDED:
        return f"{name}: {value}{_EOL}"  # folding would put it below its name, where not everybody looks for an id
    charset = "us-ascii" if value.isascii() else "utf-8"
    return f"{name}: {Header(value, charset, header_name=name).encode(linesep=_EOL)}{_EOL}"


def _named(name: str, address: str) -> str:
    if name.isascii():
        return str(Address(display_name=name, addr_spec=address))
    return f"{Header(name, 'utf-8', header_name='From').encode(linesep=_EOL)}{_EOL} <{address}>"


def _is_plain(char: str) -> bool:
    """Neither control, surrogate, line or paragraph separator, nor one that turns the writing direction."""
    return unicodedata.category(char) not in ("Cc", "Cs", "Zl", "Zp") and not "\u202a" <= char <= "\u202e"


def _address(value: str) -> str:
    address = canonical(value)
    if not address or not address.isascii() or address != value.strip().lower():
        raise Unbuildable(f"not one plain address: {value[:100]!r}")
    local, _, domain = value.strip().rpartition("@")
    return f"{local}@{domain.lower()}"


def _id(value: str) -> str:
    if not _MESSAGE_ID.fullmatch(value):
        raise Unbuildable(f"not a Message-ID: {value[:100]!r}")
    return value


def _aware(date: datetime) -> datetime:
    if date.tzinfo is None:
        raise Unbuildable("a mail's date needs an offset")
    return date


def _compare(built: bytes, expected: dict[str, str], sender: str, recipient: str) -> None:
    """Read the bytes as a stranger would. The interpreter's own defences differ by version (CVE-2024-6923)."""
    head = built.partition(b"\r\n\r\n")[0]
    if b"\n" in head.replace(b"\r\n", b"") or b"\r" in head.replace(b"\r\n", b""):
        raise Unbuildable("a header holds a bare line end")
    read = parse(built)
    names = [name for name, _ in read.headers]
    if sorted(names) != sorted(
        {*expected, "mime-version", "content-type"} | ({"content-transfer-encoding"} & {*names})
    ):
        raise Unbuildable(f"the headers became {', '.join(names)}")
    if [mailbox.address for mailbox in read.recipients] != [recipient.lower()]:
        raise Unbuildable("the recipient became another")
    if [mailbox.address for mailbox in read.senders] != [sender.lower()]:
        raise Unbuildable("the sender became another")
    subject = read.header("subject") or ""
    if subject.split() != expected["subject"].split():
        raise Unbuildable(f"the subject became {subject[:100]!r}")
    for name in ("message-id", "in-reply-to", "references"):
        if name in expected and "".join((read.header(name) or "").split()) != "".join(expected[name].split()):
            raise Unbuildable(f"the header {name} became {read.header(name)!r}")
