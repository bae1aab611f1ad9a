"""The carriers of the sample shop answer as the real ones would."""

from __future__ import annotations

import json
from datetime import timedelta

import httpx
import pytest

from agent.demo.carriers_pages import answer
from agent.demo.carriers_site import running_site
from agent.demo.story import ShopOrder, load_story
from agent.vocabulary.status import LookOutcome, TrackingStatus
from scrapers.looker import LookSettings, PageLooker

STORY = load_story()
FIRST, CLOCK = STORY.passes
ADDRESSES = {
    "usps": ("tools.usps.com", "/go/TrackConfirmAction?tLabels={}"),
    "dhl-paket-de": ("www.dhl.de", "/int-verfolgen/data/search?piececode={}&language=de"),
    "postnl": ("jouw.postnl.nl", "/track-and-trace/api/trackAndTrace/{}?language=en"),
    "japan-post": ("trackings.post.japanpost.jp", "/services/srv/search/direct?reqCodeNo1={}&locale=en"),
    "ups": ("www.ups.com", "/track?loc=en_US&tracknum={}"),
}
LOOKED_AT = [order for order in STORY.orders if order.parcel and order.parcel.page]


def ask(order: ShopOrder, **more: object) -> tuple[int, str]:
    assert order.parcel is not None
    host, target = ADDRESSES[order.parcel.carrier]
    given = answer(STORY, more.get("now", CLOCK), host, target.format(order.parcel.number))  # type: ignore[arg-type]
    return given.status, given.body.decode()


@pytest.mark.parametrize("order", LOOKED_AT, ids=lambda order: order.order_id)
def test_each_page_shows_what_had_happened_by_now(order: ShopOrder) -> None:
    """A page has the rows up to the time of the visit, and echoes the number; a refusal shows neither."""
    assert order.parcel is not None
    page = order.parcel.page
    assert page is not None
    for now in (FIRST, CLOCK):
        status, body = ask(order, now=now)
        if page.refused:
            assert (status, order.parcel.number in body) == (403, False)
            continue
        assert status == 200
        assert order.parcel.number in body
        for row in page.rows:
            assert body.count(row.words) >= (row.at <= now)
        later = {row.words for row in page.rows if row.at > now} - {row.words for row in page.until(now)}
        assert not any(words in body for words in later)


def test_a_page_changes_between_the_passes() -> None:
    """Some parcel is seen to move from the first pass to the second."""
    assert any(ask(order, now=FIRST) != ask(order, now=CLOCK) for order in LOOKED_AT)


def test_usps_refuses_whatever_is_no_browser() -> None:
    """A plain request gets what the real site gives it: 403."""
    given = answer(STORY, CLOCK, "tools.usps.com", "/go/TrackConfirmAction?tLabels=1", browser=False)
    assert given.status == 403


def test_dhl_says_delivered_only_by_its_flag_and_only_afterwards() -> None:
    """The flag of the delivered parcel is not set before its last row happened."""
    order = STORY.order("11-15327-83654")
    assert order.parcel
    assert order.parcel.page
    delivered_at = order.parcel.page.rows[-1].at
    for now, flag in ((delivered_at - timedelta(minutes=1), False), (delivered_at, True)):
        details = json.loads(ask(order, now=now)[1])["sendungen"][0]["sendungsdetails"]
        assert details["istZugestellt"] is flag


def test_unknown_numbers_are_plainly_unknown() -> None:
    """Every carrier that answers says so when it has no such number, and never shows rows."""
    for carrier, words in {
        "usps": "could not locate",
        "dhl-paket-de": "keineDatenVerfuegbar",
        "postnl": '{"colli": {}}',
        "japan-post": "was not found",
    }.items():
        host, target = ADDRESSES[carrier]
        assert words in answer(STORY, CLOCK, host, target.format("XX000000000XX")).body.decode()


def test_a_number_cannot_become_markup() -> None:
    """What is asked for is echoed as letters and digits only."""
    body = answer(STORY, CLOCK, "tools.usps.com", "/go/TrackConfirmAction?tLabels=%3Cscript%3E").body.decode()
    assert "<script>" not in body


def test_strangers_get_nothing() -> None:
    """A host that is no carrier, or an address that a carrier has not, is 404; robots are allowed everywhere."""
    assert answer(STORY, CLOCK, "www.example.com", "/").status == 404
    assert answer(STORY, CLOCK, "tools.usps.com", "/elsewhere").status == 404
    assert b"Allow: /" in answer(STORY, CLOCK, "tools.usps.com", "/robots.txt").body


@pytest.mark.server
def test_the_site_tells_carriers_apart_by_host() -> None:
    """One address on loopback serves all carriers, and its clock can be set from pass to pass."""
    order = STORY.order("14-14058-40366")
    assert order.parcel
    with running_site(STORY, FIRST) as site, httpx.Client(base_url=f"http://{site.address}") as client:
        headers = {"Host": "tools.usps.com", "Sec-Fetch-Mode": "navigate"}
        target = f"/go/TrackConfirmAction?tLabels={order.parcel.number}"
        before = client.get(target, headers=headers)
        site.now = CLOCK
        after = client.get(target, headers=headers)
        other = client.get(target, headers={"Host": "www.dhl.de"})
    assert "Out for Delivery" not in before.text
    assert "Out for Delivery" in after.text
    assert other.status_code == 404
    assert site.requests == [("tools.usps.com", target), ("tools.usps.com", target), ("www.dhl.de", target)]


@pytest.mark.browser
@pytest.mark.slow
def test_real_looks_at_the_site_see_what_the_story_tells() -> None:
    """One visit to each carrier through the gate, USPS in a real Chromium: the outcome and status of the story."""
    seen = {}
    with running_site(STORY, CLOCK) as site:
        looker = PageLooker(LookSettings(connect_to=site.address))
        try:
            for order_id in ("14-14058-40366", "11-15327-83654", "11-15338-44190", "27-14060-92247", "27-14055-60478"):
                order = STORY.order(order_id)
                assert order.parcel
                look = looker.look(order.parcel.number, order.parcel.carrier, order.buyer.address.postcode, CLOCK)
                seen[order.parcel.carrier] = (look.outcome, look.tracked.status if look.tracked else None)
        finally:
            looker.close()
    assert seen == {
        "usps": (LookOutcome.READ, TrackingStatus.OUT_FOR_DELIVERY),
        "dhl-paket-de": (LookOutcome.READ, TrackingStatus.DELIVERED),
        "postnl": (LookOutcome.READ, TrackingStatus.IN_TRANSIT),
        "japan-post": (LookOutcome.READ, TrackingStatus.IN_TRANSIT),
        "ups": (LookOutcome.BLOCKED, None),
    }
