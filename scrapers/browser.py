"""Chromium through Playwright, for pages that need a browser: one thread owns it, every call has an end.

A page gets a fresh context without downloads, permissions, service workers or WebRTC, and the gate as its only way out.
A visit that hangs is ended by killing the browser's processes; the next visit starts a new one.
"""

from __future__ import annotations

import contextlib
import os
import queue
import shutil
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as Late
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, cast

from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, Page, Playwright, Response, WebSocketRoute, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from scrapers.processes import Process, children, descendants, started

FLAGS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-first-run",
    "--no-pings",
    "--block-new-web-contents",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # names are the gate's business
)
PLACES = (
    "/usr/lib/chromium/chromium-headless-shell",  # not the wrapper in /usr/bin, which adds flags of its own
    "/usr/lib/chromium/chromium",
    "/usr/lib/chromium-browser/chromium-browser",
    "/usr/bin/chromium-headless-shell",
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
    "/opt/google/chrome/chrome",
)
MOST_BODY = 6_000_000
MOST_TEXT = 200_000
VIEWPORT = {"width": 1100, "height": 1400}


class NoBrowser(Exception):
    """No Chromium on this machine, or it does not start; the message says what to do."""


@dataclass(frozen=True, slots=True)
class BrowserState:
    """What the browser is, for `check`."""

    path: str | None
    sandboxed: bool
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A body that the page fetched for itself, or the page as it stands."""

    url: str
    body: bytes
    media_type: str
    status: int = 200


@dataclass(slots=True, kw_only=True)
class Shown:
    """What one visit showed."""

    url: str
    status: int = 0
    """Of the main document; 0 where there was none."""
    page: Answer | None = None
    data: list[Answer] = field(default_factory=list)
    text: str = ""
    screenshot: bytes | None = None
    error: str | None = None


Wants = Callable[[str, str], bool]
"""Whether an answer (address, media type) may carry the page's own data."""
Settled = Callable[[Shown], bool]
"""Whether what is there now can be read; asked again until it can or time is up."""


def find_chromium(playwrights_own: str | None = None) -> str:
    """The path of a Chromium; raises NoBrowser."""
    for place in (playwrights_own, *PLACES):
        if place and Path(place).is_file() and os.access(place, os.X_OK):
            return place
    for name in ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(name)
        if found:
            return found
    raise NoBrowser("no Chromium: run `playwright install chromium`, or `apt install chromium-headless-shell`")


def browser_state() -> BrowserState:
    """Which Chromium would be used, and how safely."""
    try:
        with sync_playwright() as playwright:
            path = find_chromium(playwright.chromium.executable_path)
    except (NoBrowser, PlaywrightError) as missing:
        return BrowserState(None, False, str(missing))
    if _is_root():
        return BrowserState(path, False, "running as root: Chromium's sandbox is off; run orderwatch as its own user")
    return BrowserState(path, True, "sandboxed")


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


class Browser:
    """Opens at the first visit, stays until `close`. Safe to call from any thread, one visit at a time."""

    def __init__(
        self,
        proxy: str,
        spki: str | None = None,
        *,
        headless: bool = True,
        agent: str = "",
        timeout: float = 30.0,
        grace: float = 15.0,
    ) -> None:
        self._proxy = proxy
        self._spki = spki
        self._headless = headless
        self._agent = agent
        self._timeout = timeout
        self._grace = grace
        self._worker: _Worker | None = None
        self._lock = threading.Lock()

    def visit(self, url: str, wants: Wants, settled: Settled) -> Shown:
        """What the page shows within the time-out. Raises NoBrowser; whatever else goes wrong is in `error`."""
        with self._lock:
            if self._worker is None or not self._worker.alive:
                self._worker = _Worker(self._proxy, self._spki, self._headless, self._agent)
            worker = self._worker
            job = worker.submit(lambda open_page: _visit(open_page, url, wants, settled, self._timeout))
            try:
                return job.result(timeout=self._timeout + self._grace)
            except Late:
                worker.kill()
                self._worker = None
                return Shown(url=url, error="the page hung and its browser was ended")
            except PlaywrightError as error:
                worker.kill()
                self._worker = None
                return Shown(url=url, error=_short(error))

    def close(self) -> None:
        with self._lock:
            if self._worker is not None:
                self._worker.close()
            self._worker = None


# --- the thread that owns Playwright ----------------------------------------------------------------------------

_Open = Callable[[], tuple[BrowserContext, Page]]
_Job = tuple[Callable[[_Open], Shown], "Future[Shown]"]


