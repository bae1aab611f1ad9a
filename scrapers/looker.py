"""One visit to a carrier: its data call, its page over HTTP, its page in Chromium, no further down than needed.

Addresses are built from the carrier's data, a checked number and a postcode; never from a mail, never from a page.
"""

from __future__ import annotations

import contextlib
import re
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial

import httpx

from agent.vocabulary import carriers as data
from agent.vocabulary.status import LookOutcome
from scrapers import manners
from scrapers.agent_name import agent_name, browser_name
from scrapers.asking import Asking
from scrapers.carriers import Call, Inconclusive, Visit
from scrapers.fetched import DONE, Fetched, best_of, better, failed, is_final, judge, look_of
from scrapers.look import Look, PageReading
from scrapers.manners import CarrierState
from scrapers.official import Asked, Official
from scrapers.official.enquiries import Enquiries
from scrapers.official.joined import joined, wants_more
from scrapers.reading.identity import normalised
from scrapers.robots import Robots
from scrapers.visiting.browser import BrowserState, Launch, NoBrowser, browser_state
from scrapers.visiting.browsing import Browser
from scrapers.visiting.gate import Gate, Lane
from scrapers.visiting.shown import Shown
from scrapers.visiting.traffic import LED_AWAY
from scrapers.visiting.visit import Visiting
from scrapers.way import calls_of, hosts_of, way

_NUMBER = re.compile(r"^[A-Z0-9]{5,40}$")
_O = LookOutcome


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
    page_quiet: float = 4.0
    """Seconds without a change and without a request after which a page, a refusal among them, is taken as it is."""
    page_grace: float = 20.0
    """Seconds after that before a browser that hangs is killed."""
    at_once: int = 4
    """Looks at the same time, each at another carrier."""
    use_postcode: bool = True
    """Whether the buyer's postcode may be given to a carrier that asks for it."""
    contact: str = ""
    """Where a carrier's operator can reach the seller; goes into the User-Agent."""
    budget: manners.Budget = manners.BUDGET


