"""What is said where no browser can be driven."""

from __future__ import annotations

from typing import NoReturn

import pytest

from scrapers.visiting import browser


def test_a_driver_that_does_not_start_is_a_clear_word(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bare machine may lack a library that Playwright's own driver wants: the word says what to install."""

    def broken() -> NoReturn:
        raise Exception("Connection closed while reading from the driver")  # noqa: TRY002 -- as Playwright raises it

    monkeypatch.setattr(browser, "sync_playwright", broken)

    state = browser.browser_state()

    assert state.path is None
    assert "libatomic1" in state.note


def test_a_sandbox_that_cannot_start_is_a_clear_word(monkeypatch: pytest.MonkeyPatch) -> None:
    """`check` really starts it: without its sandbox no foreign page is opened, and the word says what to install."""

    class Chromium:
        executable_path = "/nowhere/chromium"

        def launch(self, **_options: object) -> NoReturn:
            raise browser.PlaywrightError("Target closed\nBrowser logs:\n[ERROR] No usable sandbox! Update your kernel")

    class Playwright:
        chromium = Chromium()

        def __enter__(self) -> Playwright:
            return self

        def __exit__(self, *_: object) -> None:
            """Nothing was started."""

    monkeypatch.setattr(browser, "sync_playwright", Playwright)
    monkeypatch.setattr(browser, "find_chromium", lambda own: own)

    state = browser.browser_state(start=True)

    assert state.path is None
    assert "chromium-sandbox" in state.note
