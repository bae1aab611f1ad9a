"""Untrusted text made harmless for a mail: visible, on its line, of bounded length, and no link."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote, urlsplit

from agent.vocabulary.visible import bounded, cut, seen

_GENERIC = (
    "com|net|org|info|biz|xyz|top|shop|site|online|store|app|dev|link|click|live|club|vip|icu|pro|mobi|cloud|page|web"
    "|cfd|sbs|bond|buzz|fun|space|website|support|help|services|express|delivery|email|today|world|xn--[a-z0-9-]+"
)
_SCHEME = re.compile(r"\b(h)tt(ps?)(?=\s*:)|\b(?:javascript|vbscript)(?=\s*:)", re.IGNORECASE)
_HOST = re.compile(
    rf"(?<![@\w.-])((?:[\w-]+\.)+)((?:{_GENERIC}|[a-z]{{2}})(?![\w@-])|[a-z]{{2,}}(?=/))",
    re.IGNORECASE,
)
_AUTHORITY = re.compile(r"(?<=//)[^\s/]+")
_HOST_NAME = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
_WRITTEN_MAIL = re.compile(r"mailto:[\w.%+@-]{3,320}\?[\w.%&=+~-]{1,4000}", re.ASCII)
_RIGHT_TO_LEFT = ("R", "AL")
_ISOLATE, _END_ISOLATE = "\u2068", "\u2069"


def line(text: str | None, limit: int = 160) -> str:
    """One visible line of at most `limit` characters; anything a mail program would make a link of is defanged."""
    return _isolated(cut(defang(" ".join(seen(bounded(text, limit)).split())), limit))


def block(text: str | None, limit: int = 2000) -> str:
    """Several visible lines, as `line`; blank lines at most one in a row."""
    lines = [" ".join(part.split()) for part in defang(seen(bounded(text, limit), keep="\n")).split("\n")]
    return cut(re.sub(r"\n{3,}", "\n\n", "\n".join(lines).strip()), limit)


def defang(text: str) -> str:
    """Addresses of pages that stay readable but that no mail program turns into a link: `hxxps://example[.]com`."""
    text = _SCHEME.sub(lambda found: f"{found[1]}xx{found[2]}" if found[1] else f"{found[0]}_", text)
    text = _AUTHORITY.sub(lambda found: found[0].replace("[.]", ".").replace(".", "[.]"), text)
    return _HOST.sub(lambda found: found[1].replace(".", "[.]") + found[2], text)


def page_address(url: str | None) -> str | None:
    """An address that may become a link: a plain web page of a named host, nobody's log-in in it; else None."""
    if url is None or not url.isprintable() or " " in url:
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return None
    if parts.scheme not in ("https", "http") or "@" in parts.netloc or not _HOST_NAME.fullmatch(host):
        return None
    return quote(url, safe=":/?#[]@!$&()*+,;=%~-._")


def written_mail(url: str) -> str | None:
    """An address that opens a mail which is written already (RFC 6068), if that is what it is; else None."""
    return url if _WRITTEN_MAIL.fullmatch(url) else None


def _isolated(text: str) -> str:
    """Right-to-left words kept from reordering what stands beside them (UAX 9, isolates)."""
    if any(unicodedata.bidirectional(char) in _RIGHT_TO_LEFT for char in text):
        return f"{_ISOLATE}{text}{_END_ISOLATE}"
    return text
