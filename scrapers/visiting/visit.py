"""One visit in an open Chromium: a fresh context, the page, the data it fetches for itself, a picture of it."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

from playwright.async_api import Browser as Chromium
from playwright.async_api import BrowserContext, Frame, Page
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import TimeoutError as PlaywrightTimeout

from scrapers.reading.document import MOST_BYTES
from scrapers.visiting.shown import Answer, Settled, Shown, Wants
from scrapers.visiting.traffic import LED_AWAY, Traffic

T = TypeVar("T")
MOST_TEXT = 200_000
MOST_FRAMES = 5
POLL = 0.25
BUSY = 0.7
"""Seconds for which a page that is still asking for something is not yet read."""
STILL, LONGEST = 100, 700
"""Milliseconds for which a document must not change before it is taken, and for which that is waited for."""
CALL = 8.0
"""Seconds that one call into the browser may take."""
CLOSE = 5.0
OVER = 2.0
"""Seconds over its time that a visit may take."""
VIEWPORT = {"width": 1100, "height": 1400}


class Hung(Exception):
    """A page cannot be closed: its browser must be ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visiting:
    """One page to be visited."""

    url: str
    proxy: str
    wants: Wants
    settled: Settled
    agent: str = ""
    timeout: float = 25.0
    quiet: float = 4.0
    """Seconds without a change or a request in flight after which a page is taken to be all there is."""
    pictured: Callable[[], bool] = lambda: True
    """Whether a picture is wanted of a page that is settled: it costs a quarter of a visit."""


async def visit_page(chromium: Chromium, visiting: Visiting) -> Shown:
    """What a page shows, asked again until it is settled, quiet, or time is up. Raises Hung."""
    shown = Shown(url=visiting.url)
    if not visiting.url.startswith("https://"):
        shown.error = "only https pages are visited"
        return shown
    context: BrowserContext | None = None
    try:
        context = await _in_time(_fresh(chromium, visiting), CALL)
        page = await _in_time(context.new_page(), CALL / 2)
        traffic = Traffic(page, visiting.wants)
        work = asyncio.ensure_future(_look_at(page, shown, visiting, traffic))
        either: set[asyncio.Future[Any]] = {work, traffic.over}
        await asyncio.wait(either, timeout=visiting.timeout + OVER, return_when=asyncio.FIRST_COMPLETED)
        if work.done():
            work.result()
        else:
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)
            shown.error = traffic.over.result() if traffic.over.done() else "the page hung"
    except PlaywrightTimeout:
        shown.error = "no answer in time"
    except TimeoutError:
        shown.error = "the page hung"
    except PlaywrightError as error:
        shown.error = short(error)
    finally:
        if context is not None:
            await _close(context)
    return shown


async def _fresh(chromium: Chromium, visiting: Visiting) -> BrowserContext:
    """A context without downloads, permissions or service workers, and one way out, for sockets too."""
    context = await chromium.new_context(
        accept_downloads=False,
        service_workers="block",
        permissions=[],
        locale="en-US",
        viewport=cast(Any, VIEWPORT),
        user_agent=visiting.agent or None,
        proxy={"server": visiting.proxy, "bypass": "<-loopback>"},
    )
    context.set_default_timeout(CALL * 1000)
    return context


async def _close(context: BrowserContext) -> None:
    try:
        await _in_time(context.close(), CLOSE)
    except TimeoutError:
        raise Hung from None
    except PlaywrightError:
        pass  # its browser is gone, and the page with it


async def _look_at(page: Page, shown: Shown, visiting: Visiting, traffic: Traffic) -> None:
    loop = asyncio.get_running_loop()
    end = loop.time() + visiting.timeout
    await _in_time(
        page.goto(visiting.url, wait_until="domcontentloaded", timeout=visiting.timeout * 1000), visiting.timeout + 1
    )
    changed, last = loop.time(), b""
    while True:
        await traffic.at_rest(BUSY)
        with contextlib.suppress(TimeoutError):  # busy: perhaps it will have time in a moment
            await _take(page, shown, traffic, max(0.5, min(CALL, end - loop.time())))
        traffic.put_into(shown)
        now = _mark(shown)
        if now != last:
            changed, last = loop.time(), now
        if await asyncio.to_thread(visiting.settled, shown):
            if visiting.pictured():
                with contextlib.suppress(PlaywrightError, TimeoutError):
                    shown.screenshot = await _in_time(page.screenshot(animations="disabled"), CALL)
            return
        if traffic.in_flight:
            changed = loop.time()
        if loop.time() > end or loop.time() - changed > visiting.quiet:
            break
        await traffic.news(POLL)
    if not page.url.startswith("https://"):
        shown.error = LED_AWAY
    elif shown.page is None and not shown.data and loop.time() > end:
        shown.error = "the page did not come to rest in time"


async def _take(page: Page, shown: Shown, traffic: Traffic, seconds: float) -> None:
    """The data that came since, and the page as it stands."""
    for response in traffic.ready():
        with contextlib.suppress(PlaywrightError):
            body = await _in_time(response.body(), seconds)
            held = sum(len(answer.body) for answer in shown.data)
            if len(body) <= MOST_BYTES and held + len(body) <= 2 * MOST_BYTES:
                shown.data.append(
                    Answer(
                        url=response.url,
                        body=body,
                        media_type=response.headers.get("content-type", ""),
                        status=response.status,
                        headers=tuple(response.headers.items()),
                    )
                )
    snapshot = await _snapshot(page.main_frame, seconds)
    if snapshot is not None:
        shown.page, shown.text = snapshot
    framed = [frame for frame in page.frames if frame is not page.main_frame and frame.url.startswith("https://")]
    known = {answer.body for answer in shown.data}
    for frame in framed[:MOST_FRAMES]:
        inner, _ = await _snapshot(frame, seconds) or (None, "")
        if inner is not None and inner.body not in known:
            shown.data = [answer for answer in shown.data if answer.url != inner.url or answer.headers]
            shown.data.append(inner)


@cache
def _script() -> str:
    """The script that takes a document once it stands still."""
    return Path(__file__).with_name("snapshot.js").read_text(encoding="utf-8")


async def _snapshot(frame: Frame, seconds: float) -> tuple[Answer, str] | None:
    """A document of the carrier's as it stands, and its text; None while it loads, is no web page or too big."""
    url = frame.url
    if not url.startswith("https://"):
        return None
    try:
        found = await _in_time(frame.evaluate(_script(), [MOST_BYTES, MOST_TEXT, STILL, LONGEST]), seconds)
    except PlaywrightError:  # a page in the middle of a navigation has no content
        return None
    if not found or not found.get("ready") or not found.get("html"):
        return None
    body = str(found["html"]).encode("utf-8", "replace")
    return Answer(url=url, body=body, media_type="text/html; charset=utf-8"), str(found.get("text") or "")


def _mark(shown: Shown) -> bytes:
    """Differs where something changed."""
    digest = hashlib.sha256(shown.page.body if shown.page else b"")
    for answer in shown.data:
        digest.update(answer.url.encode("utf-8", "replace"))
    return digest.digest()


async def _in_time(call: Awaitable[T], seconds: float) -> T:
    """Our own time-out: some of Playwright's calls have none."""
    return await asyncio.wait_for(call, seconds)


def short(error: Exception) -> str:
    """The first line of an error of Playwright's."""
    lines = [line for line in str(error).splitlines() if line.strip()]
    return (lines[0] if lines else type(error).__name__)[:200]
