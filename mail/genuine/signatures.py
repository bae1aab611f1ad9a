"""Our own look at DKIM signatures and ARC chains, with keys from a lookup that is given: off unless it is configured.

dkimpy does the cryptography. What it is given is bounded and unambiguous first: one reading of where the header ends
and what stands in it, and no text that its patterns would take quadratic time for.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from time import time

import dkim
from dkim.util import InvalidTagValueList, parse_tag_value

from mail.genuine.domains import organisational
from mail.genuine.original import Lookup, LookupFailed, NotCheckable, Original

_MOST_SIGNATURES = 5
_LARGEST_HEADER = 256_000
_LARGEST_BODY = 4_000_000
_LONGEST_SIGNATURE = 8_000
_LONGEST_KEY = 2_048  # characters of a TXT record: an RSA key of 8192 bits takes 1,400
_MOST_SETS = 50  # RFC 8617 4.2.1
_MOST_HASHED = 40_000_000  # bytes, the whole mail once for each set
_SMALLEST_KEY = 1024  # RFC 8301
_FIELD = re.compile(rb"[!-9;-~]+[ \t]*:[^\x00]*|[ \t]+[^\x00 \t][^\x00]*")
_BLANKS = re.compile(rb"\s{100}")
_LONG_RUN = re.compile(rb"[ \t]{20,}")
_MOST_STEPS = 30_000_000
_ONCE = (b"from", b"subject", b"date", b"content-type", b"content-transfer-encoding", b"reply-to")
_WHAT_IS_READ = (b"from", b"subject")
"""Fields that decide what a mail says: one that is there and not signed may be anybody's."""
_TEXT = re.compile(
    rb"text/(?:html|plain)(?:\s*;\s*charset\s*=\s*\"?(?:utf-8|us-ascii|iso-8859-\d{1,2}|windows-125\d)\"?)?\s*;?"
)
_BOUNDARY = re.compile(
    rb"multipart/[a-z]+\s*;.*?\bboundary\s*=\s*(?:\"([^\"]{1,70})\"|([^\s;\"]{1,70}))", re.DOTALL | re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Signatures:
    """What became of the signatures in the name of one domain's holder."""

    valid: tuple[str, ...] = ()
    """`d=` of each that holds and covers what is read."""
    broken: tuple[str, ...] = ()
    unsure: str | None = None
    """Why at least one could not be checked."""


@dataclass(frozen=True, slots=True)
class Seal:
    """One set of a valid ARC chain."""

    domain: str
    results: str
    """The ARC-Authentication-Results, less its `i=`."""


def check_signatures(original: Original, holder: str) -> Signatures:
    """Check the DKIM signatures whose `d=` belongs to a holder's domain, no others. Never raises."""
    valid: list[str] = []
    broken: list[str] = []
    unsure: str | None = None
    try:
        signed = dkim.DKIM(_unambiguous(original.raw), minkey=_SMALLEST_KEY)
    except (NotCheckable, dkim.DKIMException) as why:
        return Signatures(unsure=str(why))
    for index, tags in _signatures_of(signed, holder)[:_MOST_SIGNATURES]:
        signer = tags[b"d"].decode("ascii").lower()
        if why_not := _unfit(signed, tags):
            unsure = unsure or why_not
            continue
        keys = _Keys(original.lookup)
        try:
            good = signed.verify(idx=index, dnsfunc=keys)
        except LookupFailed as why:
            unsure = unsure or str(why)
        except Exception:  # noqa: BLE001 -- a stranger's signature may break the library in any way: it does not hold
            broken.append(signer)
        else:
            if not good and keys.missing:
                unsure = unsure or f"no key of {signer} (it may have been withdrawn since)"
            else:
                (valid if good else broken).append(signer)
    return Signatures(tuple(valid), tuple(broken), unsure)


def check_chain(original: Original, of_interest: Callable[[str], bool] = bool) -> tuple[Seal, ...]:
    """The sets of a valid ARC chain, newest first; empty where there is none or it does not hold.

    A chain that no domain of interest has sealed is not checked. Raises LookupFailed and NotCheckable.
    """
    message = _unambiguous(original.raw)
    arc = dkim.ARC(message, minkey=_SMALLEST_KEY)
    newest, headers = arc.sorted_arc_headers()
    if not 0 < newest <= _MOST_SETS or len(headers) != 3 * newest or newest * len(message) > _MOST_HASHED:
        return ()
    seals = [_tags(value) for name, value in arc.headers if name.lower() == b"arc-seal"]
    if not any(of_interest(_text(seal.get(b"d"))) for seal in seals if seal):
        return ()
    tags = [_tags(value) for name, value in arc.headers if name.lower() == b"arc-message-signature"]
    last = [found for found in tags if found is not None and _text(found.get(b"i")) == str(newest)]
    if len(last) != 1 or _unfit(arc, last[0]):
        return ()
    try:
        state, sets, _ = arc.verify(dnsfunc=_Keys(original.lookup))
        if state != dkim.CV_Pass:
            return ()
        return tuple(_seal(one["as-domain"], one["ams-domain"], one["aar-value"]) for one in sets)
    except LookupFailed:
        raise
    except Exception:  # noqa: BLE001 -- a stranger's chain may break the library in any way: it does not hold
        return ()


def _seal(sealer: bytes, signer: bytes, results: bytes) -> Seal:
    domain = sealer.decode("ascii").lower()
    if organisational(signer.decode("ascii")) != organisational(domain):
        raise ValueError("sealed and signed by different holders")
    return Seal(domain, results.decode("utf-8", "replace").partition(";")[2].strip())


def _unambiguous(raw: bytes) -> bytes:
    """The mail with its line ends as they travel. Raises NotCheckable."""
    mail = raw.replace(b"\r\n", b"\n")
    if mail.startswith((b"From ", b">From ")):  # an mbox separator that was left on
        mail = mail.partition(b"\n")[2]
    head, _, body = mail.partition(b"\n\n")
    if b"\r" in mail:
        raise NotCheckable("a line end that not every program takes for one")
    if len(head) > _LARGEST_HEADER or len(body) > _LARGEST_BODY:
        raise NotCheckable("too big for its signatures to be checked")
    lines = head.split(b"\n")
    if not all(_FIELD.fullmatch(line) for line in lines) or lines[0][:1] in (b" ", b"\t"):
        raise NotCheckable("a header that not every program reads alike")
    if _BLANKS.search(head) or sum(len(run) ** 2 for run in _LONG_RUN.findall(body)) > _MOST_STEPS:
        raise NotCheckable("blanks without end")
    names = [line.partition(b":")[0].strip().lower() for line in lines if line[:1] not in (b" ", b"\t")]
    if twice := next((name for name in _ONCE if names.count(name) > 1), None):
        raise NotCheckable(f"more than one {twice.decode('ascii').title()} header")
    return mail.replace(b"\n", b"\r\n")


def _signatures_of(signed: dkim.DKIM, holder: str) -> list[tuple[int, dict[bytes, bytes]]]:
    """Index and tags of the signatures in a holder's name."""
    values = [value for name, value in signed.headers if name.lower() == b"dkim-signature"]
    found = [(index, tags) for index, value in enumerate(values) if (tags := _tags(value)) is not None]
    return [(index, tags) for index, tags in found if organisational(_text(tags.get(b"d"))) == organisational(holder)]


def _tags(value: bytes) -> dict[bytes, bytes] | None:
    if len(value) > _LONGEST_SIGNATURE:
        return None
    try:
        return dict(parse_tag_value(value))
    except (InvalidTagValueList, IndexError):
        return None


def _text(value: bytes | None) -> str:
    return (value or b"").decode("ascii", "replace").lower()


def _unfit(signed: dkim.DKIM | dkim.ARC, tags: dict[bytes, bytes]) -> str | None:
    """Why a signature proves too little whatever its numbers, or None."""
    if b"l" in tags:
        return "a signature over part of the text only (l=)"
    covered = {name.strip().lower() for name in tags.get(b"h", b"").split(b":")}
    there = {name.lower() for name, _ in signed.headers}
    if open_ := next((name for name in _WHAT_IS_READ if name in there and name not in covered), None):
        return f"a signature that leaves out {open_.decode('ascii').title()}"
    if b"content-type" not in covered and not _framed(signed):
        return "a signature that leaves out Content-Type"
    if tags.get(b"a", b"").endswith(b"sha1"):
        return "a signature with SHA-1"
    expires = tags.get(b"x", b"")
    if expires.isdigit() and len(expires) < 12 and int(expires) < time():
        return "a signature that has expired"
    return None


def _framed(signed: dkim.DKIM | dkim.ARC) -> bool:
    """Whether the body fits its Content-Type so closely that no other one could have been put in its place.

    Not every signer covers that field. Text in a common character set, or parts that begin and end where the body does.
    """
    said = next((value.strip() for name, value in signed.headers if name.lower() == b"content-type"), b"text/plain")
    if _TEXT.fullmatch(said.lower()):
        return True
    found = _BOUNDARY.match(said)
    edge = b"--" + (found.group(1) or found.group(2)) if found else b""
    body = signed.body.strip()
    return bool(edge and body.startswith(edge + b"\r\n") and body.endswith(b"\r\n" + edge + b"--"))


class _Keys:
    """A lookup as dkimpy calls it, which remembers whether a key was missing."""

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup
        self.missing = False

    def __call__(self, name: bytes, timeout: int = 5) -> bytes | None:
        try:
            found = self._lookup(name.decode("ascii").rstrip(".").lower())
        except UnicodeDecodeError:
            return None
        self.missing = self.missing or not found
        return found if found and len(found) <= _LONGEST_KEY else None
