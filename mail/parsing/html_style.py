"""What styles do to text in HTML: hide it, keep its line breaks, make a block of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

Hiding = Mapping[str, Mapping[str, str]]
"""Plain selectors (`.pre`, `td.pre`, `#top`) to what they declare about visibility."""

_MOST_SHEETS = 20
_LONGEST_SHEET = 200_000
_REMEMBERED = 20_000
_DECLARATION = re.compile(r"([a-z-]++)\s*:\s*([^;]++)")
_NOTHING = re.compile(r"0+(?:\.0+)?\s*(?:px|pt|em|rem|%|in|cm|mm)?")
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)|<!--|-->", re.DOTALL)
_AT_RULE = re.compile(r"@[\w-]++[^{;@]*+\{(?:[^{}]*+\{[^{}]*+\})*+[^{}]*+\}")
_RULE = re.compile(r"(?<![^{}])([^{}]++)\{([^{}]*+)\}")
_SIMPLE_SELECTOR = re.compile(r"[\w-]*[.#][\w-]+")


class Look(NamedTuple):
    """How text is shown: what an element hands down to its children."""

    shown: bool = True
    sized: bool = True
    preformatted: bool = False


class Effect(NamedTuple):
    """What an element's style changes; None leaves it to the parent."""

    gone: bool = False
    """Neither it nor anything in it can be seen."""
    shown: bool | None = None
    sized: bool | None = None
    preformatted: bool | None = None

    def on(self, parent: Look) -> Look | None:
        """The look of an element within its parent's; None where nothing in it can be seen."""
        if self.gone:
            return None
        return Look(
            parent.shown if self.shown is None else self.shown,
            parent.sized if self.sized is None else self.sized,
            parent.preformatted if self.preformatted is None else self.preformatted,
        )


def declarations(style: str) -> dict[str, str]:
    """The properties of a style, by name in lower case."""
    plain = style[:4_000].lower().replace("!important", "")
    return {name: value.strip() for name, value in _DECLARATION.findall(plain)}


def effect_of(style: Mapping[str, str], *, preformatted: bool) -> Effect | None:
    """What a style changes, of an element that keeps line breaks by its nature or does not; None: nothing."""
    clipped = style.get("overflow", "").startswith("hidden") or "max-height" in style
    gone = style.get("display") == "none" or _is_nothing(style.get("opacity"))
    gone = gone or (clipped and (_is_nothing(style.get("max-height")) or _is_nothing(style.get("height"))))
    visibility, size, white = style.get("visibility"), style.get("font-size"), style.get("white-space")
    effect = Effect(
        gone,
        None if visibility is None else visibility not in ("hidden", "collapse"),
        None if size is None else not _is_nothing(size),
        True if preformatted else white.startswith("pre") if white else None,
    )
    return None if effect == Effect() else effect


def hiding_rules(sheets: Iterable[str]) -> Hiding:
    """Plain class and id rules that say something about visibility; rules for some screens only are left out."""
    found: dict[str, dict[str, str]] = {}
    for sheet in list(sheets)[:_MOST_SHEETS]:
        for selector, style in _rules_again(sheet) if len(sheet) <= _REMEMBERED else _rules(sheet):
            found.setdefault(selector, {}).update(style)
    return found


def _rules(sheet: str) -> tuple[tuple[str, Mapping[str, str]], ...]:
    css = _AT_RULE.sub(" ", _COMMENT.sub(" ", sheet[:_LONGEST_SHEET]))
    found: list[tuple[str, Mapping[str, str]]] = []
    for selectors, body in _RULE.findall(css):
        wanted = {k: v for k, v in declarations(body).items() if k in ("display", "visibility", "opacity")}
        if wanted:
            names = (selector.strip() for selector in selectors.split(","))
            found += [(name, wanted) for name in names if _SIMPLE_SELECTOR.fullmatch(name)]
    return tuple(found)


_rules_again = lru_cache(maxsize=64)(_rules)


def _is_nothing(value: str | None) -> bool:
    return value is not None and _NOTHING.fullmatch(value) is not None
