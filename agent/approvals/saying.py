"""What an answer says of each draft: `1 ok`, `2 no`, `3 edit: …`, or `ok` where one draft was shown."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from agent.approvals.quoting import regions
from agent.approvals.words import Verb, closings, devices, plain, verbs

_NUMBERED = re.compile(r"#?([0-9]{1,3})\s*[.:)]?\s+(\D+)|(\D+?)\s+#?([0-9]{1,3})", re.ASCII)
_EDIT = re.compile(r"\s*(?:#?([0-9]{1,3})\s*[.:)]?\s+)?([^\W\d_]{4,12})\s*:(.*)", re.DOTALL)
_SEPARATORS = re.compile(r"[,;/]")
_WORD = re.compile(r"[^\W_]+")
_LONGEST_LINE = 200
_SIGNATURE_LINES = 8


class NotTaken(Exception):
    """An answer that is refused; the message says why, for the next digest."""


@dataclass(frozen=True)
class Word:
    """One word about one draft."""

    number: int
    verb: Verb
    text: str = ""
    """The new text, of an edit."""


def read_words(text: str, shown: Collection[int], name: str = "") -> tuple[Word, ...]:
    """The words of an answer to the drafts shown; `name` is its sender's. Raises NotTaken: all holds, or nothing."""
    top, below = ([line.strip() for line in part] for part in regions(text))
    if any(top):
        if any(_says(line, shown) for line in below):
            raise NotTaken("it has words above and below what it quotes: write them in one place")
        return _words(top, shown, name)
    if any(below):
        return _words(below, shown, name)
    raise NotTaken("it has no word of its own above what it quotes")


def _words(lines: Sequence[str], shown: Collection[int], name: str) -> tuple[Word, ...]:
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
    _only_a_signature(lines[at:], shown, name)
    return tuple(found.values())


def _add(found: dict[int, Word], word: Word) -> None:
    if found.setdefault(word.number, word) != word:
        raise NotTaken(f"it says two different things about draft {word.number}")


def _says(line: str, shown: Collection[int]) -> tuple[Word, ...]:
    """The words of one line; nothing where any piece of it is something else."""
    said = plain(line) if len(line) <= _LONGEST_LINE else None
    pieces = [_piece(piece.strip().rstrip(".!").strip(), shown) for piece in _SEPARATORS.split(said)] if said else []
    return tuple(piece for piece in pieces if piece) if all(pieces) else ()


def _piece(piece: str, shown: Collection[int]) -> Word | None:
    if found := _NUMBERED.fullmatch(piece):
        number, verb = int(found[1] or found[4]), verbs().get((found[2] or found[3]).strip())
    else:
        verb = verbs().get(piece)
        number = _only(shown) if verb else 0
    return Word(number, verb) if verb and verb != "edit" else None


def _edit(lines: Sequence[str], at: int, shown: Collection[int]) -> Word | None:
    """`3 edit:` and all that follows it, less what a device or mail program adds below."""
    found = _EDIT.fullmatch(lines[at])
    word = plain(found[2]) if found else None
    if found is None or word is None or verbs().get(word) != "edit":
        return None
    kept = [found[3].strip(), *lines[at + 1 :]]
    while kept and (not kept[-1] or _is_devices(kept[-1])):
        kept.pop()
    text = "\n".join(kept).strip()
    if not text:
        raise NotTaken("an edit needs the new text after its colon")
    return Word(int(found[1]) if found[1] else _only(shown), "edit", text)


def _only(shown: Collection[int]) -> int:
    if len(shown) != 1:
        raise NotTaken(f"it names no draft, and {len(shown)} were shown: write the number before the word")
    return next(iter(shown))


def _only_a_signature(lines: Sequence[str], shown: Collection[int], name: str) -> None:
    """Under the words: nothing, or a greeting, the sender's name, a device's line. Else what was meant is unsure."""
    rest = [line for line in lines if line]
    signed = False
    for count, line in enumerate(rest):
        if _is_closing(line, name):
            signed = True
        elif _is_devices(line):
            continue
        elif not signed or count >= _SIGNATURE_LINES or not _is_address(line):
            raise NotTaken(f"there is more under the word than a signature, and I do not guess: “{line[:60]}”")


def _is_closing(line: str, name: str) -> bool:
    """A greeting, the sender's own name, or both."""
    words = [word.lower() for word in _WORD.findall(line)]
    own = {word.lower() for word in _WORD.findall(name)}
    rest = list(words)
    while rest and rest[-1] in own:
        rest.pop()
    return bool(words) and (not rest or " ".join(rest) in closings())


def _is_address(line: str) -> bool:
    """A line of a signature: a telephone number, a page, a mail address."""
    return len(line) <= 100 and (sum(char.isdigit() for char in line) >= 5 or "@" in line or "www." in line)


def _is_devices(line: str) -> bool:
    """A line that names a device or mail program, and is no longer than such lines are."""
    words = line.lower().replace(",", " ").split()
    return 2 <= len(words) <= 16 and any(word.strip(".!()<>*") in devices() for word in words)
