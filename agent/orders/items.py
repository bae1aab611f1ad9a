"""What an order holds, as several mails about it tell: each may name less than another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from agent.vocabulary.languages import fold
from agent.vocabulary.values import Item

_CUT = ".… "


def merged(known: Sequence[Item], told: Sequence[Item]) -> tuple[Item, ...]:
    """The items known, with what a later mail adds or corrects; only an item number of its own makes another one."""
    found = list(known)
    single = len(known) == len(told) == 1
    for item in told:
        index = next((at for at, one in enumerate(found) if _same(one, item, single)), None)
        if index is not None:
            found[index] = _fuller(found[index], item)
        elif item.item_id or not known:
            found.append(item)
    return tuple(found)


def _same(one: Item, other: Item, single: bool) -> bool:
    if one.item_id and other.item_id:
        return one.item_id == other.item_id
    if one.title and other.title:
        return _alike(one.title, other.title) or single
    return single


def _alike(one: str, other: str) -> bool:
    """Whether two titles are the same as far as both are printed."""
    short, long = sorted((_plain(one), _plain(other)), key=len)
    return bool(short) and long.startswith(short)


def _fuller(known: Item, told: Item) -> Item:
    """Later words count, but a title cut short takes nothing from the whole one."""
    title = told.title or known.title
    if known.title and told.title and _alike(known.title, told.title):
        title = max(known.title, told.title, key=lambda words: len(_plain(words)))
    return replace(told, title=title, item_id=told.item_id or known.item_id, price=told.price or known.price)


def _plain(title: str) -> str:
    return fold(title).rstrip(_CUT)
