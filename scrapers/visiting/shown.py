"""What came of asking a carrier: answers, and what a browser showed. Values only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A body that came over HTTP or that a page fetched for itself, or the page as it stands."""

    url: str
    body: bytes
    media_type: str
    status: int = 200
    headers: Headers = ()

    def header(self, name: str) -> str | None:
        """The first header field of this name, in lower case."""
        return next((value for key, value in self.headers if key.lower() == name), None)


@dataclass(slots=True, kw_only=True)
class Shown:
    """What one visit showed."""

    url: str
    status: int = 0
    """Of the main document; 0 where there was none."""
    headers: Headers = ()
    """Of the main document."""
    page: Answer | None = None
    data: list[Answer] = field(default_factory=list)
    text: str = ""
    screenshot: bytes | None = None
    error: str | None = None


Wants = Callable[[str, str], bool]
"""Whether an answer (address, media type) may carry the page's own data."""
Settled = Callable[[Shown], bool]
"""Whether what is there now can be read; asked again until it can or time is up. Called in another thread."""
