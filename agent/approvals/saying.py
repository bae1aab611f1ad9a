"""What an answer says of each draft: `1 ok`, `2 no`, `3 edit: …`, or `ok` where one draft was shown."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache

from agent.approvals.quoting import regions
from agent.approvals.signing import is_devices, stray
from agent.approvals.words import Verb, data, is_courtesy, meaning, plain, verbs

_NUMBERED = re.compile(r"[#(\[]?([0-9]{1,3})\s*[.:)\]]?\s*(?:[-=]>?)?\s*(\D+)", re.ASCII)
_NAMED = re.compile(r"(\D+?)\s+#?([0-9]{1,3})", re.ASCII)
_EDIT = re.compile(r"\s*(?:#?([0-9]{1,3})\s*[.:)]?\s+)?([^\W\d_]{4,12})\s*:(.*)", re.DOTALL)
_BULLET = re.compile(r"[-*•]\s+")
_QUOTES = "“”„‟«»‹›\"‘’‚'"
_WRAPPED = (
    re.compile(rf"[{_QUOTES}]\s?([^{_QUOTES}]{{1,100}}?)\s?[{_QUOTES}][.!]?"),
    re.compile(r"\*{1,2}([^*]{1,100})\*{1,2}"),
)
_LONGEST_LINE = 200


class NotTaken(Exception):
    """An answer that is refused; the message says why, for the next digest."""


@dataclass(frozen=True)
class Word:
    """One word about one draft."""

    number: int
    verb: Verb
    text: str = ""
    """The new text, of an edit."""


def read_words(text: str, shown: Collection[int], name: str = "", address: str = "") -> tuple[Word, ...]:
    """The words of an answer to the drafts shown; `name` and `address` are its sender's.

    Raises NotTaken: all holds, or nothing.
    """
    top, below = ([line.strip() for line in part] for part in regions(text.removeprefix("\ufeff")))
    if any(top):
        if any(_says(line, shown) for line in below):
            raise NotTaken("it has words above and below what it quotes: write them in one place")
        return _words(top, shown, name, address)
    if any(below):
        return _words(below, shown, name, address)
    raise NotTaken("it has no word of its own above what it quotes")


def _words(lines: Sequence[str], shown: Collection[int], name: str, address: str) -> tuple[Word, ...]:
    found: dict[int, Word] = {}
    at = 0
    for at, line in enumerate(lines):
        if not line:
            continue
        if edited := _edit(lines, at, shown):
            _add(found, edited)
            at = len(lines)
            break
        said = _says(line, shown)
        if not said:
            break
        for word in said:
            _add(found, word)
    else:
        at = len(lines)
    if not found:
        raise NotTaken("its first line is no word that I know: write such as `1 ok`, `2 no` or `3 edit: …`")
    if more := stray(lines[at:], name, address):
        raise NotTaken(f"there is more under the word than a signature, and I do not guess: “{more[:60]}”")
    return tuple(found.values())


def _add(found: dict[int, Word], word: Word) -> None:
    if found.setdefault(word.number, word) != word:
        raise NotTaken(f"it says two different things about draft {word.number}")


def _says(line: str, shown: Collection[int]) -> tuple[Word, ...]:
    """The words of one line; nothing where any piece of it is something else."""
    said = plain(_unwrapped(line)) if len(line) <= _LONGEST_LINE else None
    pieces = [piece.strip(" .!") for piece in _separators().split(said)] if said else []
    pieces = [piece for at, piece in enumerate(pieces) if not at or not is_courtesy(piece)]
    if any(piece.isdigit() for piece in pieces):
        return _several(pieces)
    found: list[Word] = []
    for piece in pieces:
        if found and (again := meaning(piece)):  # `1 yes, send it`: the same once more
            if again != found[-1].verb:
                return ()
        elif word := _piece(piece, shown):
            found.append(word)
        else:
            return ()
    return tuple(found)


def _unwrapped(line: str) -> str:
    """A line without the marks of a list, and without quotes or stars around the whole of it."""
    line = _BULLET.sub("", line)
    for wrapped in _WRAPPED:
        if found := wrapped.fullmatch(line):
            return found[1].strip()
    return line


def _several(pieces: Sequence[str]) -> tuple[Word, ...]:
    """Numbers with one word before or behind them all: `1, 2 ok`, `ok 1 and 2`; nothing where it is anything else."""
    first, last = _NUMBERED.fullmatch(pieces[-1]), _NAMED.fullmatch(pieces[0])
    if first and all(piece.isdigit() for piece in pieces[:-1]):
        number, verb = first[1], meaning(first[2])
        numbers = [*pieces[:-1], number]
    elif last and all(piece.isdigit() for piece in pieces[1:]):
        verb = meaning(last[1])
        numbers = [last[2], *pieces[1:]]
    else:
        return ()
    return tuple(Word(int(number), verb) for number in numbers) if verb and verb != "edit" else ()


def _piece(piece: str, shown: Collection[int]) -> Word | None:
    while (cut := piece.rpartition(" "))[0] and cut[2] in data("polite"):
        piece = cut[0]
    word, _, rest = piece.partition(" ")
    if word in data("drafts"):
        piece = rest
    if found := _NUMBERED.fullmatch(piece):
        number, verb = int(found[1]), meaning(found[2])
    elif found := _NAMED.fullmatch(piece):
        number, verb = int(found[2]), meaning(_without_about(found[1]))
    else:
        verb = meaning(piece)
        number = _only(shown) if verb else 0
    return Word(number, verb) if verb and verb != "edit" else None


def _without_about(phrase: str) -> str:
    """A phrase before a number without `for` and `draft`."""
    words = phrase.split()
    for kind in ("drafts", "abouts"):
        if len(words) > 1 and words[-1] in data(kind):
            words.pop()
    return " ".join(words)


@cache
def _separators() -> re.Pattern[str]:
    """What parts the words of a line: signs, and `and`; a stroke between digits does not."""
    joins = "|".join(re.escape(word) for word in sorted(data("joins")))
    return re.compile(rf";|(?<!\d)/|/(?!\d)|,|\s(?:{joins})\s")


def _edit(lines: Sequence[str], at: int, shown: Collection[int]) -> Word | None:
    """`3 edit:` and all that follows it, less what a device or mail program adds below."""
    found = _EDIT.fullmatch(lines[at])
    word = plain(found[2]) if found else None
    if found is None or word is None or verbs().get(word) != "edit":
        return None
    kept = [found[3].strip(), *lines[at + 1 :]]
    while kept and (not kept[-1] or is_devices(kept[-1])):
        kept.pop()
    text = "\n".join(kept).strip()
    if not text:
        raise NotTaken("an edit needs the new text after its colon")
    return Word(int(found[1]) if found[1] else _only(shown), "edit", text)


def _only(shown: Collection[int]) -> int:
    if len(shown) != 1:
        raise NotTaken(f"it names no draft, and {len(shown)} were shown: write the number before the word")
    return next(iter(shown))
