"""What may stand under the words of an answer: a signature, a device's line, a company's notice. Data: `words.yaml`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from agent.approvals.words import closings, data, devices, verbs

_WORD = re.compile(r"[^\W_]+")
_LONGEST_LINE = 100
_MOST_LINES = 8
_NOTICE = 40
"""A company's notice is a paragraph of at least so many characters."""
_PLACE = 3  # words of "Viele Grüße aus Sankt Peter-Ording"
_DEVICE_WORDS = 16
_PHONE = re.compile(r"(?:(?P<label>[^\W\d_]{1,10})[\s.:]{0,4})?(?P<number>[+(0]+\s?\d[\d\s()./-]{5,24})")
_DATE = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}")
_PAGE_OR_MAIL = re.compile(r"(?:[^\W\d_]{1,8}:\s*)?(?:https?://|www\.)?[\w.+-]*@?[\w-]+(?:\.[\w-]+)+/?(?:<\S+>)?")
_PIECES = re.compile(r"\s*[|·•,]\s*|\s[-–—]\s")
_TOWN = re.compile(
    r"(?:[a-z]{1,2}-)?\d{4,5} [^\W\d_]+(?:[ -][^\W\d_]+){0,2}|(?:[^\W\d_]+ )?[a-z]{1,2}\d[a-z\d]? \d[a-z]{2}"
)
_STREET_WORDS = 5
_STREET_ENDS = ("straße", "strasse", "str", "weg", "platz", "gasse", "allee")


def stray(lines: Sequence[str], name: str, address: str) -> str | None:
    """The first line that is no part of a signature of the sender with that name and address, or None."""
    own = _Own(name, address)
    signed, count = False, 0
    for paragraph in _paragraphs(lines):
        if signed and _is_notice(paragraph):
            continue
        for line in filter(_words, paragraph):
            count += 1
            if own.closes(line):
                signed = True
            elif is_devices(line):
                continue
            elif not signed or count > _MOST_LINES or not own.describes(line):
                return line
    return None


class _Own:
    """The sender, as a signature may tell of them."""

    def __init__(self, name: str, address: str) -> None:
        words = _words(name)
        self.words = {*words, *(word[0] for word in words), "".join(word[0] for word in words), "x", "xx", "xxx"} - {""}
        self.domain = address.rpartition("@")[2].partition(".")[0].replace("-", "").lower()

    def closes(self, line: str) -> bool:
        """A greeting, the sender's own name, or both; a place may follow a greeting."""
        words = _words(line)
        rest = list(words)
        while rest and rest[-1] in self.words:
            rest.pop()
        if words and (not rest or " ".join(rest) in _greetings()):
            return True
        for at in range(1, len(rest)):
            if rest[at] in data("places") and " ".join(rest[:at]) in _greetings():
                return 0 < len(rest) - at - 1 <= _PLACE
        return False

    def describes(self, line: str) -> bool:
        """A telephone number, a page, a mail address, the shop's name, what the sender is: nothing else."""
        if len(line) > _LONGEST_LINE:
            return False
        return self._is_detail(line) or all(self._is_detail(piece) for piece in _PIECES.split(line))

    def _is_detail(self, piece: str) -> bool:
        folded = piece.strip().lower()
        if found := _PHONE.fullmatch(folded):
            label, number = found["label"], found["number"]
            return (label is None or label in data("phones")) and not _DATE.search(number)
        words = _words(folded)
        if words and (self.words.issuperset(words) or " ".join(words) in data("posts") or _is_address(folded, words)):
            return True
        named = "".join(word for word in _words(folded.replace(".", "")) if word not in data("firms"))
        return bool(words) and (named == self.domain or _PAGE_OR_MAIL.fullmatch(folded) is not None)


def _is_address(line: str, words: Sequence[str]) -> bool:
    """A street with its number, or a town with its postal code."""
    if _TOWN.fullmatch(line):
        return True
    told = any(word.rstrip("abcd").isdigit() for word in (words[0], words[-1])) and len(words) <= _STREET_WORDS
    return told and any(word in data("streets") or word.endswith(_STREET_ENDS) for word in words)


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text)]


@cache
def _greetings() -> frozenset[str]:
    return frozenset(" ".join(_words(closing)) for closing in closings())


def _paragraphs(lines: Sequence[str]) -> list[list[str]]:
    found: list[list[str]] = [[]]
    for line in lines:
        if line:
            found[-1].append(line)
        else:
            found.append([])
    return [paragraph for paragraph in found if paragraph]


def _is_notice(paragraph: Sequence[str]) -> bool:
    """What a company adds below all its mails; it names no number, and no word of ours."""
    text = " ".join(paragraph).lower()
    words = _words(text)
    told = data("notices") | data("disclaimers")
    return (
        len(text) >= _NOTICE
        and not any(char.isdigit() for char in text)
        and not {"ok", "send", "senden"}.intersection(words)
        and len(told.intersection(words)) >= 2
        and not data("notices").isdisjoint(words)
    )


def is_devices(line: str) -> bool:
    """A line in which a device or mail program says that it sent this, and that is no longer than such lines are."""
    words = [word.strip(".!()<>*:") for word in re.split(r"[\s,/<]+", line.lower())]
    words = [word for word in words if word]
    if not 2 <= len(words) <= _DEVICE_WORDS or any(word in verbs() for word in words):
        return False
    starts = words[0] in data("begins") or words[0] in data("sent") or words[0] in devices()
    names = any(word in devices() or word.partition("-")[0] in devices() for word in words)
    return starts and names and any(word in data("sent") for word in words)