class PageLooker:
    """Implements `scrapers.look.Looker`, for several threads at once. Gate and browser run, once needed, to `close`."""

    def __init__(
        self,
        settings: LookSettings | None = None,
        states: Mapping[str, CarrierState] | None = None,
        known: Mapping[str, data.Carrier] | None = None,
        sleep: Callable[[float], None] = time.sleep,
        gate: Gate | None = None,
        pictured: Callable[[str, PageReading], bool] = lambda number, reading: True,
        enquiries: Enquiries | None = None,
    ) -> None:
        """`pictured` says whether a page in the browser, read so, is worth a picture: it costs a quarter of a look."""
        self.settings = settings or LookSettings()
        self.states: dict[str, CarrierState] = dict(states or {})
        """By carrier id, changed by each look: what the store should keep."""
        self._known = known
        self._sleep = sleep
        self._given = gate
        self._pictured = pictured
        self._enquiries = enquiries or Enquiries()
        self._gate: Gate | None = None
        self._trust: ssl.SSLContext | None = None
        self._nowhere: Lane | None = None
        self._browser: Browser | None = None
        self._robots = Robots()
        self._asked: dict[str, datetime] = {}
        self._turns: dict[str, threading.Lock] = {}
        self._slots = threading.BoundedSemaphore(self.settings.at_once)
        self._lock = threading.Lock()

    def look(self, number: str, carrier: str, postcode: str | None, now: datetime) -> Look:
        """Never raises for what a page or a network does: that is an outcome. One look at a time at each host."""
        asked = normalised(number)
        known = data.carrier(carrier, self._known)
        name = known.id if known else carrier
        blank = Look(carrier=name, tracking_number=asked, at=now, outcome=_O.UNREACHABLE)
        if known is None:
            return replace(blank, outcome_reason=f"no carrier {carrier!r} is known")
        if not _NUMBER.match(asked):
            return replace(blank, outcome_reason="this is no tracking number")
        official = self._enquire(self._enquiries.source_for(name), blank)
        if official is not None and official.outcome in DONE:
            return official
        rested = self._rests(name, now)
        page = self._at_page(known, postcode, blank)
        aggregator = self._enquire(self._enquiries.aggregator(), blank) if wants_more(page) else None
        by_hand = replace(blank, outcome_reason="this carrier is not looked at: open its page yourself")
        return joined(official, page, aggregator, rested=rested) or by_hand

    def _at_page(self, known: data.Carrier, postcode: str | None, blank: Look) -> Look | None:
        """A look at the carrier's page; None where the seller opens it."""
        name, asked, now = known.id, blank.tracking_number, blank.at
        code = postcode if self.settings.use_postcode else None
        try:
            found = way(known, asked, code, self._known, watched_only=self.settings.connect_to is None)
        except Inconclusive as untold:
            return replace(blank, outcome=_O.LAYOUT_CHANGED, outcome_reason=str(untold))
        if found is None:
            return None
        visit, hosts = found
        with self._turn({name, *hosts_of(visit)}):
            state = self.states.get(name, CarrierState())
            if self._rests(name, now):
                why = f"resting until {state.blocked_until:%Y-%m-%d %H:%M} after: {state.blocked_why}"
                return replace(blank, outcome=_O.BLOCKED, outcome_reason=why)
            try:
                fetched = self._attempts(visit, hosts, known.id, asked, state)
            except (OSError, httpx.HTTPError, ValueError, RuntimeError) as error:
                fetched = failed(f"{type(error).__name__}: {error}"[:200])
            if self.settings.connect_to is None:
                self.states[name] = manners.after(
                    state, fetched.reading.outcome, fetched.reading.outcome_reason, now, self.settings.budget
                )
        return look_of(blank, fetched, asked)

    def _rests(self, name: str, now: datetime) -> bool:
        return self.settings.connect_to is None and manners.rests(self.states.get(name, CarrierState()), now)

    def _enquire(self, source: Official | None, blank: Look) -> Look | None:
        """What a source says that there is a key for; robots.txt is for who has none."""
        if source is None:
            return None
        asked = Asked(number=blank.tracking_number, carrier=blank.carrier)
        with self._turn(source.hosts):
            why = self._enquiries.why_not(source, blank.at)
            if why is not None:
                return replace(blank, outcome=_O.BLOCKED, outcome_reason=why, source=source.id)
            gate, trust = self._open_gate()
            agent, lane = agent_name(self.settings.contact), gate.lane(source.hosts)
            try:
                with Asking(lane, trust, agent, self.settings.http_timeout) as asking, self._slots:
                    fetched = self._enquiries.ask(source, asked, asking, blank.at)
            finally:
                lane.close()
        return replace(look_of(blank, fetched, blank.tracking_number), source=source.id)

    def check(self) -> BrowserState:
        """Which browser there is; no carrier is asked."""
        return browser_state()

    def close(self) -> None:
        """Ends browser and gate; the next look starts them again."""
        with self._lock:
            browser, gate, nowhere = self._browser, self._gate, self._nowhere
            self._browser = self._gate = self._nowhere = self._trust = None
        if browser is not None:
            browser.close()
        if nowhere is not None:
            nowhere.close()
        if gate is not None:
            gate.close()

    # --- over HTTP ----------------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def _turn(self, names: Iterable[str]) -> Iterator[None]:
        """While the block runs nobody else asks these; always taken in one order, so that none waits in a circle."""
        with contextlib.ExitStack() as held:
            for name in sorted(names):
                with self._lock:
                    turn = self._turns.setdefault(name, threading.Lock())
                held.enter_context(turn)
            yield

    def _attempts(self, visit: Visit, hosts: frozenset[str], carrier: str, number: str, state: CarrierState) -> Fetched:
        gate, trust = self._open_gate()
        lane = gate.lane(hosts)
        try:
            with Asking(lane, trust, agent_name(self.settings.contact), self.settings.http_timeout) as asking:
                for call in calls_of(visit):
                    refused = self._robots.refusal(asking, call.url)
                    if refused:
                        return failed(refused, _O.BLOCKED)
                self._pause(visit, state)
                with self._slots:
                    return self._ask(visit, carrier, number, lane, asking)
        finally:
            lane.close()

    def _ask(self, visit: Visit, carrier: str, number: str, lane: Lane, asking: Asking) -> Fetched:
        refused = partial(self._robots.refusal, asking)
        best: Fetched | None = None
        for call in calls_of(visit) if visit.plain or not self.settings.browser else []:
            got = asking.fetch(call, carrier, number, refused)
            if got.reading.outcome in DONE or got.reading.outcome is _O.BLOCKED:
                return got  # a block is a stop sign, not a reason to come back as somebody else
            best = better(best, got)
        if self.settings.browser and (visit.script or not visit.plain) and not is_final(best):
            try:
                return better(best, self._browse(visit, carrier, number, lane))
            except NoBrowser as missing:
                if best is None:
                    best = asking.fetch(Call(url=visit.url), carrier, number, refused)
                    if best.reading.outcome not in DONE:  # a refusal of plain HTTP says nothing about the carrier
                        best = failed(str(missing))
        return best or failed("nothing was asked")

    def _open_gate(self) -> tuple[Gate, ssl.SSLContext]:
        with self._lock:
            if self._gate is None or self._trust is None:
                gate = self._given or Gate(self.settings.connect_to)
                gate.start()
                self._gate, self._trust = gate, gate.trust()
            return self._gate, self._trust

    def _pause(self, visit: Visit, state: CarrierState) -> None:
        """Between two requests to a host, whichever carrier's they are; the budget is that of a person."""
        if self.settings.connect_to is not None:
            return
        hosts = hosts_of(visit)
        times = [at for at in (state.last_request_at, *(self._asked.get(host) for host in hosts)) if at is not None]
        last = replace(state, last_request_at=max(times, default=None))
        seconds = manners.pause_before(last, datetime.now(UTC), self.settings.budget).total_seconds()
        if seconds > 0:
            self._sleep(seconds)
        self._asked.update(dict.fromkeys(hosts, datetime.now(UTC)))

    # --- in the browser -----------------------------------------------------------------------------------------

    def _open_browser(self) -> Browser:
        gate, _ = self._open_gate()
        with self._lock:
            if self._browser is None:
                self._nowhere = gate.lane(())
                how = Launch(nowhere=self._nowhere.url, spki=gate.spki, headless=self.settings.headless)
                self._browser = Browser(how, self.settings.page_grace)
            return self._browser

    def _browse(self, visit: Visit, carrier: str, number: str, lane: Lane) -> Fetched:
        seen: dict[str, Fetched] = {}
        started = time.monotonic()

        def wants(url: str, media_type: str) -> bool:
            if visit.data_paths:
                return any(path in url for path in visit.data_paths)
            return "json" in media_type

        def pictured() -> bool:
            best = max(seen.values(), key=lambda got: got.reading.outcome is _O.READ, default=None)
            return best is not None and self._pictured(number, best.reading)

        def settled(shown: Shown) -> bool:
            got = best_of(shown, carrier, number, seen)
            if got is None:
                return False
            # a script-rendered page is a shell at first: only a reading ends the wait early, a challenge soon after
            outcome, waited = got.reading.outcome, time.monotonic() - started
            refused = outcome is _O.BLOCKED or shown.status >= 400
            return outcome in DONE or (refused and waited > self.settings.page_quiet)

        lane.cut = False  # an HTTP call that was ended says nothing of the page
        shown = self._open_browser().visit(
            Visiting(
                url=visit.url,
                proxy=lane.url,
                wants=wants,
                settled=settled,
                agent=browser_name(self.settings.contact),
                timeout=self.settings.page_timeout,
                quiet=self.settings.page_quiet,
                pictured=pictured,
            )
        )
        if shown.error is not None:
            stopped = "TUNNEL" in shown.error or shown.error == LED_AWAY or ("net::" in shown.error and lane.failed())
            why = lane.why() if stopped else None
            return failed(why or f"browser: {shown.error}")
        if lane.cut or (shown.status == 502 and lane.failed()):
            return failed(lane.why() or "HTTP 502")
        got = best_of(shown, carrier, number, seen) or failed("the page stayed empty", _O.LAYOUT_CHANGED)
        if shown.status >= 400 and got.reading.outcome not in DONE and shown.page is not None:
            got = judge(replace(shown.page, status=shown.status), carrier, number)
        answer = got.answer and replace(got.answer, headers=got.answer.headers or shown.headers)
        return replace(got, answer=answer, text=shown.text, screenshot=shown.screenshot)