class _Worker:
    """Playwright's sync API belongs to the thread that started it: this one."""

    def __init__(self, proxy: str, spki: str | None, headless: bool, agent: str) -> None:
        self._proxy, self._spki, self._headless, self._agent = proxy, spki, headless, agent
        self._jobs: queue.Queue[_Job | None] = queue.Queue()
        self._own: set[Process] = set()
        self._thread = threading.Thread(target=self._run, name="browser", daemon=True)
        self._thread.start()

    @property
    def alive(self) -> bool:
        return self._thread.is_alive()

    def submit(self, work: Callable[[_Open], Shown]) -> Future[Shown]:
        job: Future[Shown] = Future()
        self._jobs.put((work, job))
        return job

    def close(self) -> None:
        self._jobs.put(None)
        self._thread.join(10)
        if self._thread.is_alive():
            self.kill()

    def kill(self) -> None:
        """End the processes that this worker started, by id, none of them graceful."""
        for pid, since in self._own | descendants(self._own):
            if started(pid) == since:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, signal.SIGKILL)
        self._jobs.put(None)

    def _run(self) -> None:
        before = children(os.getpid())
        try:
            with sync_playwright() as playwright:
                self._own = children(os.getpid()) - before
                chromium: Chromium | None = None
                while (job := self._jobs.get()) is not None:
                    work, result = job
                    try:
                        if chromium is None or not chromium.is_connected():
                            chromium = self._launch(playwright)
                            self._own |= descendants(self._own)
                        result.set_result(work(partial(_open, chromium, self._agent)))
                    except (PlaywrightError, NoBrowser, OSError, ValueError) as error:
                        result.set_exception(error)
                if chromium is not None:
                    chromium.close()
        except Exception as error:  # noqa: BLE001 -- the driver was killed or did not start: waiting jobs must hear of it
            self._fail(error)

    def _fail(self, error: Exception) -> None:
        with contextlib.suppress(queue.Empty):
            while True:
                job = self._jobs.get_nowait()
                if job is not None and not job[1].done():
                    job[1].set_exception(NoBrowser(f"the browser's driver stopped: {_short(error)}"))

    def _launch(self, playwright: Playwright) -> Chromium:
        path = find_chromium(playwright.chromium.executable_path)
        flags = list(FLAGS)
        if self._spki:
            flags.append(f"--ignore-certificate-errors-spki-list={self._spki}")
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR", "DISPLAY") if name in os.environ}
        try:
            return playwright.chromium.launch(
                executable_path=path,
                headless=self._headless,
                args=flags,
                chromium_sandbox=not _is_root(),
                proxy={"server": self._proxy, "bypass": "<-loopback>"},
                env=cast(dict[str, str | float | bool], kept),
                timeout=30_000,
                handle_sigint=False,
                handle_sigterm=False,
                handle_sighup=False,
            )
        except PlaywrightError as error:
            raise NoBrowser(f"Chromium at {path} does not start: {_short(error)}") from error


def _open(chromium: Chromium, agent: str) -> tuple[BrowserContext, Page]:
    context = chromium.new_context(
        accept_downloads=False,
        service_workers="block",
        permissions=[],
        locale="en-US",
        viewport=cast(Any, VIEWPORT),
        user_agent=agent or None,
    )
    context.set_default_timeout(8_000)
    context.route_web_socket(lambda url: True, _close_socket)
    return context, context.new_page()


def _close_socket(socket: WebSocketRoute) -> None:
    socket.close()


def _visit(open_page: _Open, url: str, wants: Wants, settled: Settled, timeout: float) -> Shown:
    context, page = open_page()
    shown = Shown(url=url)
    waiting: list[Response] = []
    main: list[Response] = []
    deadline = time.monotonic() + timeout

    def answered(response: Response) -> None:
        if response.request.is_navigation_request() and response.frame == page.main_frame:
            main.append(response)
        elif wants(response.url, response.headers.get("content-type", "")):
            waiting.append(response)

    page.on("response", answered)
    page.on("dialog", lambda dialog: dialog.dismiss())
    context.on("page", lambda other: other.close() if other is not page else None)
    try:
        try:
            page.goto(url, wait_until="domcontentloaded", timeout=timeout * 1000)
        except PlaywrightError as error:
            shown.error = _short(error)
        if shown.error is None:
            while True:
                _take(page, shown, waiting)
                if settled(shown) or time.monotonic() > deadline:
                    break
                page.wait_for_timeout(300)
        shown.status = main[-1].status if main else 0
        shown.url = page.url
        if shown.error is None:
            with contextlib.suppress(PlaywrightError):
                shown.text = str(page.evaluate("document.body ? document.body.innerText : ''"))[:MOST_TEXT]
            with contextlib.suppress(PlaywrightError):
                shown.screenshot = page.screenshot(type="png", full_page=False, timeout=5_000, animations="disabled")
    except PlaywrightError as error:
        shown.error = _short(error)
    finally:
        with contextlib.suppress(PlaywrightError):
            context.close()
    return shown


def _take(page: Page, shown: Shown, waiting: list[Response]) -> None:
    """The data that came since, and the page as it stands."""
    while waiting:
        response = waiting.pop(0)
        with contextlib.suppress(PlaywrightError):
            body = response.body()
            if len(body) <= MOST_BODY:
                media_type = response.headers.get("content-type", "")
                shown.data.append(Answer(url=response.url, body=body, media_type=media_type, status=response.status))
    with contextlib.suppress(PlaywrightError):  # a page in the middle of a navigation has no content
        html = page.content()
        if len(html) <= MOST_BODY:
            shown.page = Answer(
                url=page.url, body=html.encode("utf-8", "replace"), media_type="text/html; charset=utf-8"
            )


def _short(error: Exception) -> str:
    lines = [line for line in str(error).splitlines() if line.strip()]
    return (lines[0] if lines else type(error).__name__)[:200]
