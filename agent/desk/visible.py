"""Any text made harmless for a terminal: on its line, of bounded length, without control characters."""

from __future__ import annotations

import unicodedata


def visible(text: str | None, limit: int = 500) -> str:
    """One line. Addresses stay as they are: unlike `agent.digest.untrusted`, this is for a human's own screen."""
    bounded = (text or "")[: 8 * limit]
    kinds = ((char, unicodedata.category(char)) for char in bounded)
    # What has no shape of its own (escapes, bidi overrides, tags) has no business on a terminal.
    seen = "".join(" " if kind in ("Cc", "Zl", "Zp", "Zs") else "" if kind[0] == "C" else char for char, kind in kinds)
    words = " ".join(seen.split())
    return words if len(words) <= limit else f"{words[: limit - 1].rstrip()}…"


def visible_lines(text: str) -> str:
    """Several lines, each as `visible`."""
    return "\n".join(visible(part) for part in text.splitlines())
