"""Asking official sources with the seller's keys: who can be asked, how often, with which token.

The caller sees to it that one source is asked once at a time.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal

from agent.vocabulary.status import LookOutcome
from scrapers.asking import MOST_CALLS, Asking, Unanswered
from scrapers.carriers import Call, Refused
from scrapers.fetched import Fetched, failed, retry_after
from scrapers.official import Asked, Key, Official, Secrets, load
from scrapers.official.bearer import token_of
from scrapers.official.redacted import Redaction
from scrapers.official.verdict import refused, verdict
from scrapers.reading import document
from scrapers.visiting.shown import Answer

log = logging.getLogger("orderwatch")
REST = timedelta(hours=6)
"""After a refusal, unless the source says how long."""
DAY = timedelta(days=1)
_MARGIN = 60.0
"""Seconds before its end at which a token is no longer used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What must be remembered of a source between looks. Times are aware."""

    since: datetime | None = None
    """When the day that is counted began."""
    requests: int = 0
    rests_until: datetime | None = None
    why: str | None = None


class Enquiries:
    """The sources that there is a key for, and how each of them stands."""

    def __init__(
        self,
        keys: Mapping[str, Key] | None = None,
        standings: Mapping[str, Standing] | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._keys = dict(keys or {})
        self.standings: dict[str, Standing] = {name: one for name, one in (standings or {}).items() if name in load()}
        """By source, changed by each enquiry: what should be kept."""
        self._sleep = sleep
        self._tokens: dict[str, tuple[str, float]] = {}
        self._last: dict[str, float] = {}

    def source_for(self, carrier: str) -> Official | None:
        """The carrier's own API, where there is a key for it."""
        return next((one for one in self._sources() if carrier in one.carriers), None)

    def aggregator(self) -> Official | None:
        """Who is asked where a carrier's page gives nothing."""
        return next((one for one in self._sources() if not one.carriers), None)

    def why_not(self, source: Official, now: datetime) -> str | None:
        """What speaks against asking a source now: its rest, or its day's budget."""
        standing = self.standings.get(source.id, Standing())
        if standing.rests_until is not None and now < standing.rests_until:
            return f"{standing.why or 'it refused'}; asked again after {standing.rests_until:%Y-%m-%d %H:%M}"
        most = self._keys[source.id].a_day or source.a_day
        if standing.since is not None and now < standing.since + DAY and standing.requests >= most:
            return f"{source.name}'s API was asked {most} times within a day"
        return None

    def ask(self, source: Official, asked: Asked, asking: Asking, now: datetime) -> Fetched:
        """What a source answers; no key is in it. A refusal gives the source a rest."""
        for noisy in ("httpx", "httpcore"):
            logging.getLogger(noisy).setLevel(logging.WARNING)  # they print addresses, and PostNord's holds the key
        secrets = dict(self._keys[source.id].secrets)
        try:
            fetched = self._ask(source, asked, secrets, asking, now)
        except Unanswered as nothing:
            fetched = failed(f"{source.name}'s API: {Redaction(secrets).text(str(nothing))}")
        except Refused as stop:
            fetched = failed(refused(source, Redaction(secrets).text(str(stop))), LookOutcome.BLOCKED)
        except (OSError, ValueError, RuntimeError) as error:
            fetched = failed(f"{source.name}'s API: {type(error).__name__}")  # its words may hold the key
        if fetched.reading.outcome is LookOutcome.BLOCKED:
            self._rest(source, fetched, now)
        return fetched

    def _sources(self) -> list[Official]:
        return [load()[name] for name in self._keys]

    def _ask(self, source: Official, asked: Asked, secrets: dict[str, str], asking: Asking, now: datetime) -> Fetched:
        held = source.id in self._tokens
        answer = self._told(source, asked, secrets, asking, now)
        if answer.status == 401 and held:  # tokens may be called back before their end
            answer = self._told(source, asked, secrets, asking, now)
        reading = verdict(source, asked, answer.status, document.read(answer.body, answer.media_type))
        kind: Literal["official", "aggregator"] = "official" if source.carriers else "aggregator"
        return Fetched(replace(reading, parcels=tuple(replace(one, reader=kind) for one in reading.parcels)), answer)

    def _told(self, source: Official, asked: Asked, secrets: dict[str, str], asking: Asking, now: datetime) -> Answer:
        if source.token is not None:
            secrets["token"] = self._token(source, secrets, asking)
        answer = self._chain(source, source.call(asked, secrets), Redaction(secrets), asking, now)
        if answer.status == 401:
            self._tokens.pop(source.id, None)
        return answer

    def _chain(self, source: Official, call: Call, hide: Redaction, asking: Asking, now: datetime) -> Answer:
        """The last answer of a chain of `then`."""
        for _ in range(MOST_CALLS):
            self._count(source, now)
            answer = hide.answer(self._answer(source, call, asking))
            following: Call | None = None
            if call.then is not None and answer.status < 400:
                following = call.then(document.read(answer.body, answer.media_type))
            if following is None:
                return answer
            call = following
        raise Unanswered(f"more than {MOST_CALLS} calls were wanted for one look")

    def _answer(self, source: Official, call: Call, asking: Asking) -> Answer:
        due = self._last.get(source.id, float("-inf")) + source.pause
        if (seconds := due - time.monotonic()) > 0:
            self._sleep(seconds)
        self._last[source.id] = time.monotonic()
        return asking.answer(call)

    def _token(self, source: Official, secrets: Secrets, asking: Asking) -> str:
        """The token that is still good, else a new one. Raises Refused and Unanswered."""
        held = self._tokens.get(source.id)
        if held is not None and time.monotonic() < held[1]:
            return held[0]
        if source.token is None:
            raise RuntimeError(f"{source.id} gives no tokens")
        answer = self._answer(source, source.token(secrets), asking)
        if answer.status >= 500:
            raise Unanswered(f"HTTP {answer.status}")
        if answer.status >= 400:
            raise Refused(f"HTTP {answer.status}")
        token = token_of(document.read(answer.body, answer.media_type))
        self._tokens[source.id] = (token.text, time.monotonic() + max(token.seconds - _MARGIN, 0.0))
        return token.text

    def _count(self, source: Official, now: datetime) -> None:
        standing = self.standings.get(source.id, Standing())
        if standing.since is None or now >= standing.since + DAY:
            standing = Standing(since=now)
        self.standings[source.id] = replace(standing, requests=standing.requests + 1)

    def _rest(self, source: Official, fetched: Fetched, now: datetime) -> None:
        why = fetched.reading.outcome_reason or "it refused"
        wait = (retry_after(fetched.answer, now) if fetched.answer else None) or REST
        standing = self.standings.get(source.id, Standing())
        self.standings[source.id] = replace(standing, rests_until=now + wait, why=why)
        log.warning("%s; it is left alone until %s", why, (now + wait).astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC"))
