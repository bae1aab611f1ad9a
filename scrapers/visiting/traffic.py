"""What a page asks for while it is visited: main documents, data answers that are complete, requests in flight."""

from __future__ import annotations

import asyncio
import contextlib

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page, Request, Response

from scrapers.reading.document import MOST_BYTES
from scrapers.visiting.shown import Shown, Wants

MOST_DATA = 30
"""Data answers kept of one page, and twice the size of one in all."""
MOST_NAVIGATIONS = 10
"""Main documents in one visit; more is a page that goes in circles."""
SETTLE = 0.03
"""Seconds that a page's own scripts have for what came before we look."""
LED_AWAY = "the page leads away from the carrier"
CLOSE = 5.0


class Traffic:
    """What the page asks for: main documents, data answers that are complete, requests in flight."""

    def __init__(self, page: Page, wants: Wants) -> None:
        self._page = page
        self._wants = wants
        self._wanted: dict[Request, Response] = {}
        self._ready: list[Response] = []
        self._taken = 0
        self._main: Response | None = None
        self._news, self._rest = asyncio.Event(), asyncio.Event()
        self.over: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        """Why nothing more is to be waited for."""
        self._documents = 0
        self.in_flight = 0
        page.on("request", self._began)
        page.on("response", self._answered)
        page.on("requestfinished", self._finished)
        page.on("requestfailed", self._failed)
        page.on("crash", lambda _: self._end("the page crashed"))
        page.context.on("page", self._popped_up)

    def ready(self) -> list[Response]:
        """The data answers that are complete and were not handed out yet."""
        found, self._ready = self._ready, []
        return found

    def put_into(self, shown: Shown) -> None:
        if self._main is not None:
            shown.status = self._main.status
            shown.headers = tuple(self._main.headers.items())
        shown.url = self._page.url

    async def news(self, seconds: float) -> None:
        """Until data comes, but no longer than that."""
        self._news.clear()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._news.wait(), seconds)
            await asyncio.sleep(SETTLE)

    async def at_rest(self, seconds: float) -> None:
        """Until nothing is in flight, but no longer than that."""
        if self.in_flight > 0:
            self._rest.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._rest.wait(), seconds)
                await asyncio.sleep(SETTLE)

    def _began(self, _: Request) -> None:
        self.in_flight += 1

    def _ended(self) -> None:
        self.in_flight -= 1
        if self.in_flight <= 0:
            self._rest.set()

    def _answered(self, response: Response) -> None:
        if self._is_main(response.request):
            self._main = response
            self._documents += 1
            if self._documents > MOST_NAVIGATIONS:
                self._end("the page goes in circles")
        elif (
            self._taken < MOST_DATA
            and int(response.headers.get("content-length") or 0) <= MOST_BYTES
            and self._wants(response.url, response.headers.get("content-type", ""))
        ):
            self._taken += 1
            self._wanted[response.request] = response

    def _finished(self, request: Request) -> None:
        self._ended()
        response = self._wanted.pop(request, None)
        if response is not None:
            self._ready.append(response)
            self._news.set()

    def _failed(self, request: Request) -> None:
        self._ended()
        self._wanted.pop(request, None)
        left = request.url.startswith("http") and "ERR_ABORTED" not in (request.failure or "")
        if left and self._is_main(request):
            self._end(request.failure or LED_AWAY)

    def _end(self, why: str) -> None:
        if not self.over.done():
            self.over.set_result(why)

    def _is_main(self, request: Request) -> bool:
        try:
            return request.is_navigation_request() and request.frame == self._page.main_frame
        except PlaywrightError:  # of a frame that is gone
            return False

    async def _popped_up(self, other: Page) -> None:
        if other is not self._page:
            with contextlib.suppress(PlaywrightError, TimeoutError):
                await asyncio.wait_for(other.close(), CLOSE)
