"""Public keys of signatures from the DNS: the only file of the reading side that asks the network for anything."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

import dns.exception
import dns.resolver

from mail.genuine.original import LookupFailed

_SECONDS = 2.0
_ALL_SECONDS = 5.0
_MOST = 12  # names asked for within one mail
_REMEMBERED = 256
_REMEMBERED_FOR = 3_600.0


class Keys:
    """A lookup for one mail after another: few names and little time for each; what was found is remembered an hour."""

    def __init__(self, ask: Callable[[str, float], bytes | None] | None = None) -> None:
        self._ask = ask or ask_dns
        self._known: dict[str, tuple[float, bytes | None]] = {}
        self.begin()

    def begin(self) -> None:
        """A new mail, which has its own time."""
        self._end = monotonic() + _ALL_SECONDS
        self._asked = 0

    def __call__(self, name: str) -> bytes | None:
        """Raises LookupFailed."""
        now = monotonic()
        if name in self._known and self._known[name][0] > now:
            return self._known[name][1]
        self._asked += 1
        if self._asked > _MOST or now >= self._end:
            raise LookupFailed("the keys of this mail take too long to look up")
        found = self._ask(name, _SECONDS)
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        self._known[name] = (now + _REMEMBERED_FOR, found)
        return found


def ask_dns(name: str, seconds: float) -> bytes | None:
    """The TXT record of a name, None where it has none. Raises LookupFailed."""
    try:
        answer = dns.resolver.resolve(name, "TXT", lifetime=seconds, search=False)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return None
    except dns.exception.DNSException as error:
        raise LookupFailed(f"the DNS gave no key for {name} ({type(error).__name__})") from error
    except OSError as error:
        raise LookupFailed(f"the DNS cannot be asked for {name} ({error})") from error
    return b"".join(answer[0].strings)
