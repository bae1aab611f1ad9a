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
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as Late
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import cast

from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Playwright, sync_playwright

from scrapers.processes import Process, children, descendants, started
from scrapers.visit import OpenPage, Settled, Shown, Wants, open_page, short, visit_page

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


class NoBrowser(Exception):
    """No Chromium on this machine, or it does not start; the message says what to do."""


@dataclass(frozen=True, slots=True)
class BrowserState:
    """What the browser is, for `check`."""

    path: str | None
    sandboxed: bool
    note: str


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


_DRIVER_WANTS = "`apt install libatomic1`"
NO_SANDBOX = (
    "Chromium's sandbox cannot start here, and without it no foreign page is opened: `apt install chromium-sandbox`, "
    "or let unprivileged users make namespaces"
)


def browser_state(*, start: bool = False) -> BrowserState:
    """Which Chromium would be used, and how safely; with `start`, whether it really starts."""
    try:
        with sync_playwright() as playwright:
            path = find_chromium(playwright.chromium.executable_path)
            if start:
                playwright.chromium.launch(executable_path=path, chromium_sandbox=not _is_root()).close()
    except NoBrowser as missing:
        return BrowserState(None, False, str(missing))
    except PlaywrightError as error:
        lacks = "No usable sandbox" in str(error)
        return BrowserState(None, False, NO_SANDBOX if lacks else f"Chromium does not start: {short(error)}")
    except Exception as broken:  # noqa: BLE001 -- Playwright raises a bare one where its driver does not start
        return BrowserState(None, False, f"Playwright's driver does not start ({broken}): on Debian, {_DRIVER_WANTS}")
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
            job = worker.submit(lambda opener: visit_page(opener, url, wants, settled, self._timeout))
            try:
                return job.result(timeout=self._timeout + self._grace)
            except Late:
                worker.kill()
                self._worker = None
                return Shown(url=url, error="the page hung and its browser was ended")
            except PlaywrightError as error:
                worker.kill()
                self._worker = None
                return Shown(url=url, error=short(error))

    def close(self) -> None:
        with self._lock:
            if self._worker is not None:
                self._worker.close()
            self._worker = None


# --- the thread that owns Playwright ----------------------------------------------------------------------------

_Job = tuple[Callable[[OpenPage], Shown], "Future[Shown]"]


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

    def submit(self, work: Callable[[OpenPage], Shown]) -> Future[Shown]:
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
                        result.set_result(work(partial(open_page, chromium, self._agent)))
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
                    job[1].set_exception(NoBrowser(f"the browser's driver stopped: {short(error)}"))

    def _launch(self, playwright: Playwright) -> Chromium:
        path = find_chromium(playwright.chromium.executable_path)
        flags = list(FLAGS)
        if self._spki:
            flags.append(f"--ignore-certificate-errors-spki-list={self._spki}")
        try:
            return self._start(playwright, path, flags, sandbox=not _is_root())
        except PlaywrightError as error:
            if "No usable sandbox" not in str(error):
                raise NoBrowser(f"Chromium at {path} does not start: {short(error)}") from error
        if self._spki is None:
            raise NoBrowser(NO_SANDBOX)
        return self._start(playwright, path, flags, sandbox=False)  # demo and tests: only a local site is looked at

    def _start(self, playwright: Playwright, path: str, flags: list[str], *, sandbox: bool) -> Chromium:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR", "DISPLAY") if name in os.environ}
        return playwright.chromium.launch(
            executable_path=path,
            headless=self._headless,
            args=flags,
            chromium_sandbox=sandbox,
            proxy={"server": self._proxy, "bypass": "<-loopback>"},
            env=cast(dict[str, str | float | bool], kept),
            timeout=30_000,
            handle_sigint=False,
            handle_sigterm=False,
            handle_sighup=False,
        )
