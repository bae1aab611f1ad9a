"""A page of our own printed to PDF by Chromium: sandboxed like every look, offline, without script."""

from __future__ import annotations

import asyncio
from typing import Literal

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Route, async_playwright

from scrapers.visiting.browser import Launch, NoBrowser, launch
from scrapers.visiting.visit import short

_NOWHERE = "http://127.0.0.1:9"
"""The discard port: whatever the browser asks for itself ends there."""
_MOST = 90.0
"""Seconds that printing may take."""
_PAGE = "https://printing.invalid/"
_FOOT = (
    '<div style="font:7pt sans-serif;color:#555;width:100%;padding:0 16mm;display:flex;justify-content:space-between">'
    '<span>{name}</span><span><span class="pageNumber"></span> / <span class="totalPages"></span></span></div>'
)


def print_pdf(html: str, paper: Literal["A4", "Letter"], foot: str) -> bytes:
    """The page as PDF with numbered pages; `foot` is HTML-safe. Raises NoBrowser."""
    try:
        return asyncio.run(asyncio.wait_for(_print(html, paper, foot), _MOST))
    except TimeoutError:
        raise NoBrowser(f"Chromium did not print within {_MOST:.0f} seconds") from None
    except PlaywrightError as error:
        raise NoBrowser(f"Chromium did not print: {short(error)}") from error


async def _print(html: str, paper: str, foot: str) -> bytes:
    async with async_playwright() as playwright:
        chromium = await launch(playwright, Launch(nowhere=_NOWHERE))
        try:
            context = await chromium.new_context(java_script_enabled=False, service_workers="block")
            page = await context.new_page()
            body = html.encode()

            async def serve(route: Route) -> None:
                if route.request.url == _PAGE:
                    await route.fulfill(body=body, content_type="text/html; charset=utf-8")
                else:
                    await route.abort()

            await page.route("**/*", serve)
            await page.goto(_PAGE, wait_until="load", timeout=30_000)
            return await page.pdf(
                format=paper,
                print_background=True,
                prefer_css_page_size=True,
                display_header_footer=True,
                header_template="<span></span>",
                footer_template=_FOOT.replace("{name}", foot),
            )
        finally:
            await chromium.close()
