"""Host names: their registrable part, and what they look like to a human."""

from __future__ import annotations

import re
import unicodedata

# Below a country's domain these name a kind of holder, not a holder (`co.uk`, `com.au`, `gov.hk`): a name under them
# has three labels. A rule, not the Public Suffix List: where it is wrong it asks for more to be equal, never for less.
_KINDS = frozenset({"co", "com", "net", "org", "gov", "go", "gob", "or", "ne", "ac", "edu", "me", "ltd", "plc", "nom"})

# Letters of other scripts, and digits, that pass for a Latin letter (after Unicode TR39, the usual ones only).
_CYRILLIC = dict(zip("аеорсухіјѕԁһԛԝкмтвнӏґьүҽԍ", "aeopcyxijsdhqwkmtbhlrbyeg", strict=True))
_GREEK = dict(zip("αβεικνορτυχωγηϲϳ", "abeiknoptuxwyncj", strict=True))
_ARMENIAN = dict(zip("օսհոցքյ", "ouhngpj", strict=True))
_LATIN = dict(zip("ɑǝɡıɩłøđħʟ0135|!$ƅᴀʙᴇᴏᴘꜱᴜʏɢɴʜ", "aegiilodhlolesllsbabeopsuygnh", strict=True))
_ALIKE = str.maketrans({**_CYRILLIC, **_GREEK, **_ARMENIAN, **_LATIN, "i": "l"})
# What has no width or only sets a direction: joiners, fillers, bidi controls, variation selectors, tags.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff]"
)


def organisational(domain: str) -> str:
    """The registrable part of a host: `mail.ebay.co.uk` gives `ebay.co.uk`."""
    labels = domain.lower().rstrip(".").split(".")
    national = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _KINDS
    keep = 3 if national else 2
    return ".".join(labels[-keep:])


def under(host: str, parent: str) -> bool:
    """Whether a host is a domain or below it, label by label."""
    name, top = host.lower().rstrip("."), parent.lower()
    return name == top or name.endswith("." + top)


def unicode_form(domain: str) -> str:
    """A domain as a human sees it: `xn--` labels decoded where they can be."""
    return ".".join(_decoded(label) for label in domain.lower().split("."))


def skeleton(text: str) -> str:
    """What a text looks like: equal skeletons are easily taken for each other. For comparing only."""
    plain = unicodedata.normalize("NFKD", _INVISIBLE.sub("", text).casefold())
    plain = "".join(char for char in plain if not unicodedata.combining(char)).translate(_ALIKE)
    return plain.replace("rn", "m").replace("vv", "w")


def _decoded(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except UnicodeError:
        return label
