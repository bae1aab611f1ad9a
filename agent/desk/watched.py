"""How each carrier is looked at and what is known to fail, as Markdown: made of the data files and the page readers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from agent.vocabulary.carriers import Carrier, Obstacle
from scrapers.carriers import CarrierPage, NeedsPostcode, Visit, how_to_visit
from scrapers.official import Official

HINDRANCES = {
    "captcha": "asks for a CAPTCHA",
    "challenge": "challenges or refuses programs",
    "key": "wants a key",
    "login": "wants an account",
    "postcode": "wants the recipient's postcode",
    "script": "needs a browser",
    "unknown": "uncertain",
    "retired": "no longer there",
}
_SAMPLE, _POSTCODE = "LX123456785XX", "1012AB"  # fit every address; nobody is asked


def carriers_page(
    carriers: Iterable[Carrier], pages: Mapping[str, CarrierPage], official: Iterable[Official] = ()
) -> str:
    """Tables, by name: the carriers that are looked at, those whose page a human opens, and who takes a key."""
    ordered = sorted(carriers, key=lambda one: (one.name.casefold(), one.id))
    looked = [one for one in ordered if one.looked and one.page]
    others = [one for one in ordered if one not in looked and one.page]
    silent = [one for one in ordered if not one.page]
    return "\n".join(
        [
            "## Looked at",
            "",
            _row("Carrier", "Id", "How", "Hosts asked", "What is known to fail, since when"),
            _row(*["---"] * 5),
            *(_looked(one, pages.get(one.id)) for one in looked),
            "",
            "## Open this link yourself",
            "",
            "Their mails are read, their saved pages too, and a parcel's link stands in the digest.",
            "",
            _row("Carrier", "Id", "Page", "Why it is not looked at, since when"),
            _row(*["---"] * 4),
            *(_row(one.name, f"`{one.id}`", _link(one), _told(one.obstacles) or "nobody wrote how") for one in others),
            "",
            "Known by their mails and numbers alone: " + ", ".join(f"{one.name} (`{one.id}`)" for one in silent) + ".",
            "",
            "## With a key of your own",
            "",
            "Never needed. With one, the carrier's official API is asked first.",
            "None of them was tried here against the live service.",
            "",
            _row("Source", "`looking.keys`", "Wants", "Answers for"),
            _row(*["---"] * 4),
            *(_keyed(one) for one in sorted(official, key=lambda one: one.name.casefold())),
        ]
    )


def _looked(one: Carrier, page: CarrierPage | None) -> str:
    visit = sample_visit(one, page)
    return _row(one.name, f"`{one.id}`", how(visit), ", ".join(one.page_hosts or hosts(visit)), _told(one.obstacles))


def _keyed(source: Official) -> str:
    whom = ", ".join(f"`{one}`" for one in sorted(source.carriers)) or "whatever a page gives nothing for"
    return _row(source.name, f"`{source.id}`", ", ".join(source.wants), whom)


def sample_visit(one: Carrier, page: CarrierPage | None) -> Visit:
    """How a carrier is asked, for an invented number. Raises Inconclusive where its file cannot say."""
    if page is None:
        return Visit(url=str(one.page))
    try:
        return how_to_visit(one.id, page, _SAMPLE, None)
    except NeedsPostcode:
        return how_to_visit(one.id, page, _SAMPLE, _POSTCODE)


def hosts(visit: Visit) -> list[str]:
    """The hosts that a visit begins at, first asked first."""
    urls = [visit.data.url, visit.url] if visit.data else [visit.url]
    return list(dict.fromkeys(urlsplit(url).hostname or "" for url in urls))


def how(visit: Visit) -> str:
    """In which order a carrier is asked."""
    asked = ["data call"] if visit.data else []
    if visit.plain:
        asked.append("page")
    if visit.script or not visit.plain:
        asked.append("page in Chromium")
    return ", ".join(asked)


def _told(obstacles: Iterable[Obstacle]) -> str:
    return "; ".join(f"{HINDRANCES[one.what]}: {one.why} ({one.since})" for one in obstacles)


def _link(one: Carrier) -> str:
    return f"`{urlsplit(one.page or '').hostname}`"


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"
