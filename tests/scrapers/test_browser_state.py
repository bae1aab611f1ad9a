"""What is said where no browser can be driven."""

from __future__ import annotations

from typing import NoReturn

import pytest

from scrapers import browser


def test_a_driver_that_does_not_start_is_a_clear_word(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bare machine may lack a library that Playwright's own driver wants: the word says what to install."""

    def broken() -> NoReturn:
        raise Exception("Connection closed while reading from the driver")  # noqa: TRY002 -- as Playwright raises it

    monkeypatch.setattr(browser, "sync_playwright", broken)

    state = browser.browser_state()

    assert state.path is None
    assert "libatomic1" in state.note
