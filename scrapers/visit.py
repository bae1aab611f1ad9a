"""One visit in an open Chromium: a fresh context, the page, the data it fetches for itself, a picture of it."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, Page, Response, WebSocketRoute
from playwright.sync_api import Error as PlaywrightError

MOST_BODY = 6_000_000
MOST_TEXT = 200_000
VIEWPORT = {"width": 1100, "height": 1400}


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

OpenPage = Callable[[], tuple[BrowserContext, Page]]


def open_page(chromium: Chromium, agent: str) -> tuple[BrowserContext, Page]:
    """A fresh page without downloads, permissions, service workers or sockets."""
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


def visit_page(opener: OpenPage, url: str, wants: Wants, settled: Settled, timeout: float) -> Shown:
    """What a page shows, asked again until `settled` or `timeout` seconds are over."""
    context, page = opener()
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
            shown.error = short(error)
        if shown.error is None:
            while True:
                _take(page, shown, waiting)
                shown.status = main[-1].status if main else 0
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
        shown.error = short(error)
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


def short(error: Exception) -> str:
    """The first line of an error of Playwright's."""
    lines = [line for line in str(error).splitlines() if line.strip()]
    return (lines[0] if lines else type(error).__name__)[:200]
