"""HTML of a mail to what a reader of it sees: lines of text, and links. Never runs, fetches or recurses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

_MAX_TEXT = 2_000_000  # characters; a hundred times the largest notification
_MAX_LINE = 20_000
_MAX_NESTING = 400  # no sender nests deeper; the tree builder takes quadratic time in it
_SILENT = frozenset({
    "head", "title", "style", "script", "template", "svg", "math", "iframe", "object", "embed", "noembed",
    "noframes", "-comment",
})  # fmt: skip
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "br", "caption", "center", "dd", "details", "dialog",
    "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4",
    "h5", "h6", "header", "hr", "html", "legend", "li", "main", "menu", "nav", "ol", "option", "p", "pre",
    "section", "select", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
})  # fmt: skip
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\u3164\ufeff\uffa0]"
)
_BLANKS = re.compile(r"\s+")
_STYLE = re.compile(r"([a-z-]+)\s*:\s*([^;]+)")
_NOTHING = re.compile(r"0+(?:\.0+)?\s*(?:px|pt|em|rem|%|in|cm|mm)?")
_URL = re.compile(r"\bhttps?://[^\s<>\"'\])}]+", re.IGNORECASE)
_MEDIA = re.compile(r"@[\w-]+[^{;]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_NEVER_CLOSED = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track",
    "wbr", "p", "li", "dd", "dt", "option", "td", "th", "tr", "tbody", "thead", "tfoot",
})  # fmt: skip
_SIMPLE_SELECTOR = re.compile(r"[\w-]*[.#][\w-]+")


class TooDeep(Exception):
    """HTML that is nested to hurt."""


@dataclass(frozen=True, slots=True)
class _Look:
    """What an element hands down to its children."""

    shown: bool = True
    sized: bool = True
    preformatted: bool = False

    @property
    def visible(self) -> bool:
        return self.shown and self.sized


def fold_line(text: str) -> str:
    """One line of text: padding that nobody sees removed, blanks folded."""
    return _BLANKS.sub(" ", _INVISIBLE.sub("", text)).strip()


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


def read_blocks(html: str) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...], tuple[int, ...]]:
    """What `read_html` gives, and the innermost block of each line, by number: lines that `<br>` parts share theirs."""
    html = html[:_MAX_TEXT]
    _refuse_where_too_deep(html)
    tree = LexborHTMLParser(html)
    page = _Page(_hiding_rules(tree))
    if tree.root is not None:
        page.walk(tree.root)
    return tuple(page.lines), tuple(page.links), tuple(page.blocks)


def _refuse_where_too_deep(html: str) -> None:
    depth = 0
    for tag in _TAG.finditer(html):
        if tag[2].lower() not in _NEVER_CLOSED:
            depth = max(0, depth - 1) if tag[1] else depth + 1
            if depth > _MAX_NESTING:
                raise TooDeep(f"tags nested more than {_MAX_NESTING} deep")


class _Page:
    """One walk over a document, with an explicit stack: a million nested tags are just a million steps."""

    def __init__(self, hiding: Mapping[str, dict[str, str]]) -> None:
        self.lines: list[str] = []
        self.links: list[tuple[str, str]] = []
        self.blocks: list[int] = []
        self._hiding = hiding
        self._line: list[str] = []
        self._anchor: tuple[str, list[str]] | None = None
        self._open_blocks = [0]
        self._opened = 0
        self._block, self._begun = 0, False  # of the line that is being gathered

    def walk(self, root: LexborNode) -> None:
        node: LexborNode | None = root
        looks = [_Look()]
        closing: list[tuple[bool, bool]] = []  # per open element: is it a block, is it a link
        while node is not None:
            child = None
            if node.is_text_node:
                if looks[-1].visible:
                    self._text(node.text_content or "", looks[-1].preformatted)
            elif node.is_element_node and (look := self._look(node, looks[-1])) is not None:
                block, link = self._open(node, look)
                child = node.child
                if child is not None:
                    looks.append(look)
                    closing.append((block, link))
                    self._opened += 1
                    self._open_blocks.append(self._opened if block else self._open_blocks[-1])
                else:
                    self._close(block, link)
            if child is not None:
                node = child
                continue
            while node is not None and node.next is None:  # up to where there is more
                node = node.parent
                if not closing:
                    node = None
                    break
                looks.pop()
                self._close(*closing.pop())
                self._open_blocks.pop()
            node = node.next if node is not None else None
        self._break()

    def _look(self, node: LexborNode, parent: _Look) -> _Look | None:
        """How the element shows its own text; None where nothing in it can be seen."""
        tag = (node.tag or "").lower()
        if tag in _SILENT:
            return None
        attributes = node.attributes
        if "hidden" in attributes:
            return None
        style = self._style(tag, attributes)
        if not style and tag not in ("pre", "textarea"):
            return parent
        display = style.get("display", "")
        gone = display == "none" or _is_nothing(style.get("opacity"))
        clipped = style.get("overflow", "").startswith("hidden") or "max-height" in style
        if gone or (clipped and (_is_nothing(style.get("max-height")) or _is_nothing(style.get("height")))):
            return None
        visibility, size, white = style.get("visibility"), style.get("font-size"), style.get("white-space", "")
        return _Look(
            shown=parent.shown if visibility is None else visibility not in ("hidden", "collapse"),
            sized=parent.sized if size is None else not _is_nothing(size),
            preformatted=white.startswith("pre") or (parent.preformatted and not white) or tag in ("pre", "textarea"),
        )

    def _style(self, tag: str, attributes: Mapping[str, str | None]) -> dict[str, str]:
        style: dict[str, str] = {}
        if self._hiding:
            names = [f".{name}" for name in (attributes.get("class") or "").split()]
            names += [f"#{attributes['id']}"] if attributes.get("id") else []
            for name in names:
                style.update(self._hiding.get(name, {}))
                style.update(self._hiding.get(tag + name, {}))
        return style | _declarations(attributes.get("style") or "")

    def _open(self, node: LexborNode, look: _Look) -> tuple[bool, bool]:
        tag = (node.tag or "").lower()
        attributes = node.attributes
        display = _declarations(attributes.get("style") or "").get("display", "")
        block = display != "inline" if tag in _BLOCKS else display in ("block", "table", "flex", "grid", "list-item")
        if block:
            self._break()
        href = attributes.get("href") if tag in ("a", "area") else None
        if href and look.shown and self._anchor is None:
            self._anchor = (_BLANKS.sub("", href), [])
            return block, True
        return block, False

    def _close(self, block: bool, link: bool) -> None:
        if link and self._anchor is not None:
            href, text = self._anchor
            self.links.append((href, fold_line("".join(text))))
            self._anchor = None
        if block:
            self._break()

    def _text(self, text: str, preformatted: bool) -> None:
        if self._anchor is not None:
            self._anchor[1].append(text)
        if preformatted and "\n" in text:
            *whole, last = text.split("\n")
            for line in whole:
                self._add(line)
                self._break()
            text = last
        self._add(text)

    def _add(self, text: str) -> None:
        if not self._begun:
            self._block, self._begun = self._open_blocks[-1], not text.isspace()
        self._line.append(text)

    def _break(self) -> None:
        if self._line:
            line = fold_line("".join(self._line)[:_MAX_LINE])
            self._line.clear()
            self._begun = False
            if line:
                self.lines.append(line)
                self.blocks.append(self._block)
        if self._anchor is not None:
            self._anchor[1].append(" ")


def _declarations(style: str) -> dict[str, str]:
    if not style:
        return {}
    plain = style[:4_000].lower().replace("!important", "")
    return {name: value.strip() for name, value in _STYLE.findall(plain)}


def _is_nothing(value: str | None) -> bool:
    return value is not None and _NOTHING.fullmatch(value) is not None


def _hiding_rules(tree: LexborHTMLParser) -> dict[str, dict[str, str]]:
    """Plain class and id rules that say something about visibility; rules for some screens only are left out."""
    hiding: dict[str, dict[str, str]] = {}
    for sheet in tree.css("style")[:20]:
        css = re.sub(r"/\*.*?\*/|<!--|-->", " ", sheet.text()[:200_000], flags=re.DOTALL)
        for selectors, body in _RULE.findall(_MEDIA.sub(" ", css)):
            wanted = {k: v for k, v in _declarations(body).items() if k in ("display", "visibility", "opacity")}
            if wanted:
                for selector in selectors.split(","):
                    if _SIMPLE_SELECTOR.fullmatch(name := selector.strip()):
                        hiding.setdefault(name, {}).update(wanted)
    return hiding
