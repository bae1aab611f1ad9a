"""A mail as its signatures cover it: its bytes, and where public keys come from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Lookup = Callable[[str], bytes | None]
"""The TXT record of a name, None where there is none; raises LookupFailed where that cannot be told."""


class LookupFailed(Exception):
    """The DNS gave no answer: nothing can be told from that."""


class NotCheckable(Exception):
    """Two programs could read this mail differently, or checking it would take too long."""


@dataclass(frozen=True, slots=True)
class Original:
    raw: bytes
    lookup: Lookup
