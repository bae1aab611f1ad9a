"""People's names in letters: the first name to greet by, and greetings that name somebody else. Data: `names.yaml`."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from importlib import resources

from agent.replies.plain import one_line
from agent.vocabulary.data import parse_yaml
from agent.vocabulary.languages import fold

_WORD = re.compile(r"[^\W\d_]{2,}|\w[\w.\-]*")


def first_name(full: str | None) -> str | None:
    """The first word of a name, where it looks like one; None is better than a greeting that insults."""
    words = one_line(full or "", 80).split()
    if len(words) < 2:
        return None
    name = words[0]
    looks_like_one = 2 <= len(name) <= 20 and all(char.isalpha() or char in "-'’" for char in name)
    if not looks_like_one or fold(name) in _data()["titles"]:
        return None
    return name if not (name.isupper() or name.islower()) else name.title()


def wrong_name(text: str, names: Collection[str]) -> str | None:
    """Who is greeted in the first line and is none of `names` (the buyer's, as the order tells them); else None.

    Without any name nobody is a stranger.
    """
    known = {word for name in names for word in _WORD.findall(fold(name))}
    first_line = next((line for line in text.strip().splitlines() if line.strip()), "")
    found = _greeting().match(fold(first_line[:200]))
    if not known or found is None:
        return None
    known.update(_data()["titles"], _data()["nobody"])
    return next((word for word in _WORD.findall(found["whom"]) if word not in known), None)


@cache
def _greeting() -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(_data()['greetings'])})\b,?(?P<whom>[^,:!.\n]{{1,60}})")


@cache
def _data() -> Mapping[str, Sequence[str]]:
    text = resources.files("agent.replies").joinpath("names.yaml").read_text(encoding="utf-8")
    data: Mapping[str, Sequence[str]] = parse_yaml(text)
    return data
