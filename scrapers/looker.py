"""One visit to a carrier: its data call, its page over HTTP, its page in Chromium, no further down than needed.

Addresses are built from the carrier's data, a checked number and a postcode; never from a mail, never from a page.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from urllib.parse import quote, urlsplit

import httpx

from agent.vocabulary import carriers as data
from agent.vocabulary import numbers
from agent.vocabulary.status import LookOutcome
from scrapers import document, manners
from scrapers.browser import Browser, BrowserState, NoBrowser, browser_state
from scrapers.carriers import Call, Visit, load
from scrapers.fetched import DONE, Fetched, best_of, better, failed, is_final, judge, look_of
from scrapers.gate import Gate
from scrapers.identity import normalised
from scrapers.look import Look
from scrapers.manners import CarrierState
from scrapers.visit import Answer, Shown

_NUMBER = re.compile(r"^[A-Z0-9]{5,40}$")
_POSTCODE = re.compile(r"^[A-Z0-9][A-Z0-9 -]{1,10}$")
_O = LookOutcome
ROBOTS_AGE = 86_400.0
"""Seconds for which a robots.txt is believed (RFC 9309, 2.4)."""
SOON = 4.0
"""Seconds after which a refusal or an error page in the browser is taken for the answer."""


@dataclass(frozen=True, kw_only=True)
class LookSettings:
    """How to look. Filled by the daemon and the command line."""

    connect_to: str | None = None
    """HOST:PORT that stands for every carrier; tests and demo only."""
    headless: bool = True
    browser: bool = True
    http_timeout: float = 15.0
    """Seconds for one answer over HTTP, in all."""
    page_timeout: float = 25.0
    """Seconds for one page in the browser."""
    page_grace: float = 15.0
    """Seconds after that before a browser that hangs is killed."""
    use_postcode: bool = True
    """Whether the buyer's postcode may be given to a carrier that asks for it."""
    contact: str = ""
    """Where a carrier's operator can reach the seller; goes into the User-Agent."""
    budget: manners.Budget = manners.BUDGET


