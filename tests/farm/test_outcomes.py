"""Every scene of the farm, over HTTP first and browser first, four at a time: the right outcome, and nothing left."""

from __future__ import annotations

import ctypes
import gc
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from agent.arenas import keep_few_arenas
from agent.vocabulary import carriers as vocabulary
from agent.vocabulary.status import LookOutcome, TrackingStatus
from scrapers import carriers as pages
from scrapers import way
from scrapers.look import Look
from scrapers.looker import LookSettings, PageLooker
from scrapers.visiting.browser import NoBrowser, find_chromium
from scrapers.visiting.processes import children, command, descendants, resident
from tests.farm.carrier import BrowserFirst, Farm, carriers, running
from tests.farm.scenes import SCENES

pytestmark = [pytest.mark.browser, pytest.mark.slow]
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
NUMBER = "RR471203985FI"
LOOKS = int(os.environ.get("ORDERWATCH_LOOKS", "0"))
ENDLESS = {"stalled", "dripping-headers", "never-ending", "spinning", "spinning-at-once", "crashing-memory", "huge"}


@pytest.fixture(scope="module")
def opened() -> Iterator[tuple[Farm, PageLooker]]:
    """The farm, and a looker for which it stands for all carriers."""
    try:
        find_chromium()
    except NoBrowser as missing:
        pytest.skip(str(missing))
    known = carriers(list(SCENES))
    first = {name: BrowserFirst(host=one.page_hosts[0]) for name, one in known.items() if name.startswith("browser-")}
    shipped = dict(pages.load())
    with pytest.MonkeyPatch.context() as patch, running(SCENES) as farm:
        patch.setattr(way, "load", lambda: {**shipped, **first})
        settings = LookSettings(connect_to=farm.address, http_timeout=4, page_timeout=8, page_grace=20, page_quiet=1.5)
        looker = PageLooker(settings, known={**vocabulary.carriers(), **known})
        yield farm, looker
        looker.close()


@dataclass(frozen=True)
class Seen:
    """All looks, and what was left of them."""

    looks: dict[str, Look]
    asked: dict[str, int]
    strays: list[str]


@pytest.fixture(scope="module")
def seen(opened: tuple[Farm, PageLooker]) -> Seen:
    """One look at each scene in each way; hostile pages stand beside good ones in the same browser."""
    farm, looker = opened
    before = children(os.getpid())
    names = [f"{way}-{name}" for name in SCENES for way in ("plain", "browser")]
    with ThreadPoolExecutor(4) as pool:
        looks = dict(zip(names, pool.map(lambda name: looker.look(NUMBER, name, None, NOW), names), strict=True))
    started = children(os.getpid()) - before
    everything = started | descendants(started)
    looker.close()
    left = (children(os.getpid()) - before) | {one for one in everything if one in descendants({(1, "")})}
    strays = [command(pid) for pid, _ in left if "chrom" in command(pid) or "run-driver" in command(pid)]
    return Seen(looks, dict(farm.asked), strays)


@pytest.mark.parametrize("way", ["plain", "browser"])
@pytest.mark.parametrize("name", SCENES)
def test_each_site_gives_its_outcome(seen: Seen, name: str, way: str) -> None:
    """What can be read is read rightly; whatever else happens is said, and never a status."""
    look = seen.looks[f"{way}-{name}"]
    assert look.outcome in SCENES[name].outcomes, look.outcome_reason
    if way == "plain":
        assert SCENES[name].says in (look.outcome_reason or "")
    if look.outcome is not LookOutcome.READ:
        assert look.tracked is None
        assert look.outcome_reason
        return
    assert look.tracked is not None
    assert look.tracked.status is TrackingStatus.OUT_FOR_DELIVERY
    assert len(look.tracked.scans) == 2
    assert look.evidence is not None
    assert (look.evidence.screenshot is not None) == (way == "browser") or way == "plain"


def test_a_declared_charset_that_is_not_the_real_one_spoils_no_name(seen: Seen) -> None:
    """Köln is Köln over HTTP, whatever the header says."""
    look = seen.looks["plain-latin-1-declared-over-utf-8"]
    assert look.tracked is not None
    assert [scan.location for scan in look.tracked.scans] == ["Köln", "Gütersloh"]


def test_a_rate_limit_hands_on_how_long_to_wait(seen: Seen) -> None:
    """Retry-After is part of the look, browser or not."""
    assert seen.looks["plain-too-many"].retry_after == timedelta(seconds=120)
    assert seen.looks["browser-too-many"].retry_after == timedelta(seconds=120)


@pytest.mark.parametrize("what", ["/sw.js", "upgrade", "/popped0", "/socket"])
def test_workers_sockets_and_pop_ups_reach_nobody(seen: Seen, what: str) -> None:
    """They are off in the browser."""
    assert not [asked for asked in seen.asked if asked.endswith(what)]


def test_no_process_is_left(seen: Seen) -> None:
    """After `close` nothing that a look started runs."""
    assert seen.strays == []


@pytest.mark.skipif(not LOOKS, reason="make soak (ORDERWATCH_LOOKS=500)")
@pytest.mark.timeout(0)
def test_memory_stays_flat(opened: tuple[Farm, PageLooker]) -> None:
    """Hundreds of looks in one run hold no more at the end than after the first fifth."""
    keep_few_arenas()  # as the daemon does
    _, looker = opened
    names = [f"{way}-{name}" for name in SCENES if name not in ENDLESS for way in ("plain", "browser")]
    order = [names[at % len(names)] for at in range(LOOKS)]
    held: list[tuple[int, int]] = []
    step = max(20, LOOKS // 25)
    with ThreadPoolExecutor(4) as pool:
        for start in range(0, LOOKS, step):
            list(pool.map(lambda name: looker.look(NUMBER, name, None, NOW), order[start : start + step]))
            held.append(memory())
    for at, (ours, theirs) in enumerate(held):
        print(f"{(at + 1) * step:5} looks: {ours / 1e6:6.0f} MB ours, {theirs / 1e6:6.0f} MB browser and driver")  # noqa: T201
    fifth = max(1, len(held) // 5)
    early, late = held[:fifth], held[-fifth:]
    assert max(ours for ours, _ in late) < max(ours for ours, _ in early) * 1.15 + 20e6
    assert max(theirs for _, theirs in late) < max(theirs for _, theirs in early) * 1.25 + 50e6


def memory() -> tuple[int, int]:
    """Bytes that we hold, without what only waits for the collector or the allocator; and browser and driver."""
    gc.collect()
    if hasattr(libc := ctypes.CDLL(None), "malloc_trim"):
        libc.malloc_trim(0)
    drivers = {child for child in children(os.getpid()) if "run-driver" in command(child[0])}
    return resident(os.getpid()), sum(resident(pid) for pid, _ in drivers | descendants(drivers))
