"""The tags of HTML as text: what each opens, closes, hides and links to.

Templates repeat them, so what they say is remembered.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from functools import lru_cache
from html.entities import html5
from typing import NamedTuple

from mail.parsing.html_style import Effect, Hiding, declarations, effect_of

SILENT = frozenset({
    "head", "title", "style", "script", "template", "svg", "math", "iframe", "object", "embed", "noembed",
    "noframes",
})  # fmt: skip
BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "br", "caption", "center", "dd", "details", "dialog",
    "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4",
    "h5", "h6", "header", "hr", "html", "legend", "li", "main", "menu", "nav", "ol", "option", "p", "pre",
    "section", "select", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
})  # fmt: skip
VOID = frozenset({
    "area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img", "input", "keygen", "link",
    "meta", "param", "source", "track", "wbr",
})  # fmt: skip
_REMEMBERED = 600  # characters of a tag or a text that is worth remembering
# Blanks are those of HTML: no-break spaces and the like belong to names and values.
_TAG = re.compile(
    r"""<[a-zA-Z][a-zA-Z0-9:]*+(?:[ \t\n\f]++[^\s"'<>/=]++"""
    r"""(?:[ \t\n\f]*+=[ \t\n\f]*+(?:"[^"]*+"|'[^']*+'|[^\s"'=<>`]++))?+)*+[ \t\n\f]*+(/?)>"""
)
_NAME = re.compile(r"</?([^ \t\n\f/>]*)")
_ATTRIBUTE = re.compile(r"""[ \t\n\f]([^ \t\n\f"'<>/=]++)(?:\s*+=\s*+("[^"]*+"|'[^']*+'|[^\s"'=<>`]++))?+""")
_REFERENCE = re.compile(r"&(?:#([0-9]++);?|#[xX]([0-9a-fA-F]++);?|[A-Za-z][A-Za-z0-9]{0,31}+;?)")
_REFERENCE_IN_ATTRIBUTE = re.compile(r"&(?:#([0-9]++);?|#[xX]([0-9a-fA-F]++);?|([A-Za-z][A-Za-z0-9]{0,31}+;))")
_ADDRESS = re.compile(r"""(<[a-z]+(?:\s[a-z-]+="[^"]*+")*?)\s(href|src)="([^"]*+)"((?=[\s/>]).*)""", re.DOTALL)
_LINKS = ("a", "area")


class Tag(NamedTuple):
    """What one tag says."""

    name: str
    """In lower case; empty of what is no element: comments, declarations, a style sheet with its text."""
    ends: bool = False
    """An end tag."""
    void: bool = False
    tidy: bool = False
    """Written so plainly that nobody can read it in two ways."""
    block: bool = False
    effect: Effect | None = None
    href: str | None = None
    selectors: tuple[str, ...] = ()
    style: str = ""
    """As written: only for a tag that a style sheet says something about."""

    def effect_under(self, hiding: Hiding) -> Effect | None:
        """What its look changes where a style sheet rules too."""
        if not hiding or not self.selectors or hiding.keys().isdisjoint(self.selectors):
            return self.effect
        style: dict[str, str] = {}
        for selector in self.selectors:
            style.update(hiding.get(selector, {}))
        return effect_of(style | declarations(self.style), preformatted=_keeps_breaks(self.name))


def tags_of(tokens: Iterable[str]) -> list[Tag]:
    """What tags say that are whole, from `<` to `>`."""
    return [
        _linked(token) if "://" in token else _tag_again(token) if len(token) <= _REMEMBERED else _tag(token)
        for token in tokens
    ]


def _linked(token: str) -> Tag:
    """A tag with an address, which is never the same twice: remembered without it."""
    found = _ADDRESS.match(token)
    if found is None:
        return _tag(token)
    without = found[1] + found[4]
    rest = _tag_again(without) if len(without) <= _REMEMBERED else _tag(without)
    if found[2] != "href" or rest.name not in _LINKS:
        return rest
    name, ends, void, tidy, block, effect, _, selectors, style = rest  # sooner than `_replace`
    return Tag(name, ends, void, tidy, block, effect, _address(found[3]), selectors, style)


def text_of(written: str) -> str:
    """Text with its character references resolved."""
    if "&" not in written:
        return written
    return _text_again(written) if len(written) <= _REMEMBERED else _REFERENCE.sub(_resolved, written)


def _tag(token: str) -> Tag:
    if token[1] in "!?":
        ambiguous = token.startswith(("<!-->", "<!--->")) or "--!>" in token
        return Tag("", tidy=not ambiguous and (token.startswith("<!--") or ">" not in token[:-1]))
    name = _named(token)
    if token[1] == "/":
        return Tag(name, ends=True, tidy=token[2:-1].rstrip().lower() == name)
    if name in SILENT and token[-len(name) - 3 :].lower() == f"</{name}>":
        return Tag("", tidy=True)  # with its text
    found = _TAG.fullmatch(token)
    void = name in VOID
    tidy = found is not None and (void or not found[1])
    attributes: dict[str, str] = {}
    for key, value in _ATTRIBUTE.findall(token[1 + len(name) :]):
        attributes.setdefault(key.lower(), value)
    style = _attribute(attributes.get("style", ""))
    declared = declarations(style) if style else {}
    display = declared.get("display", "")
    hidden = name in SILENT or "hidden" in attributes
    names = [f".{part}" for part in _attribute(attributes.get("class", "")).split()]
    names += [f"#{part}"] if (part := _attribute(attributes.get("id", ""))) else []
    return Tag(
        name,
        void=void,
        tidy=tidy,
        block=display != "inline" if name in BLOCKS else display in ("block", "table", "flex", "grid", "list-item"),
        effect=Effect(gone=True) if hidden else effect_of(declared, preformatted=_keeps_breaks(name)),
        href=_address(_attribute_text(attributes.get("href", ""))) if name in _LINKS else None,
        selectors=() if hidden else tuple(s for one in names for s in (one, name + one)),
        style=style if names and not hidden else "",
    )


_tag_again = lru_cache(maxsize=4096)(_tag)


def _named(token: str) -> str:
    found = _NAME.match(token)
    return found[1].lower() if found else ""


def _keeps_breaks(name: str) -> bool:
    return name in ("pre", "textarea")


def _attribute(written: str) -> str:
    """The value of an attribute, in which `&copy=1` is no character reference but part of an address."""
    value = _attribute_text(written)
    return _REFERENCE_IN_ATTRIBUTE.sub(_resolved_in_attribute, value) if "&" in value else value


def _attribute_text(written: str) -> str:
    return written[1:-1] if written[:1] in ('"', "'") else written


def _address(written: str) -> str | None:
    """Where a link leads, without the blanks that browsers drop; None where it leads nowhere."""
    plain = (
        written.replace("&amp;", "&") if written.count("&") == written.count("&amp;") else _attribute(f"'{written}'")
    )
    return "".join(plain.split()) or None


def _resolved_in_attribute(found: re.Match[str]) -> str:
    return html5.get(found[3], found[0]) if found[3] else _resolved(found)


def _resolved(found: re.Match[str]) -> str:
    """One reference as browsers resolve it (https://html.spec.whatwg.org/#numeric-character-reference-end-state)."""
    if found[1] is None and found[2] is None:
        return html.unescape(found[0])
    digits = found[1] or found[2]
    code = int(digits, 10 if found[1] else 16) if len(digits.lstrip("0")) <= 7 else 0
    if not 0 < code <= 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        return "\ufffd"
    return bytes([code]).decode("cp1252", "ignore") or chr(code) if 0x80 <= code <= 0x9F else chr(code)


@lru_cache(maxsize=4096)
def _text_again(written: str) -> str:
    return _REFERENCE.sub(_resolved, written)