class PageLooker:
    """Implements `scrapers.look.Looker`. The gate runs from the first look to `close`; the browser too, if needed."""

    def __init__(
        self,
        settings: LookSettings | None = None,
        states: Mapping[str, CarrierState] | None = None,
        known: Mapping[str, data.Carrier] | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.settings = settings or LookSettings()
        self.states: dict[str, CarrierState] = dict(states or {})
        """By carrier id, changed by each look: what the store should keep."""
        self._known = known
        self._sleep = sleep
        self._gate: Gate | None = None
        self._client: httpx.Client | None = None
        self._browser: Browser | None = None
        self._robots: dict[str, tuple[float, str]] = {}
        self._lock = threading.Lock()

    def look(self, number: str, carrier: str, postcode: str | None, now: datetime) -> Look:
        """Never raises for what a page or a network does: that is an outcome."""
        asked = normalised(number)
        known = data.carrier(carrier, self._known)
        name = known.id if known else carrier
        blank = Look(carrier=name, tracking_number=asked, at=now, outcome=_O.UNREACHABLE)
        if known is None:
            return replace(blank, outcome_reason=f"no carrier {carrier!r} is known")
        if not _NUMBER.match(asked):
            return replace(blank, outcome_reason="this is no tracking number")
        visit = self._visit(known, asked, postcode)
        if visit is None:
            return replace(blank, outcome_reason="this carrier is not looked at: open its page yourself")
        state = self.states.get(name, CarrierState())
        if self.settings.connect_to is None and manners.rests(state, now):
            why = f"resting until {state.blocked_until:%Y-%m-%d %H:%M} after: {state.blocked_why}"
            return replace(blank, outcome=_O.BLOCKED, outcome_reason=why)
        with self._lock:
            try:
                fetched = self._attempts(visit, known, asked, state)
            except (OSError, httpx.HTTPError, ValueError, RuntimeError) as error:
                fetched = failed(f"{type(error).__name__}: {error}"[:200])
        if self.settings.connect_to is None:
            self.states[name] = manners.after(
                state, fetched.reading.outcome, fetched.reading.outcome_reason, now, self.settings.budget
            )
        return look_of(blank, fetched, asked)

    def check(self) -> BrowserState:
        """Which browser there is; no carrier is asked."""
        return browser_state()

    def close(self) -> None:
        if self._browser is not None:
            self._browser.close()
        if self._client is not None:
            self._client.close()
        if self._gate is not None:
            self._gate.close()
        self._browser = self._client = self._gate = None

    # --- how to ask ---------------------------------------------------------------------------------------------

    def _visit(self, carrier: data.Carrier, number: str, postcode: str | None) -> Visit | None:
        code = (postcode or "").strip().upper()
        code = code if self.settings.use_postcode and _POSTCODE.match(code) else ""
        pages = load()
        own = pages.get(carrier.id)
        if own is None:  # "DHL" may be any of its services: the number tells which
            likely = (c.carrier for c in numbers.candidates(number, carrier.id) if c.confidence >= 0.8)
            own = next((pages[c] for c in likely if c in pages and data.related(c, carrier.id, self._known)), None)
        if own is not None:
            return own.visit(number, code or None)
        if self.settings.connect_to is None or carrier.page is None:
            return None
        url = carrier.page.replace("{number}", number).replace("{postcode}", quote(code.replace(" ", "")))
        return Visit(url=url)

    def _attempts(self, visit: Visit, carrier: data.Carrier, number: str, state: CarrierState) -> Fetched:
        gate = self._open_gate(visit, carrier)
        refused = self._asks_not_to(visit)
        if refused:
            return failed(refused, _O.BLOCKED)
        self._pause(state)
        best: Fetched | None = None
        for call in [visit.data, Call(url=visit.url)] if visit.plain or not self.settings.browser else []:
            if call is None:
                continue
            got = self._fetch(call.url, carrier.id, number, gate)
            if got.reading.outcome in DONE or got.reading.outcome is _O.BLOCKED:
                return got  # a block is a stop sign, not a reason to come back as somebody else
            best = better(best, got)
        if self.settings.browser and (visit.script or not visit.plain) and not is_final(best):
            try:
                return better(best, self._browse(visit, carrier.id, number, gate))
            except NoBrowser as missing:
                if best is None:
                    best = self._fetch(visit.url, carrier.id, number, gate)
                    if best.reading.outcome not in DONE:  # a refusal of plain HTTP says nothing about the carrier
                        best = failed(str(missing))
        return best or failed("nothing was asked")

    def _open_gate(self, visit: Visit, carrier: data.Carrier) -> Gate:
        if self._gate is None:
            gate = Gate(self.settings.connect_to)
            gate.start()
            self._gate = gate
        hosts = {urlsplit(address).hostname or "" for address in _addresses(visit)}
        self._gate.allow({*carrier.page_hosts, *hosts})
        self._gate.refusals.clear()
        return self._gate

    def _pause(self, state: CarrierState) -> None:
        if self.settings.connect_to is None:
            seconds = manners.pause_before(state, datetime.now(UTC), self.settings.budget).total_seconds()
            if seconds > 0:
                self._sleep(seconds)

    def _asks_not_to(self, visit: Visit) -> str | None:
        for address in _addresses(visit):
            host = urlsplit(address).hostname or ""
            fetched, text = self._robots.get(host, (0.0, ""))
            if host not in self._robots or time.monotonic() - fetched > ROBOTS_AGE:
                text = self._robots_text(host)
                self._robots[host] = (time.monotonic(), text)
            if not manners.robots_allow(text, address):
                return f"robots.txt of {host} asks not to look"
        return None

    def _robots_text(self, host: str) -> str:
        try:
            response = self._http().get(f"https://{host}/robots.txt", timeout=4.0)
        except httpx.HTTPError:
            return ""  # the look itself will tell that the host does not answer
        if response.status_code != 200 or "html" in response.headers.get("content-type", "text/plain"):
            return ""
        return response.text[:500_000]

    # --- over HTTP ----------------------------------------------------------------------------------------------

    def _http(self) -> httpx.Client:
        if self._gate is None:
            raise RuntimeError("the gate is not open")
        if self._client is None:
            self._client = httpx.Client(
                proxy=self._gate.url,
                verify=self._gate.trust(),
                trust_env=False,
                timeout=self.settings.http_timeout,
                headers={"User-Agent": agent_name(self.settings.contact), "Accept-Language": "en"},
            )
        return self._client

    def _fetch(self, url: str, carrier: str, number: str, gate: Gate) -> Fetched:
        deadline = time.monotonic() + self.settings.http_timeout
        address = url
        try:
            for _ in range(6):
                accept = "application/json, text/html;q=0.9, */*;q=0.5"
                with self._http().stream("GET", address, headers={"Accept": accept}) as response:
                    if response.is_redirect and response.next_request is not None:
                        address = str(response.next_request.url)
                        if not address.startswith("https://"):
                            return failed("a redirect that leaves https was not followed")
                        continue
                    body = b""
                    for chunk in response.iter_bytes():
                        body += chunk
                        if len(body) > document.MOST_BYTES or time.monotonic() > deadline:
                            return failed("the answer is too big or too slow")
                    answer = Answer(
                        url=address,
                        body=body,
                        media_type=response.headers.get("content-type", ""),
                        status=response.status_code,
                    )
                    if answer.status == 502 and gate.refusals and gate.refusals[-1].tried:
                        return failed(_not_let_through(gate) or "HTTP 502")
                    return judge(answer, carrier, number)
            return failed("too many redirects")
        except httpx.TimeoutException:
            return failed("no answer in time")
        except httpx.ProxyError as error:
            return failed(_not_let_through(gate) or f"not let through: {error}")
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            return failed(f"{type(error).__name__}: {error}"[:200])

    # --- in the browser -----------------------------------------------------------------------------------------

    def _browse(self, visit: Visit, carrier: str, number: str, gate: Gate) -> Fetched:
        if self._browser is None:
            self._browser = Browser(
                gate.url,
                gate.spki,
                headless=self.settings.headless,
                agent=browser_name(self.settings.contact),
                timeout=self.settings.page_timeout,
                grace=self.settings.page_grace,
            )
        seen: dict[str, Fetched] = {}
        started = time.monotonic()

        def wants(url: str, media_type: str) -> bool:
            if visit.data_paths:
                return any(path in url for path in visit.data_paths)
            return "json" in media_type

        def settled(shown: Shown) -> bool:
            got = best_of(shown, carrier, number, seen)
            if got is None:
                return False
            # a script-rendered page is a shell at first: only a reading ends the wait early, a challenge soon after
            outcome, waited = got.reading.outcome, time.monotonic() - started
            refused = outcome is _O.BLOCKED or shown.status >= 400
            return outcome in DONE or (refused and waited > SOON)

        shown = self._browser.visit(visit.url, wants, settled)
        if shown.error is not None:
            why = _not_let_through(gate) if "TUNNEL" in shown.error else None
            return failed(why or f"browser: {shown.error}")
        if shown.status == 502 and gate.refusals and gate.refusals[-1].tried:
            return failed(_not_let_through(gate) or "HTTP 502")
        got = best_of(shown, carrier, number, seen) or failed("the page stayed empty", _O.LAYOUT_CHANGED)
        if shown.status >= 400 and got.reading.outcome not in DONE and shown.page is not None:
            got = judge(replace(shown.page, status=shown.status), carrier, number)
        return replace(got, text=shown.text, screenshot=shown.screenshot)


def _addresses(visit: Visit) -> set[str]:
    return {visit.url, visit.data.url if visit.data else visit.url}


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


def _not_let_through(gate: Gate) -> str | None:
    """Why the gate made no connection, for a human."""
    last = gate.refusals[-1] if gate.refusals else None
    if last is None:
        return None
    return f"{last.host} cannot be reached: {last.why}" if last.tried else f"not let through: {last.why}"
