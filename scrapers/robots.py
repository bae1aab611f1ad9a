"""Each host's robots.txt, asked for once a day, and what it asks us to leave alone."""

from __future__ import annotations

import time
from urllib.parse import urlsplit

from scrapers import manners
from scrapers.asking import Asking, Unanswered
from scrapers.carriers import Call

AGE = 86_400.0
"""Seconds for which a robots.txt is believed (RFC 9309, 2.4)."""
BYTES = 500_000
"""Read of one (RFC 9309, 2.5)."""
TIME = 4.0


class Robots:
    """What the hosts have said so far."""

    def __init__(self) -> None:
        self._said: dict[str, tuple[float, str]] = {}

    def refusal(self, asking: Asking, address: str) -> str | None:
        """Why an address must be left alone, or None."""
        host = urlsplit(address).hostname or ""
        at, text = self._said.get(host, (0.0, ""))
        if host not in self._said or time.monotonic() - at > AGE:
            text = _ask(asking, host)
            self._said[host] = (time.monotonic(), text)
        return None if manners.robots_allow(text, address) else f"robots.txt of {host} asks not to look"


def _ask(asking: Asking, host: str) -> str:
    try:
        answer = asking.answer(Call(url=f"https://{host}/robots.txt"), BYTES, TIME)
    except Unanswered:
        return ""  # the look itself will tell that the host does not answer
    if answer.status != 200 or "html" in (answer.media_type or "text/plain"):
        return ""
    return answer.body.decode("utf-8", "replace")
