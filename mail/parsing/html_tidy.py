"""Which HTML can be read as it stands, because every parser makes the same tree of it.

Most mails come out of templates that close what they open. For those the tags in order are the tree, and building one
is time lost. The rules here are narrower than those of HTML: what they do not know is left to a parser.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from mail.parsing.html_tags import Tag

_PIECE = re.compile(
    r"(<!--.*?-->|<style\b[^>]*+>.*?</style>|<title>.*?</title>"
    r"|<[a-zA-Z/!?][^<>\"]*+(?:\"[^\"]*+\"[^<>\"]*+)*+>)",
    re.DOTALL,
)
_CLOSERS = (("<!--", "-->"), ("<style", "</style>"), ("<title>", "</title>"))
_BLANK = " \t\n\f\r"
_MAX_NESTING = 200

_FLOW = frozenset(
    {
        "address",
        "article",
        "aside",
        "blockquote",
        "center",
        "div",
        "dl",
        "figcaption",
        "figure",
        "footer",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "main",
        "nav",
        "ol",
        "p",
        "section",
        "table",
        "ul",
        "hr",
    }
)  # fmt: skip -- what ends an open paragraph
_PHRASES = frozenset({
    "a", "abbr", "b", "big", "cite", "code", "del", "em", "font", "i", "img", "ins", "br", "label", "o:p", "s", "small",
    "span", "strike", "strong", "sub", "sup", "tt", "u", "wbr",
})  # fmt: skip
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_ONLY_IN = {
    "tr": frozenset({"table", "tbody", "thead", "tfoot"}),
    "td": frozenset({"tr"}),
    "th": frozenset({"tr"}),
    "tbody": frozenset({"table"}),
    "thead": frozenset({"table"}),
    "tfoot": frozenset({"table"}),
    "li": frozenset({"ul", "ol"}),
    "dt": frozenset({"dl"}),
    "dd": frozenset({"dl"}),
}
_ROWS = frozenset({"table", "tbody", "thead", "tfoot", "tr"})
"""Elements in which nothing may stand but what `_ONLY_IN` names: a parser moves it elsewhere."""
_HEAD = frozenset({"html", "head", "/head", "meta", "link", "base"})


def taken_apart(html: str) -> list[str] | None:
    """A document as text, tag, text, tag, …, text; None where it cannot be told what is a tag."""
    for opens, closes in _CLOSERS:
        at = html.find(opens)
        while at >= 0:
            if (end := html.find(closes, at)) < 0:
                return None
            at = html.find(opens, end)
    return _PIECE.split(html)


def is_tidy(texts: Sequence[str], tags: Sequence[Tag]) -> bool:
    """Whether the tags of a document, each behind its text, are its tree."""
    start = _after_head(texts, tags)
    if start is None or not all(tag.tidy for tag in tags[:start]) or "<" in "".join(texts):
        return False
    return _is_nested(texts, tags, start)


def _after_head(texts: Sequence[str], tags: Sequence[Tag]) -> int | None:
    """Where the body begins; None where the head holds what a parser would move into the body."""
    seen: list[str] = []
    start = len(tags)
    for at, (text, tag) in enumerate(zip(texts, tags, strict=False)):
        name = f"/{tag.name}" if tag.ends else tag.name
        if name in ("html", "head", "/head", "body"):
            seen.append(name)
        if name == "body" or text.strip(_BLANK) or (name and name not in _HEAD):
            start = at + (name == "body" and not text.strip(_BLANK))
            break
    usual = [name for name in ("html", "head", "/head", "body") if name in seen]
    return start if seen == usual and ("head" in seen) == ("/head" in seen) else None


def _is_nested(texts: Sequence[str], tags: Sequence[Tag], start: int) -> bool:
    """Whether in a body every element is closed in its place and stands where it may."""
    around: list[str] = []
    inner = ""  # the innermost open element
    in_paragraph = in_link = in_rows = False
    for at, (name, ends, void, tidy, *_) in enumerate(tags[start:], start):
        if not tidy or (in_rows and texts[at].strip(_BLANK)):
            return False
        if not name:
            continue
        if ends:
            if inner != name:
                return not inner and _is_end(texts[at + 1 :], tags[at:])
            in_paragraph = in_paragraph and name != "p"
            in_link = in_link and name != "a"
            inner = around.pop()
            in_rows = inner in _ROWS
            continue
        if name in _ONLY_IN:
            if inner not in _ONLY_IN[name]:
                return False
        elif in_rows:
            return False
        elif name in _FLOW:
            if in_paragraph or (name in _HEADINGS and inner in _HEADINGS):
                return False
            in_paragraph = name == "p"
        elif name not in _PHRASES or (name == "a" and in_link):
            return False
        if not void:
            if len(around) == _MAX_NESTING:
                return False
            in_link = in_link or name == "a"
            around.append(inner)
            inner, in_rows = name, name in _ROWS
    return not inner


def _is_end(texts: Sequence[str], tags: Sequence[Tag]) -> bool:
    """Whether these are the end tags of body and document, with nothing behind."""
    if not all(tag.tidy for tag in tags):
        return False
    ends = [(tag.name, tag.ends) for tag in tags if tag.name]
    both = [("body", True), ("html", True)]
    return ends in (both, both[:1], both[1:]) and not any(text.strip(_BLANK) for text in texts)
