"""What one attempt at a carrier gave, judged and compared with the others; pure."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from agent.vocabulary.status import LookOutcome
from scrapers.look import Evidence, Look, PageReading
from scrapers.page import OTHER_NUMBER, read_page
from scrapers.reading import document
from scrapers.reading.identity import same_number
from scrapers.visiting.shown import Answer, Shown

_O = LookOutcome
MOST_WAIT = timedelta(days=7)
DONE = {_O.READ, _O.NOT_FOUND}
"""Outcomes after which nothing more is asked."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What one attempt gave."""

    reading: PageReading
    answer: Answer | None = None
    text: str = ""
    screenshot: bytes | None = None


def judge(answer: Answer, carrier: str, number: str) -> Fetched:
    """What an answer says, its HTTP status included."""
    reading = read_page(answer.body, carrier=carrier, number=number, media_type=answer.media_type)
    if answer.status in (401, 403, 407, 429, 451, 503) and reading.outcome not in DONE:
        if answer.status == 503 and reading.outcome is not _O.BLOCKED:
            reading = PageReading(outcome=_O.UNREACHABLE, outcome_reason="HTTP 503")
        else:
            why = {429: "rate limit", 401: "refused: HTTP 401"}.get(answer.status, f"refused: HTTP {answer.status}")
            reading = PageReading(outcome=_O.BLOCKED, outcome_reason=why)
    elif answer.status >= 500 and reading.outcome is not _O.READ:
        reading = PageReading(outcome=_O.UNREACHABLE, outcome_reason=f"HTTP {answer.status}")
    elif answer.status >= 400 and reading.outcome is _O.LAYOUT_CHANGED:
        reading = replace(reading, outcome_reason=f"HTTP {answer.status}: {reading.outcome_reason}")
    return Fetched(reading, answer)


def best_of(shown: Shown, carrier: str, number: str, seen: dict[str, Fetched]) -> Fetched | None:
    """The best reading of what the browser has so far; a body is read once."""
    best: Fetched | None = None
    for answer in [*shown.data, *([shown.page] if shown.page else [])]:
        key = hashlib.sha256(answer.body).hexdigest()
        if key not in seen:
            seen[key] = judge(answer, carrier, number)
        best = better(best, seen[key])
        if best.reading.outcome is _O.READ:
            break
    return best


_WORTH = {_O.READ: 4, _O.NOT_FOUND: 3, _O.BLOCKED: 2, _O.LAYOUT_CHANGED: 1, _O.UNREACHABLE: 0}


def better(one: Fetched | None, other: Fetched) -> Fetched:
    """The one that tells more; of equals the first."""
    if one is None or _WORTH[other.reading.outcome] > _WORTH[one.reading.outcome]:
        return other
    return one


def is_final(best: Fetched | None) -> bool:
    """A host that did not answer will not do so in a browser either; a page of another parcel stays one."""
    if best is None:
        return False
    return best.reading.outcome is _O.UNREACHABLE or best.reading.outcome_reason == OTHER_NUMBER


def failed(why: str, outcome: LookOutcome = _O.UNREACHABLE) -> Fetched:
    """An attempt that gave no answer."""
    return Fetched(PageReading(outcome=outcome, outcome_reason=why))


def look_of(blank: Look, fetched: Fetched, number: str) -> Look:
    """The look that comes of an attempt: of the asked parcel alone, with its evidence."""
    reading = fetched.reading
    mine = next((p for p in reading.parcels if p.tracking_number and same_number(p.tracking_number, number)), None)
    outcome, reason = reading.outcome, reading.outcome_reason
    if outcome is _O.READ and mine is None:
        outcome, reason = _O.LAYOUT_CHANGED, "the answer does not name the number"
    return replace(
        blank,
        outcome=outcome,
        outcome_reason=reason,
        tracked=replace(mine, carrier=blank.carrier) if mine and outcome is _O.READ else None,
        evidence=_evidence(fetched, blank.at),
        retry_after=retry_after(fetched.answer, blank.at) if fetched.answer else None,
    )


def retry_after(answer: Answer, now: datetime) -> timedelta | None:
    """How long an answer asks to be left alone: seconds or a date (RFC 9110, 10.2.3)."""
    said = (answer.header("retry-after") or "").strip()
    if answer.status not in (403, 429, 503) or not said:
        return None
    if re.fullmatch(r"[0-9]{1,7}", said):
        wait = timedelta(seconds=int(said))
    else:
        try:
            wait = parsedate_to_datetime(said) - now
        except (ValueError, TypeError):  # neither; a date without a zone cannot be compared
            return None
    return min(max(wait, timedelta(0)), MOST_WAIT)


def _evidence(fetched: Fetched, at: datetime) -> Evidence | None:
    answer = fetched.answer
    if answer is None:
        return None
    text = fetched.text or document.read(answer.body, answer.media_type).visible
    return Evidence(
        url=answer.url,
        at=at,
        text=text[:200_000],
        body=answer.body,
        sha256=hashlib.sha256(answer.body).hexdigest(),
        headers=answer.headers,
        media_type=answer.media_type.split(";", 1)[0].strip() or "application/octet-stream",
        screenshot=fetched.screenshot,
    )
