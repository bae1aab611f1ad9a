"""What we call ourselves to carriers: honestly, over HTTP and in the browser."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version


def agent_name(contact: str = "") -> str:
    """Our honest User-Agent."""
    tail = f"; {contact}" if contact else ""
    return f"orderwatch/{_version()} (+seller's own parcels{tail})"


def browser_name(contact: str = "") -> str:
    """The browser's User-Agent: what it is, and that we steer it. Empty leaves Chromium's own."""
    return (
        f"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome {agent_name(contact)}"
    )


def _version() -> str:
    try:
        return version("orderwatch")
    except PackageNotFoundError:
        return "0"
