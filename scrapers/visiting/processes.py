"""Which processes a browser left: read from /proc; where there is none, nothing is known and nothing is ended."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

_PAGE = os.sysconf("SC_PAGE_SIZE")
Process = tuple[int, str]
"""Id and start time: an id alone may be somebody else's by now."""


def _stat(pid: int) -> tuple[int, str] | None:
    """Parent and start time of a process (proc(5)), or None."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rsplit(")", 1)[1].split()
    except (OSError, IndexError):
        return None
    return int(fields[1]), fields[19]


def started(pid: int) -> str | None:
    """The start time of a process, or None where it is gone."""
    found = _stat(pid)
    return found[1] if found else None


def children(parent: int) -> set[Process]:
    """The processes that `parent` started and that still run."""
    return {(pid, since) for pid, (above, since) in _processes().items() if above == parent}


def descendants(roots: set[Process]) -> set[Process]:
    """What these processes started, and what that started."""
    table = _processes()
    known = {pid for pid, since in roots if pid in table and table[pid][1] == since}
    found: set[Process] = set()
    grown = True
    while grown:
        grown = False
        for pid, (above, since) in table.items():
            if above in known and pid not in known:
                known.add(pid)
                found.add((pid, since))
                grown = True
    return found


def _processes() -> dict[int, tuple[int, str]]:
    found: dict[int, tuple[int, str]] = {}
    with contextlib.suppress(OSError):
        for entry in os.scandir("/proc"):
            if entry.name.isdigit() and (stat := _stat(int(entry.name))) is not None:
                found[int(entry.name)] = stat
    return found


def resident(pid: int) -> int:
    """Bytes of memory that a process holds now; 0 where it is gone."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * _PAGE
    except (OSError, IndexError, ValueError):
        return 0


def command(pid: int) -> str:
    """How a process was called; empty where it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
    except OSError:
        return ""
