"""Buyers' messages made up from the sentences in `bench/wishes`, to train on.

A sentence holds alternatives in braces. A message is one or two sentences of its wish, maybe one of a lesser wish,
among greetings and stories that ask for nothing; some lose accents and punctuation, some gain typos.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path

SENTENCES = Path(__file__).parent / "wishes"
LANGUAGES = ("en", "de", "fr", "it", "es")
# which wish counts where a message shows several, the first one
WISHES = ("cancel", "change_address", "damaged", "return", "not_received", "where_is_it", "question", "thanks", "other")
_BRACES = re.compile(r"\{([^{}]*)\}")

Sections = Mapping[str, list[str]]


def sections(language: str) -> Sections:
    """The sentences of a language under their headings."""
    found: dict[str, list[str]] = {}
    for line in (SENTENCES / f"{language}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("== "):
            found[line.removeprefix("== ")] = []
        elif line and not line.startswith("#"):
            found[next(reversed(found))].append(line)
    return found


def invented(language: str, wish: str, count: int, chance: random.Random) -> Iterator[str]:
    """Every sentence of a wish twice alone, then `count` messages."""
    told = sections(language)
    for sentence in told[wish]:
        yield spoken(sentence, chance)
        yield spoken(sentence, chance)
    for _ in range(count):
        yield _worn(_message(told, wish, chance), chance)


def spoken(sentence: str, chance: random.Random) -> str:
    """A sentence with one of each of its alternatives."""
    while (braces := _BRACES.search(sentence)) is not None:
        sentence = sentence[: braces.start()] + chance.choice(braces[1].split("|")) + sentence[braces.end() :]
    return re.sub(r" +([,.!?:])", r"\1", " ".join(sentence.split()))


def _message(told: Sections, wish: str, chance: random.Random) -> str:
    def one(section: str) -> str:
        return spoken(chance.choice(told[section]), chance)

    said = [one(wish)]
    if (turn := chance.random()) < 0.15:
        said.append(one(wish))
    elif turn < 0.27 and (lesser := WISHES[WISHES.index(wish) + 1 : -1]):
        said.insert(chance.randint(0, 1), one(chance.choice(lesser)))
    if wish != "other":
        while chance.random() < 0.35:
            said.insert(0, one("story"))
        if chance.random() < 0.2:
            said.append(one("story"))
        if chance.random() < 0.45:
            said.append(one("bye"))
    if chance.random() < 0.4:
        said.insert(0, one("hello"))
    ends = (". ", ", ", " ", "\n", "! ")
    return "".join(s + (" " if s.endswith(("?", "!", ".")) else chance.choice(ends)) for s in said).strip(" ,\n")


def _worn(text: str, chance: random.Random) -> str:
    if chance.random() < 0.25:
        text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    if chance.random() < 0.3:
        text = re.sub(r"[,.?!']", "", text)
    if chance.random() < 0.25 and len(text) > 8:
        for _ in range(chance.randint(1, 3)):
            at = chance.randrange(len(text) - 3)
            swapped = text[at + 1] + text[at]
            text = text[:at] + chance.choice(("", swapped[1] * 2, swapped)) + text[at + 2 :]
    return text
