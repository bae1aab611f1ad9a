"""What somebody wrote themselves in an answer, told from what their mail program quoted.

Structure over wording: marks at a line's beginning, ruled lines, blocks of header fields, and the line before a quote,
which ends in a colon and tells a time or an address, in whatever language.
"""

from __future__ import annotations

import re

_LINES, _LONGEST = 2_000, 400
_RULE = re.compile(r"\s*[-_=*–—]{3,}")
_FIELD = re.compile(r"\s*\*?[^\W\d_][\w .'’-]{0,24}\*?\s?[:：]\*?\s+\S")
_WHEN_OR_WHO = re.compile(r"@|\d{1,2}[:.]\d{2}|\d{4}")
_INTRODUCED = 4  # lines that introduce a quote
_DELIMITER = ("--", "- --")


def regions(text: str) -> tuple[list[str], list[str]]:
    """Lines before the first quote, and those after a quote whose every line is marked, both without signatures."""
    lines = [line[:_LONGEST] for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")[:_LINES]]
    top: list[str] = []
    for at, line in enumerate(lines):
        if line.strip() in _DELIMITER:
            return top, _after_quote(lines, at)
        if starts_quote(lines, at):
            return top, _after_quote(lines, at)
        top.append(line)
    return top, []


def starts_quote(lines: list[str], at: int) -> bool:
    """Whether what follows is somebody else's text."""
    line = lines[at]
    if not line.strip():
        return False
    return _is_marked(line) or bool(_RULE.match(line)) or _is_fields(lines, at) or _introduces(lines, at) > 0


def _is_marked(line: str) -> bool:
    return line.lstrip().startswith((">", "|", "＞"))


def _is_fields(lines: list[str], at: int) -> bool:
    """Two or more header fields one under the other, one of them an address or a time."""
    block = [line for line in lines[at : at + 8] if line.strip()][:3]
    fields = [line for line in block if _FIELD.match(line)]
    return len(fields) >= 2 and bool(_FIELD.match(block[0])) and any(_WHEN_OR_WHO.search(line) for line in fields)


def _introduces(lines: list[str], at: int) -> int:
    """How many lines from here introduce a quote; 0 where they do not."""
    said = ""
    for count, line in enumerate(lines[at : at + _INTRODUCED], start=1):
        if not line.strip() or _is_marked(line):
            return 0
        said += f" {line}"
        if line.rstrip().endswith((":", "：")):
            return count if _WHEN_OR_WHO.search(said) and (count == 1 or _is_wrapped(lines, at)) else 0
    return 0


def _is_wrapped(lines: list[str], at: int) -> bool:
    """Whether the first of several lines is long, or tells when or who: a short one is a sentence of its own."""
    return len(lines[at]) >= 40 or bool(_WHEN_OR_WHO.search(lines[at]))


def _after_quote(lines: list[str], at: int) -> list[str]:
    """What stands below the last marked line, where everything above it is marked or introduces it.

    A quote without marks has no end that can be told: then there is nothing.
    """
    rest = lines[at:]
    last = max((place for place, line in enumerate(rest) if _is_marked(line)), default=-1)
    if last < 0 or any(_RULE.match(line) for line in rest[:last] if not _is_marked(line)):
        return []
    own: list[str] = []
    tail = rest[last + 1 :]
    for place, line in enumerate(tail):
        if line.strip() in _DELIMITER or starts_quote(tail, place):
            break
        own.append(line)
    return own
