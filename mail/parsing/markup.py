"""schema.org markup of a mail: what its sender wrote for machines, as JSON-LD or microdata.

Shapes: https://schema.org/Order, /ParcelDelivery; https://developers.google.com/workspace/gmail/markup/reference.
"""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

_SIGNS = ("ld+json", "itemscope")  # of which a document with markup bears one
_MOST = 200_000  # characters of one JSON-LD script
_THINGS = 500
_DEPTH = 40
_COMMENT = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*$")
_VALUE_OF = {"meta": "content", "time": "datetime", "link": "href", "a": "href", "img": "src", "data": "value"}


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing with a type: its facts are texts or things again, by property name."""

    kinds: frozenset[str]
    """Names without their address: `Order`."""
    facts: Mapping[str, tuple[str | Thing, ...]] = field(default_factory=dict)

    def text(self, *names: str) -> str | None:
        """The first text under any of these names."""
        return next((one for name in names for one in self.facts.get(name, ()) if isinstance(one, str)), None)

    def things(self, *names: str) -> tuple[Thing, ...]:
        return tuple(one for name in names for one in self.facts.get(name, ()) if isinstance(one, Thing))


def things_of(html: str | None) -> tuple[Thing, ...]:
    """Every thing that the markup describes, outer ones before those within. Never raises; broken markup is none."""
    if html is None or not _bears_some(html):
        return ()
    tree = LexborHTMLParser(html)
    outer = deque((*_of_scripts(tree), *_of_attributes(tree)))
    found: list[Thing] = []
    while outer and len(found) < _THINGS:
        thing = outer.popleft()
        found.append(thing)
        within = [inner for values in thing.facts.values() for inner in values if isinstance(inner, Thing)]
        outer.extendleft(reversed(within))
    return tuple(found)


def _bears_some(html: str) -> bool:
    plain = html.lower()
    return any(sign in plain for sign in _SIGNS)


def _of_scripts(tree: LexborHTMLParser) -> Iterator[Thing]:
    for script in tree.css("script[type]"):
        if "ld+json" not in (script.attributes.get("type") or "").lower():
            continue
        text = _COMMENT.sub("", script.text()[: _MOST + 1]).strip()
        if len(text) > _MOST:
            continue
        try:
            yield from _of_json(json.loads(text, strict=False), 0)
        except (ValueError, RecursionError):
            continue


def _of_json(value: Any, depth: int) -> Iterator[Thing]:
    """The things in a JSON value, `@graph` and lists opened."""
    if depth > _DEPTH:
        return
    if isinstance(value, list):
        for one in value[:_THINGS]:
            yield from _of_json(one, depth + 1)
    elif isinstance(value, dict):
        if "@graph" in value:
            yield from _of_json(value["@graph"], depth + 1)
        if kinds := _names(value.get("@type")):
            facts = {str(name): _values(said, depth + 1) for name, said in value.items() if not name.startswith("@")}
            yield Thing(kinds, facts)


def _values(said: Any, depth: int) -> tuple[str | Thing, ...]:
    if depth > _DEPTH:
        return ()
    found: list[str | Thing] = []
    for one in (said if isinstance(said, list) else [said])[:_THINGS]:
        if isinstance(one, str):
            found.append(one.strip())
        elif isinstance(one, (int, float)) and not isinstance(one, bool):
            found.append(str(one))
        elif isinstance(one, dict):
            untyped = {**one, "@type": one.get("@type") or "Thing"}
            found += _of_json(untyped, depth + 1)
    return tuple(value for value in found if value != "")


def _names(kinds: Any) -> frozenset[str]:
    """`http://schema.org/Order`, `schema:Order` and `Order` are one."""
    said = kinds if isinstance(kinds, list) else [kinds]
    return frozenset(re.split(r"[/#:]", one.strip())[-1] for one in said if isinstance(one, str) and one.strip())


def _of_attributes(tree: LexborHTMLParser) -> Iterator[Thing]:
    """Microdata: elements with `itemscope`, their `itemprop` descendants up to the next scope."""
    for node in tree.css("[itemscope]"):
        if "itemprop" not in node.attributes:
            yield _thing(node, 0)


def _thing(node: LexborNode, depth: int) -> Thing:
    facts: dict[str, list[str | Thing]] = {}
    open_nodes = deque(_children(node))
    seen = 0
    while open_nodes and seen < 10 * _THINGS:
        seen += 1
        child = open_nodes.popleft()
        names = (child.attributes.get("itemprop") or "").split()
        scoped = "itemscope" in child.attributes
        value = _thing(child, depth + 1) if scoped and depth < _DEPTH and names else None
        for name in names:
            told = value if value is not None else _text_of(child)
            if told is not None and told != "":
                facts.setdefault(name, []).append(told)
        if not scoped:
            open_nodes.extendleft(reversed(_children(child)))
    kinds = _names((node.attributes.get("itemtype") or "Thing").split())
    return Thing(kinds, {name: tuple(values) for name, values in facts.items()})


def _text_of(node: LexborNode) -> str | None:
    attribute = _VALUE_OF.get(node.tag or "")
    if attribute is not None and (said := node.attributes.get(attribute) or node.attributes.get("content")):
        return said.strip()
    return " ".join((node.attributes.get("content") or node.text()).split())


def _children(node: LexborNode) -> list[LexborNode]:
    return list(node.iter(include_text=False))


def of_kind(things: Sequence[Thing], kind: str) -> Iterator[Thing]:
    """The things of a type, such as `ParcelDelivery`."""
    return (thing for thing in things if kind in thing.kinds)
