"""The first page of an evidence folder, for somebody at eBay who has never heard of us: what, when, from where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

from agent.vocabulary.visible import visible


@dataclass(frozen=True, kw_only=True)
class Piece:
    """One page or mail; `files` are the names that it is written under, the one to open first in front."""

    at: datetime
    what: str
    shows: str
    source: str
    """The page's address, or who sent the mail."""
    sha256: str
    """Of the page or mail as it was received."""
    files: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Cover:
    """What all pieces are about."""

    order_id: str
    items: tuple[str, ...]
    parcels: tuple[str, ...]
    zone: ZoneInfo
    left_out: tuple[str, ...] = ()


_ABOUT = (
    "Each entry is a page of the carrier's public tracking site, or a mail that the carrier sent, kept as it was "
    "received and not changed since. Pictures (.png) show the page as it was seen, .txt files hold its words, and the "
    "other files are the original data."
)
_CHECK = (
    "The SHA-256 of an entry is the fingerprint of its original, taken when it was received: any program that counts "
    "SHA-256 gives the same for the original file as long as nobody changed it."
)
_STYLE = (
    "body{font:16px/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.4rem .8rem .4rem 0;"
    "border-bottom:1px solid #ccc}code{font-size:.75rem;word-break:break-all}"
)


def as_text(cover: Cover, pieces: Sequence[Piece]) -> str:
    lines = [f"Evidence for eBay order {cover.order_id}", ""]
    lines += [*_facts(cover), "", _ABOUT, "", _CHECK, ""]
    for number, piece in enumerate(pieces, 1):
        lines += [
            f"{number}. {_when(piece.at, cover.zone)}: {visible(piece.what)}",
            f"   Shows: {visible(piece.shows)}",
        ]
        lines += [f"   From: {visible(piece.source)}", f"   SHA-256: {piece.sha256}"]
        lines += [f"   File: {name}" for name in piece.files]
        lines += [f"   Note: {visible(piece.note)}"] if piece.note else []
        lines.append("")
    if not pieces:
        lines += ["No page or mail of a carrier is kept for this order.", ""]
    return "\n".join([*lines, *cover.left_out, ""]).rstrip() + "\n"


def as_html(cover: Cover, pieces: Sequence[Piece]) -> str:
    """No script, nothing fetched, every stranger's word escaped."""
    rows = "".join(_row(number, piece, cover.zone) for number, piece in enumerate(pieces, 1))
    table = f"<table><tr><th>No.<th>When<th>What<th>Files</tr>{rows}</table>" if pieces else ""
    nothing = "" if pieces else "<p>No page or mail of a carrier is kept for this order.</p>"
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>Evidence for eBay order {escape(cover.order_id)}</title><style>{_STYLE}</style></head><body>"
        f"<h1>Evidence for eBay order {escape(cover.order_id)}</h1>"
        f"<p>{'<br>'.join(escape(fact) for fact in _facts(cover))}</p><p>{_ABOUT}</p><p>{_CHECK}</p>{table}{nothing}"
        f"{''.join(f'<p>{escape(words)}</p>' for words in cover.left_out)}</body></html>\n"
    )


def _row(number: int, piece: Piece, zone: ZoneInfo) -> str:
    files = "<br>".join(f'<a href="{escape(name)}">{escape(name)}</a>' for name in piece.files)
    note = f"<br>{escape(visible(piece.note))}" if piece.note else ""
    return (
        f"<tr><td>{number}<td>{escape(_when(piece.at, zone))}<td><b>{escape(visible(piece.what))}</b><br>"
        f"{escape(visible(piece.shows))}<br>From: {escape(visible(piece.source))}{note}<br>"
        f"<code>SHA-256 {escape(piece.sha256)}</code><td>{files}</tr>"
    )


def _facts(cover: Cover) -> list[str]:
    facts = [f"Item: {visible(item)}" for item in cover.items]
    facts += [f"Parcel: {visible(parcel)}" for parcel in cover.parcels]
    return [*facts, f"Times are those of {cover.zone.key}."]


def _when(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%d %B %Y, %H:%M}"
