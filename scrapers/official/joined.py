"""One look made of what an official source, the carrier's page and an aggregator said in turn; pure."""

from __future__ import annotations

from dataclasses import replace

from agent.vocabulary.status import LookOutcome
from scrapers.fetched import DONE
from scrapers.look import Look
from scrapers.page import OTHER_NUMBER

_STUCK = {LookOutcome.BLOCKED, LookOutcome.LAYOUT_CHANGED}


def wants_more(page: Look | None) -> bool:
    """Whether an aggregator is asked: the page is opened by hand, refuses, or cannot be read."""
    return page is None or (page.outcome in _STUCK and page.outcome_reason != OTHER_NUMBER)


def joined(official: Look | None, page: Look | None, aggregator: Look | None, *, rested: bool) -> Look | None:
    """What is told where the official source did not answer; None where nobody was asked.

    `rested`: the page was left alone, and its look says no more than that.
    """
    asked = None if rested else page
    if aggregator is not None and aggregator.outcome in DONE:
        return replace(aggregator, page=asked, outcome_reason=_said(aggregator, official))
    if page is None:
        last = aggregator or official
        return last and replace(last, outcome_reason=_said(last, official))
    other = aggregator or official
    source = other.source if other is not None and rested else page.source
    return replace(page, source=source, outcome_reason=_said(page, official, aggregator))


def _said(told: Look, *others: Look | None) -> str | None:
    """Its reason, and why the others did not answer; a reason that is compared stays alone."""
    if told.outcome_reason == OTHER_NUMBER:
        return told.outcome_reason
    reasons = [told.outcome_reason, *(other.outcome_reason for other in others if other is not None)]
    return "; ".join(dict.fromkeys(reason for reason in reasons if reason))[:600] or None
