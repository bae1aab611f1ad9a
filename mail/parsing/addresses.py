"""Address headers, read strictly: what two programs could read differently gives more or fewer than one address."""

from __future__ import annotations

import re

from mail.parsing.mime import decode_words

_MAX_LENGTH = 8_000
_MAX_ADDRESSES = 100
_ADDRESS = re.compile(r"([^\s@<>()\[\]\\,;:\"\x00-\x20\x7f]{1,128})@([^\s@<>()\\,;:\"%\x00-\x20\x7f]{1,253})")
_BARE = re.compile(r"\S+@\S+")


def read_addresses(value: str) -> tuple[tuple[str, str], ...]:
    """Name and address pairs of an undecoded header value; the address is empty where there is no valid one.

    Encoded words are decoded in names only, after splitting: an encoded comma or bracket is never syntax.
    """
    pairs: list[tuple[str, str]] = []
    for phrase, angles in _mailboxes(value[:_MAX_LENGTH]):
        if angles:
            pairs.extend((decode_words(phrase), canonical(address)) for address in angles)
        else:
            bare = _BARE.findall(phrase)
            address = canonical(phrase.strip()) if len(bare) == 1 and phrase.strip() == bare[0] else ""
            pairs.append(("", address) if address else (decode_words(phrase), ""))
        if len(pairs) >= _MAX_ADDRESSES:
            break
    return tuple(pairs)


def canonical(address: str) -> str:
    """Lower case, domain in IDNA ASCII form; empty for anything but one plain addr-spec."""
    found = _ADDRESS.fullmatch(address.strip())
    if found is None:
        return ""
    domain = found[2].rstrip(".").lower()
    if not domain.isascii():
        try:
            domain = domain.encode("idna").decode("ascii")
        except UnicodeError:
            return ""
    return f"{found[1].lower()}@{domain}"


def _mailboxes(value: str) -> list[tuple[str, list[str]]]:
    """Phrase and angle addresses of each comma-separated mailbox; quotes, comments and groups by RFC 5322."""
    found: list[tuple[str, list[str]]] = []
    phrase: list[str] = []
    angles: list[str] = []
    after: list[str] = []
    angle: list[str] | None = None
    comments, quoted, escaped, group = 0, False, False, False

    def finish() -> None:
        if angle is not None:
            angles.append("")  # a bracket that was never closed
        if "@" in "".join(after):
            angles.append("")  # a second address beside the bracketed one
        if "".join(phrase).strip() or angles:
            found.append(("".join(phrase).strip(), list(angles)))
        phrase.clear()
        angles.clear()
        after.clear()

    for char in value:
        if escaped:
            phrase.append(char)
            escaped = False
        elif char == "\\" and (quoted or comments):
            escaped = True
        elif comments:
            comments += (char == "(") - (char == ")")
        elif char == '"' and angle is None:
            quoted = not quoted
        elif quoted:
            phrase.append(char)
        elif angle is not None:
            if char == ">":
                angles.append("".join(angle))
                angle = None
            else:
                angle.append(char)
        elif char == "(":
            comments = 1
        elif char == "<":
            angle = []
        elif char == ":" and not angles:
            phrase.clear()
            group = True
        elif char == "," or (char == ";" and group):
            finish()
        else:
            (after if angles else phrase).append(char)
    finish()
    return found
