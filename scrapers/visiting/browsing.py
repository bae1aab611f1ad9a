"""Visits in one Chromium, several at a time: one thread owns it, every call has an end, no page takes another with it.

A page that crashes is lost alone. One that hangs is closed; where even that hangs, or where it takes too much memory,
its processes are killed. Pages that lose their browser to another one are visited again, in a browser of their own.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import threading
from concurrent.futures import CancelledError, Future
from concurrent.futures import TimeoutError as Late
from typing import Any

from playwright.async_api import Browser as Chromium
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Playwright, async_playwright

from scrapers.visiting.browser import Launch, NoBrowser, launch
from scrapers.visiting.processes import Process, children, command, descendants, resident, started
from scrapers.visiting.shown import Shown
from scrapers.visiting.visit import Hung, Visiting, short, visit_page

MOST_MEMORY = 900_000_000
"""Bytes that one process of the browser may hold."""
WATCH = 1.0
START = 45.0
END = 10.0
_STARTING = threading.Lock()
"""One driver starts at a time, so that each is told from the others."""


class Lost(Exception):
    """The browser ended during a visit, through no known fault of the page."""


class Browser:
    """Opens at the first visit, stays until `close`. Safe to call from several threads at once."""

    def __init__(self, how: Launch, grace: float = 20.0) -> None:
        self._how = how
        self._grace = grace
        self._worker: _Worker | None = None
        self._lock = threading.Lock()
        self._alone = threading.Lock()

    def visit(self, visiting: Visiting) -> Shown:
        """What the page shows. Raises NoBrowser; whatever else goes wrong is in `error`."""
        with self._lock:
            if self._worker is None or not self._worker.alive:
                self._worker = _Worker(self._how)
            worker = self._worker
        try:
            return worker.visit(visiting, self._grace)
        except Lost:
            return self._again(visiting)

    def close(self) -> None:
        with self._lock:
            worker, self._worker = self._worker, None
        if worker is not None:
            worker.close()

    def _again(self, visiting: Visiting) -> Shown:
        with self._alone:
            worker = _Worker(self._how)
            try:
                return worker.visit(visiting, self._grace)
            except Lost:
                return Shown(url=visiting.url, error="the page brings its browser down")
            finally:
                worker.close()


class _Worker:
    """A thread with a loop, Playwright's driver, and a Chromium that is started anew where it has ended."""

    def __init__(self, how: Launch) -> None:
        self._how = how
        self._ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._broken: NoBrowser | None = None
        self._driver: set[Process] = set()
        self._chromium: Chromium | None = None
        self._starting: asyncio.Lock | None = None
        self._playwright: Playwright | None = None
        self._visits = 0
        self._thread = threading.Thread(target=self._run, name="browser", daemon=True)
        self._thread.start()

    @property
    def alive(self) -> bool:
        return self._thread.is_alive()

    def visit(self, visiting: Visiting, grace: float) -> Shown:
        """From any thread. Raises NoBrowser and Lost."""
        if not self._ready.wait(START):
            self.kill()
            raise NoBrowser("the browser's driver does not start in time")
        if self._broken is not None:
            raise self._broken
        if self._loop is None:
            raise Lost
        work = self._visit(visiting)
        try:
            job: Future[Shown] = asyncio.run_coroutine_threadsafe(work, self._loop)
        except RuntimeError:  # its loop has just ended
            work.close()
            raise Lost from None
        try:
            return job.result(timeout=visiting.timeout + grace)
        except Late:
            job.cancel()
            self.kill()
            return Shown(url=visiting.url, error="the page hung and its browser was ended")
        except CancelledError:  # its loop ended under it
            raise Lost from None

    def close(self) -> None:
        self._ready.wait(START)
        loop, stop = self._loop, self._stop
        if loop is not None and stop is not None:
            with contextlib.suppress(RuntimeError):  # it has ended already
                loop.call_soon_threadsafe(stop.set)
        self._thread.join(END)
        if self._thread.is_alive():
            self.kill()
            self._thread.join(END)

    def kill(self) -> None:
        """End the driver and all that it started, none of them graceful."""
        _kill(self._driver, with_roots=True)
        loop, stop = self._loop, self._stop
        if loop is not None and stop is not None:
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(stop.set)

    def _run(self) -> None:
        try:
            asyncio.run(self._main())
        except Exception as error:  # noqa: BLE001 -- the driver did not start or was killed: whoever waits must hear of it
            self._broken = NoBrowser(f"the browser's driver stopped: {short(error)}")
        finally:
            self._loop = None
            self._ready.set()

    async def _main(self) -> None:
        self._stop, self._starting = asyncio.Event(), asyncio.Lock()
        asyncio.get_running_loop().set_exception_handler(_complain)
        with _STARTING:
            before = children(os.getpid())
            self._playwright = await asyncio.wait_for(async_playwright().start(), START)
            self._driver = {child for child in children(os.getpid()) - before if "run-driver" in command(child[0])}
        self._loop = asyncio.get_running_loop()
        self._ready.set()
        watch = asyncio.ensure_future(self._watch_memory())
        try:
            await self._stop.wait()
        finally:
            self._loop = None
            watch.cancel()
            with contextlib.suppress(PlaywrightError, TimeoutError):
                if self._chromium is not None:
                    await asyncio.wait_for(self._chromium.close(), END / 2)
            with contextlib.suppress(PlaywrightError, TimeoutError):
                await asyncio.wait_for(self._playwright.stop(), END / 2)
            _kill(self._driver, with_roots=True)

    async def _visit(self, visiting: Visiting) -> Shown:
        self._visits += 1
        try:
            chromium = await self._open()
            shown = await visit_page(chromium, visiting)
        except Hung:
            _kill(self._driver)
            return Shown(url=visiting.url, error="the page hung and its browser was ended")
        else:
            if shown.error is not None and not chromium.is_connected():
                raise Lost
            return shown
        finally:
            self._visits -= 1

    async def _open(self) -> Chromium:
        if self._starting is None or self._playwright is None:
            raise Lost
        async with self._starting:
            if self._chromium is None or not self._chromium.is_connected():
                self._chromium = await launch(self._playwright, self._how)
            return self._chromium

    async def _watch_memory(self) -> None:
        """A page that takes too much memory loses its process, and so crashes alone."""
        while True:
            await asyncio.sleep(WATCH)
            if self._visits:
                for process in descendants(self._driver):
                    if resident(process[0]) > MOST_MEMORY:
                        _end(process)


def _kill(roots: set[Process], *, with_roots: bool = False) -> None:
    """End what these processes started; again while something new appears, as a zygote may be forking."""
    for _ in range(5):
        found = descendants(roots) | (roots if with_roots else set())
        for process in found:
            _end(process)
        if not found - roots:
            return


def _end(process: Process) -> None:
    pid, since = process
    if started(pid) == since:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)


def _complain(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Playwright's calls that nobody waits for any more may fail unheard; whatever else goes wrong is told."""
    if not isinstance(context.get("exception"), PlaywrightError) and "future" not in context:
        loop.default_exception_handler(context)
