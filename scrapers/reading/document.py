"""Bytes of an answer → one of three documents: HTML, JSON or XML. Pure; never raises on hostile input."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Literal
from xml.etree import ElementTree

from bs4 import BeautifulSoup
from bs4.element import CData, Comment, Declaration, Doctype, NavigableString, ProcessingInstruction, Tag

from scrapers.reading.embedded import embedded
from scrapers.reading.tree import tree

Kind = Literal["html", "json", "xml", "empty"]

MOST_BYTES = 6_000_000
MOST_TAGS = 120_000
"""Of a page with more, only the beginning is read."""
UNSEEN = {"script", "style", "template", "head", "svg", "object", "iframe", "noscript", "textarea", "select"}

_UNSEEN_STRINGS = (Comment, CData, Declaration, Doctype, ProcessingInstruction)
_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,30})""", re.IGNORECASE)
_HTML_ROOTS = {
    "html",
    "body",
    "div",
    "table",
    "section",
    "main",
    "article",
    "p",
    "span",
    "ul",
    "ol",
    "dl",
    "form",
    "tr",
}
_PROLOG = re.compile(r"<\?xml\b", re.IGNORECASE)
_PRIVATE_ENTITY = re.compile(rb"<!(?:DOCTYPE[^>]*\[|ENTITY)", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Document:
    """One answer. `soup` is set for HTML, `data` (plain dicts, lists, scalars) for JSON and XML."""

    kind: Kind
    text: str
    """The whole decoded text."""
    soup: BeautifulSoup | None = None
    data: Any = None
    embedded: tuple[Any, ...] = field(default=())
    """The data that an HTML page carries for its own scripts."""
    visible: str = ""
    """What a human would read; of JSON and XML its strings."""


def read(body: bytes, media_type: str | None = None) -> Document:
    """The document of an answer; `media_type` is the server's word and only breaks ties."""
    body = body[:MOST_BYTES]
    text = decode(body, media_type)
    stripped = text.strip().lstrip("\ufeff")
    if not stripped:
        return Document(kind="empty", text=text)
    if stripped[0] in "[{":
        data = _json(stripped)
        if data is not None:
            return Document(kind="json", text=text, data=data, visible="\n".join(strings(data)))
    if _looks_like_xml(stripped) and not _PRIVATE_ENTITY.search(body):
        data = _xml(stripped)
        if data is not None:
            return Document(kind="xml", text=text, data=data, visible="\n".join(strings(data)))
    return _html(text)


def decode(body: bytes, media_type: str | None = None) -> str:
    """Text of bytes. Valid UTF-8 wins over what the page declares: pages that declare Latin-1 and send UTF-8 exist."""
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return body.decode("utf-16", errors="replace")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    declared = _CHARSET.search((media_type or "").encode("ascii", "replace")) or _CHARSET.search(body[:4096])
    name = declared.group(1).decode("ascii").lower() if declared else ""
    names = {"shift_jis": "cp932", "shift-jis": "cp932", "x-sjis": "cp932", "iso-8859-1": "cp1252", "latin1": "cp1252"}
    for encoding in (names.get(name, name), "cp932" if name.startswith(("shift", "windows-31j")) else "", "cp1252"):
        if encoding and not encoding.startswith("utf"):
            try:
                return body.decode(encoding)
            except (UnicodeDecodeError, LookupError):
                continue
    return body.decode("utf-8", errors="replace")


def visible_strings(root: Tag) -> list[str]:
    """The strings a human would see under `root`, in order."""
    return [text for node in seen_nodes(root) if isinstance(node, NavigableString) and (text := squeeze(str(node)))]


def seen_nodes(root: Tag) -> Iterator[Tag | NavigableString]:
    """The elements and strings under `root` that make up what a human reads, in order: no comment, no script."""
    pending = root.contents[::-1]
    while pending:
        node = pending.pop()
        if isinstance(node, Tag):
            if node.name not in UNSEEN:
                yield node
                pending += node.contents[::-1]
        elif isinstance(node, NavigableString) and not isinstance(node, _UNSEEN_STRINGS):
            yield node


def squeeze(text: str) -> str:
    """One blank between words, none around."""
    return " ".join(text.replace("\u200b", "").split())


def _html(text: str) -> Document:
    soup = tree(_PROLOG.sub("<!", text[: _end_of_tags(text)]))
    title = squeeze(soup.title.get_text()) if soup.title else ""
    visible = "\n".join([title, *visible_strings(soup)])
    return Document(kind="html", text=text, soup=soup, visible=visible, embedded=tuple(embedded(soup)))


def _end_of_tags(text: str) -> int:
    """Where the text has had as many tags, opening and closing, as are read."""
    if text.count("<") <= MOST_TAGS * 2:
        return len(text)
    return next(islice(re.finditer("<", text), MOST_TAGS * 2, None)).start()


def _json(text: str) -> Any:
    try:
        data = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict | list) else None


def _looks_like_xml(text: str) -> bool:
    head = text[:400].lower()
    return head.startswith("<") and "<html" not in head and not head.startswith("<!doctype html")


def _xml(text: str) -> Any:
    """XML as dicts: a child that occurs again becomes a list, attributes keep their names."""
    try:
        root = ElementTree.fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text))  # noqa: S314 -- entities refused above
    except (ElementTree.ParseError, RecursionError, ValueError):
        return None
    if root.tag.rsplit("}", 1)[-1].lower() in _HTML_ROOTS:
        return None
    try:
        return {root.tag.rsplit("}", 1)[-1]: _plain(root)}
    except RecursionError:
        return None


def _plain(element: ElementTree.Element) -> Any:
    children = list(element)
    if not children and not element.attrib:
        return (element.text or "").strip()
    found: dict[str, Any] = dict(element.attrib)
    for child in children:
        name, value = child.tag.rsplit("}", 1)[-1], _plain(child)
        if name in found:
            kept = found[name]
            found[name] = [*kept, value] if isinstance(kept, list) else [kept, value]
        else:
            found[name] = value
    if element.text and element.text.strip():
        found["#text"] = element.text.strip()
    return found


def strings(data: Any) -> list[str]:
    """The names and values of JSON or XML, in order."""
    found: list[str] = []
    pending: list[Any] = [data]
    while pending:
        item = pending.pop()
        if isinstance(item, dict):
            pending.extend(reversed([part for pair in item.items() for part in pair]))
        elif isinstance(item, list):
            pending.extend(reversed(item))
        elif isinstance(item, str) and item.strip():
            found.append(item.strip())
        elif isinstance(item, int | float) and not isinstance(item, bool):
            found.append(str(item))
    return found
