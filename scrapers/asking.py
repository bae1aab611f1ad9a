"""A carrier's calls over HTTP, without a browser: one client with its own cookies for one look.

Every address that `Call.then` leads to is held against the look's lane; the answers are judged by `fetched`.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable
from types import TracebackType
from urllib.parse import urlsplit

import httpx

from agent.vocabulary.status import LookOutcome
from scrapers.carriers import Call, Inconclusive, NotFound, Unreadable
from scrapers.fetched import Fetched, failed, judge
from scrapers.reading import document
from scrapers.visiting.gate import Lane
from scrapers.visiting.inflated import ENCODINGS, Packed, TooBig, inflated
from scrapers.visiting.shown import Answer

MOST_CALLS = 4
"""In one chain of `then`."""
MOST_REDIRECTS = 5
ACCEPT = "application/json, text/html;q=0.9, */*;q=0.5"

MayAsk = Callable[[str], str | None]
"""Why an address must be left alone (its robots.txt), or None."""


class Unanswered(Exception):
    """A request came to nothing; the message says why."""


class Asking:
    """The requests of one look. To be used in a `with` block."""

    def __init__(self, lane: Lane, trust: ssl.SSLContext, agent: str, timeout: float) -> None:
        self._lane = lane
        self._timeout = timeout
        self._trust = trust
        self._agent = agent
        self._opened: httpx.Client | None = None

    @property
    def _client(self) -> httpx.Client:
        if self._opened is None:
            self._opened = httpx.Client(
                proxy=self._lane.url,
                verify=self._trust,
                trust_env=False,
                timeout=self._timeout,
                headers={"User-Agent": self._agent, "Accept-Language": "en", "Accept-Encoding": ENCODINGS},
            )
        return self._opened

    def __enter__(self) -> Asking:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._opened is not None:
            self._opened.close()

    def fetch(self, call: Call, carrier: str, number: str, refused: MayAsk) -> Fetched:
        """What a call gives in the end, its chain followed."""
        for _ in range(MOST_CALLS):
            why = self._why_not(call.url, refused)
            if why is not None:
                return why
            try:
                answer = self.answer(call)
            except Unanswered as nothing:
                return failed(str(nothing))
            if call.then is None or answer.status >= 400:
                return judge(answer, carrier, number)
            try:
                following = call.then(document.read(answer.body, answer.media_type))
            except Inconclusive as untold:
                return failed(str(untold), LookOutcome.LAYOUT_CHANGED)
            except (Unreadable, NotFound, LookupError, TypeError, ValueError, AttributeError):
                following = None  # not the answer that the carrier's file knows: perhaps a page, or a refusal
            if following is None:
                return judge(answer, carrier, number)
            call = following
        return failed(f"more than {MOST_CALLS} calls were wanted for one look")

    def answer(self, call: Call, most: int = document.MOST_BYTES, seconds: float | None = None) -> Answer:
        """One answer, redirects followed. Raises Unanswered."""
        allowed = seconds or self._timeout
        deadline = time.monotonic() + allowed
        try:
            with self._lane.within(allowed):
                return self._answer(call, most)
        except TooBig:
            raise Unanswered("the answer is too big or too slow") from None
        except Packed as packed:
            raise Unanswered(str(packed)) from packed
        except httpx.TimeoutException:
            raise Unanswered("no answer in time") from None
        except httpx.ProxyError as error:
            raise Unanswered(self._lane.why() or f"not let through: {error}") from error
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, httpx.CookieConflict) as error:
            if time.monotonic() >= deadline:
                raise Unanswered("no answer in time") from None
            if self._lane.failed():
                raise Unanswered(self._lane.why() or "not let through") from error
            raise Unanswered(f"{type(error).__name__}: {error}"[:200]) from error

    def _answer(self, call: Call, most: int) -> Answer:
        request = self._request(call)
        for _ in range(MOST_REDIRECTS + 1):
            response = self._client.send(request, stream=True)
            try:
                if response.is_redirect and response.next_request is not None:
                    request = response.next_request
                    if request.url.scheme != "https":
                        raise Unanswered("a redirect that leaves https was not followed")
                    continue
                body = b"".join(inflated(response.iter_raw(), response.headers.get("content-encoding", ""), most))
                if self._lane.cut:  # where a body ends with its connection, half of it looks like the whole
                    raise Unanswered((self._lane.failed() and self._lane.why()) or "no answer in time")
                if response.status_code == 502 and self._lane.failed():
                    raise Unanswered(self._lane.why() or "HTTP 502")
                return Answer(
                    url=str(response.url),
                    body=body,
                    media_type=response.headers.get("content-type", ""),
                    status=response.status_code,
                    headers=tuple(response.headers.multi_items()),
                )
            finally:
                response.close()
        raise Unanswered("too many redirects")

    def _request(self, call: Call) -> httpx.Request:
        headers = {"Accept": ACCEPT, **call.headers}
        if call.json is not None:
            return self._client.build_request("POST", call.url, headers=headers, json=call.json)
        if call.form is not None:
            return self._client.build_request("POST", call.url, headers=headers, data=dict(call.form))
        return self._client.build_request("GET", call.url, headers=headers)

    def _why_not(self, url: str, refused: MayAsk) -> Fetched | None:
        """The outcome for an address that is not to be asked."""
        parts = urlsplit(url)
        if parts.scheme != "https" or (parts.hostname or "") not in self._lane.hosts:
            return failed(f"{(parts.hostname or url)[:100]} is not one of the carrier's hosts")
        why = refused(url)
        return failed(why, LookOutcome.BLOCKED) if why else None
