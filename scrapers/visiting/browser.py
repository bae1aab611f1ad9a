"""Which Chromium there is, and how it is started: sandboxed, without a profile, without what a look can spare."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from playwright.async_api import Browser as Chromium
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Playwright
from playwright.sync_api import sync_playwright

from scrapers.visiting.visit import short

HEAP = 256
"""Megabytes of one page's JavaScript."""
FLAGS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--no-pings",
    "--block-new-web-contents",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # names are the gate's business
    f"--js-flags=--max-old-space-size={HEAP}",
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """How to start it."""

    nowhere: str
    """A proxy that lets nothing through: for whatever the browser asks outside of a page's own context."""
    spki: str | None = None
    """Hash of a key to be trusted without an authority; only where a local site stands for the carriers."""
    headless: bool = True


async def launch(playwright: Playwright, how: Launch) -> Chromium:
    """A running Chromium. Raises NoBrowser."""
    path = find_chromium(playwright.chromium.executable_path)
    try:
        return await _start(playwright, path, how, sandbox=not _is_root())
    except PlaywrightError as error:
        if "No usable sandbox" not in str(error):
            raise NoBrowser(f"Chromium at {path} does not start: {short(error)}") from error
    if how.spki is None:
        raise NoBrowser(NO_SANDBOX)
    return await _start(playwright, path, how, sandbox=False)  # demo and tests: only a local site is looked at


async def _start(playwright: Playwright, path: str, how: Launch, *, sandbox: bool) -> Chromium:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR", "DISPLAY") if name in os.environ}
    flags = list(FLAGS)
    if how.spki:
        flags.append(f"--ignore-certificate-errors-spki-list={how.spki}")
    return await playwright.chromium.launch(
        executable_path=path,
        headless=how.headless,
        args=flags,
        chromium_sandbox=sandbox,
        proxy={"server": how.nowhere, "bypass": "<-loopback>"},
        env=cast(dict[str, str | float | bool], kept),
        timeout=30_000,
        handle_sigint=False,
        handle_sigterm=False,
        handle_sighup=False,
    )


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0
