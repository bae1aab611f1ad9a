"""One thing that is wrong in a list of policies."""

from __future__ import annotations

from dataclasses import dataclass

Where = tuple[str | int, ...]


@dataclass(frozen=True)
class PolicyProblem:
    """`path` leads to the place in the list of policies: `(0, "when", 1, "no_scan_fro")`."""

    path: Where
    message: str
    hint: str = ""
