"""HTML of a mail to what a reader of it sees: lines of text, and links. Never runs, fetches or recurses."""

from __future__ import annotations

import html as entities
import re
import warnings
from collections.abc import Sequence

from bs4 import BeautifulSoup, XMLParsedAsHTMLWarning
from bs4.formatter import HTMLFormatter
from selectolax.lexbor import LexborHTMLParser

from mail.parsing.folding import fold_line
from mail.parsing.html_flow import Flow, style_sheets
from mail.parsing.html_style import hiding_rules
from mail.parsing.html_tags import Tag, tags_of
from mail.parsing.html_tidy import is_tidy, taken_apart

__all__ = ["TooDeep", "fold_line", "plain_blocks", "plain_lines", "plain_links", "read_blocks", "read_html"]

_MAX_TEXT = 2_000_000  # characters; a hundred times the largest notification
_MAX_LINE = 20_000
_MAX_NESTING = 400  # no sender nests deeper; the tree builder takes quadratic time in it
_URL = re.compile(r"\bhttps?://[^\s<>\"'\])}]+", re.IGNORECASE)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_NEVER_CLOSED = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track",
    "wbr", "p", "li", "dd", "dt", "option", "td", "th", "tr", "tbody", "thead", "tfoot",
})  # fmt: skip
# What a parser writes: every element closed, attributes in double quotes, `<` in text only as a reference.
_WRITTEN = re.compile(
    r"(<!--.*?-->|<(style|script|iframe|noembed|noframes)\b[^>]*+>.*?</\2>|<[!?/][^>]*+>"
    r"|<[a-zA-Z][^ \t\n\f/>]*+(?: =?[^ \t\n\f/>=]*+=\"[^\"]*+\")*+/?>)",
    re.DOTALL,
)
_ESCAPED = HTMLFormatter(entity_substitution=entities.escape)
_MARKUP = re.compile(r"<[^<>]*+>")


class TooDeep(Exception):
    """HTML that is nested to hurt."""


Read = tuple[tuple[str, ...], tuple[tuple[str, str], ...], tuple[int, ...]]
"""Lines, links as address and text, and the block of each line."""


def plain_lines(text: str) -> tuple[str, ...]:
    """The lines of plain text that hold something."""
    folded = (fold_line(line[:_MAX_LINE]) for line in text[:_MAX_TEXT].splitlines() if line)
    return tuple(line for line in folded if line)


def plain_blocks(text: str) -> tuple[int, ...]:
    """The paragraph of each of `plain_lines`, by number."""
    found, paragraph = [], 0
    for line in text[:_MAX_TEXT].splitlines():
        if line and fold_line(line[:_MAX_LINE]):
            found.append(paragraph)
        else:
            paragraph += 1
    return tuple(found)


def plain_links(text: str) -> tuple[tuple[str, str], ...]:
    """The web addresses of plain text, as address and text."""
    return tuple((url, url) for url in (found.rstrip(".,;:!?") for found in _URL.findall(text[:_MAX_TEXT])))


def read_html(html: str) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """The visible lines, one per block or table cell, and (href, text) of the visible links.

    Hidden by the element's own style or by a plain class or id rule of a style sheet: display none, visibility
    hidden, font size or height of nothing, opacity 0. What only screen readers read is kept: it is text for people.
    Raises TooDeep.
    """
    lines, links, _ = read_blocks(html)
    return lines, links


def read_blocks(html: str) -> Read:
    """What `read_html` gives, and the innermost block of each line, by number: lines that `<br>` parts share theirs.

    Read as it stands where it is tidy, else as a browser would; if that leaves nothing, as well as can be.
    """
    html = html[:_MAX_TEXT]
    if (found := read_as_it_stands(html)) is not None:
        return found
    _refuse_where_too_deep(html)
    found = read_as_browsers_do(html)
    if not found[0] and fold_line(_MARKUP.sub(" ", html)):
        return read_tolerantly(html)
    return found


def read_as_it_stands(html: str) -> Read | None:
    """What a document says whose tags are its tree; None where only a parser can tell."""
    if (pieces := taken_apart(html)) is None:
        return None
    tags = tags_of(pieces[1::2])
    return _read(pieces[::2], pieces[1::2], tags) if is_tidy(pieces[::2], tags) else None


def read_as_browsers_do(html: str) -> Read:
    """What a document says as browsers build it."""
    return _read_written(LexborHTMLParser(html).html or "")


def read_tolerantly(html: str) -> Read:
    """What a document says as BeautifulSoup builds it, which keeps what browsers throw away."""
    with warnings.catch_warnings(action="ignore", category=XMLParsedAsHTMLWarning):
        return _read_written(BeautifulSoup(html, "lxml").decode(formatter=_ESCAPED))


def _read_written(written: str) -> Read:
    pieces = _WRITTEN.split(written)
    return _read(pieces[::3], pieces[1::3], tags_of(pieces[1::3]))


def _read(texts: Sequence[str], tokens: Sequence[str], tags: Sequence[Tag]) -> Read:
    flow = Flow(texts, tags, hiding_rules(style_sheets(tokens)))
    return tuple(flow.lines), tuple(flow.links), tuple(flow.blocks)


def _refuse_where_too_deep(html: str) -> None:
    if html.count("<") - html.count("</") <= _MAX_NESTING:
        return  # not even so many are opened
    depth = 0
    for tag in _TAG.finditer(html):
        if tag[2].lower() not in _NEVER_CLOSED:
            depth = max(0, depth - 1) if tag[1] else depth + 1
            if depth > _MAX_NESTING:
                raise TooDeep(f"tags nested more than {_MAX_NESTING} deep")
