"""Official APIs and the aggregator, asked with a seller's keys: a stand-in on loopback answers as documented."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import ThreadingHTTPServer
from typing import Any

import pytest

from agent.config.settings import ApiKey, Keys
from agent.vocabulary import carriers as vocabulary
from agent.vocabulary.status import LookOutcome, TrackingStatus
from scrapers.carriers import Inconclusive, Unreadable
from scrapers.look import Look, PageReading
from scrapers.looker import LookSettings, PageLooker
from scrapers.manners import CarrierState
from scrapers.official import Asked, Key, answered_for, load
from scrapers.official.enquiries import DAY, Enquiries, Standing
from scrapers.official.joined import joined, wants_more
from scrapers.official.redacted import Redaction
from scrapers.official.verdict import verdict
from scrapers.page import OTHER_NUMBER
from scrapers.reading import document
from tests.scrapers.official_site import CLIENT, KEY, NUMBERS, SOURCES, TOKEN, UNKNOWN, Overrule, Site, parcel17

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
S, Out = TrackingStatus, LookOutcome
CARRIER = {"dhl": "dhl-paket-de", "17track": "royal-mail"}
STATUS = {
    "dhl": S.IN_TRANSIT,
    "laposte": S.DELIVERED,
    "postnord": S.IN_TRANSIT,
    "canada-post": S.OUT_FOR_DELIVERY,
    "ups": S.DELIVERED,
    "fedex": S.IN_TRANSIT,
    "usps": S.IN_TRANSIT,
    "17track": S.DELIVERED,
}


def key_of(name: str, a_day: int | None = None) -> Key:
    return Key(secrets={"key": KEY} if load()[name].wants == ("key",) else CLIENT, a_day=a_day)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def open_looker(address: str) -> Iterator[Any]:
    """Makes lookers with keys of these sources, and closes them."""
    Site.forget()
    opened: list[PageLooker] = []

    def make(*names: str, **more: Any) -> PageLooker:
        keys = {name: key_of(name, more.get("a_day")) for name in names}
        enquiries = Enquiries(keys, more.get("standings"), sleep=lambda seconds: None)
        settings = LookSettings(connect_to=address, browser=False, http_timeout=5)
        opened.append(PageLooker(settings, enquiries=enquiries))
        opened[-1].noted = enquiries  # type: ignore[attr-defined]
        return opened[-1]

    yield make
    for looker in opened:
        looker.close()


def ask(looker: PageLooker, name: str, number: str | None = None, at: datetime = NOW) -> Look:
    return looker.look(number or NUMBERS[name], CARRIER.get(name, name), "26122", at)


def hosts() -> list[str]:
    return [said.host for said in Site.said]


@pytest.mark.parametrize("name", sorted(load()))
def test_each_source_answers_to_its_key(open_looker: Any, name: str) -> None:
    """With a key the source alone is asked, the status is read, and the look says who spoke."""
    look = ask(open_looker(name), name)
    assert look.outcome is Out.READ, look.outcome_reason
    assert look.tracked is not None
    assert look.tracked.status is STATUS[name]
    assert look.tracked.tracking_number == NUMBERS[name]
    assert look.tracked.scans[0].occurred_at is not None
    assert look.source == name
    assert f"told by {load()[name].name}'s" in (look.outcome_reason or "")
    if name != "17track":
        assert look.tracked.reader == "official"
        assert set(hosts()) == set(load()[name].hosts)


@pytest.mark.parametrize("name", sorted(UNKNOWN))
def test_a_number_that_a_source_plainly_does_not_know(open_looker: Any, name: str) -> None:
    """The source's own code says so; the page is not asked any more."""
    look = ask(open_looker(name), name, UNKNOWN[name])
    assert look.outcome is Out.NOT_FOUND, look.outcome_reason
    assert set(hosts()) == set(load()[name].hosts)


@pytest.mark.parametrize("name", ["dhl", "ups", "17track"])
def test_a_refused_key_is_told_and_the_page_goes_on(open_looker: Any, name: str) -> None:
    """The refusal names the key, the page is asked as without it, and the source is left alone for a while."""
    looker = open_looker(name)
    Site.overruled[load()[name].hosts[0]] = Overrule(401, '{"message": "bad key ECHO"}')
    look = ask(looker, name)
    assert f"the key for {load()[name].name} was refused" in (look.outcome_reason or "")
    assert f"looking.keys.{name}" in (look.outcome_reason or "")
    assert any(host not in SOURCES for host in hosts())
    assert look.source is None
    asked = hosts().count(load()[name].hosts[0])
    again = ask(looker, name, at=NOW + timedelta(minutes=5))
    assert hosts().count(load()[name].hosts[0]) == asked
    assert "was refused" in (again.outcome_reason or "")


def said_of(name: str, status: int, body: str) -> PageReading:
    source = load()[name]
    asked = Asked(number=NUMBERS[name], carrier=CARRIER.get(name, name))
    return verdict(source, asked, status, document.read(body.encode()))


@pytest.mark.parametrize("name", sorted(load()))
def test_refusals_and_failures_are_told_apart(name: str) -> None:
    """401 and 403 are the key's, 429 is the pace's, 5xx is theirs."""
    for status in (401, 403):
        assert f"looking.keys.{name} " in (said_of(name, status, "{}").outcome_reason or "")
    assert [said_of(name, status, "{}").outcome for status in (403, 429, 503)] == [
        Out.BLOCKED,
        Out.BLOCKED,
        Out.UNREACHABLE,
    ]


@pytest.mark.parametrize("name", sorted(load()))
def test_no_key_is_kept_logged_or_printed(open_looker: Any, name: str, caplog: pytest.LogCaptureFixture) -> None:
    """Sources echo the key in bodies, headers and errors: nothing that is kept, shown or logged has it."""
    caplog.set_level(logging.DEBUG)
    looker = open_looker(name)
    looks = [ask(looker, name)]
    for over in (
        Overrule(401, "ECHO"),
        Overrule(500, "ECHO"),
        Overrule(200, "<html>ECHO</html>"),
        Overrule(302, "", {"Location": "https://elsewhere.example/?apikey=ECHO"}),
        Overrule(302, "", {"Location": f"http://{load()[name].hosts[0]}/?apikey=ECHO"}),
    ):
        looker.noted.standings.clear()
        Site.overruled[load()[name].hosts[0]] = over
        looks.append(ask(looker, name))
    kept = [repr(look) + (look.evidence.body.decode("latin-1") if look.evidence else "") for look in looks]
    kept += [repr(looker.noted.standings), repr(key_of(name)), caplog.text, *(str(r.args) for r in caplog.records)]
    hidden = [*(value for value in key_of(name).secrets.values()), TOKEN, "canary-Key%2F2026%2Borderwatch"]
    assert looks[0].evidence is not None
    for secret in (*hidden, "canary-Secret", "canary-Key"):
        assert all(secret not in text for text in kept), secret


def test_every_spelling_of_a_secret_is_taken_out() -> None:
    """In an address, in JSON, in a header's base64, in UTF-16."""
    hide = Redaction({"key": 'a"b/c d+e', "client_id": "someone", "client_secret": "pass/word"})
    for text in ('x a"b/c d+e x', "x=a%22b%2Fc%20d%2Be", "x=a%22b%2Fc+d%2Be", r"{\"k\":\"a\"b/c d+e\"}"):
        assert "b/c" not in hide.text(text)
        assert "b%2Fc" not in hide.text(text)
    assert "c29tZW9uZTpwYXNzL3dvcmQ" not in hide.text("Basic c29tZW9uZTpwYXNzL3dvcmQ=")


def test_a_token_is_used_again_until_it_is_called_back(open_looker: Any) -> None:
    """One token for many looks; one that is no longer good is replaced at once, without calling the key refused."""
    looker = open_looker("ups")
    ask(looker, "ups")
    ask(looker, "ups")
    assert sum("oauth" in said.path for said in Site.said) == 1
    Site.recalled = True
    assert ask(looker, "ups").outcome is Out.READ
    assert sum("oauth" in said.path for said in Site.said) == 2


def test_a_days_budget_is_kept(open_looker: Any) -> None:
    """After it the page alone is asked, until the day is over; what was counted may be carried over."""
    looker = open_looker("postnord", a_day=2)
    looks = [ask(looker, "postnord") for _ in range(3)]
    assert [look.source for look in looks] == ["postnord", "postnord", None]
    assert "2 times within a day" in (looks[2].outcome_reason or "")
    carried = open_looker("postnord", a_day=2, standings=looker.noted.standings)
    assert ask(carried, "postnord").source is None
    assert ask(carried, "postnord", at=NOW + DAY).source == "postnord"


def test_too_many_requests_give_the_source_the_rest_it_asks_for(open_looker: Any) -> None:
    """Retry-After of a 429 counts, for the source alone."""
    looker = open_looker("laposte")
    Site.overruled["api.laposte.fr"] = Overrule(429, "{}", {"Retry-After": "7200"})
    assert "too often" in (ask(looker, "laposte").outcome_reason or "")
    assert looker.noted.standings["laposte"].rests_until == NOW + timedelta(hours=2)


@pytest.mark.parametrize("name", sorted(load()))
@pytest.mark.parametrize("status", [200, 404])
def test_answers_that_nobody_knows_say_nothing(name: str, status: int) -> None:
    """No status, and no unknown number either: HTTP 404 alone is an address that moved."""
    bodies = ["", "{}", "[]", "null", "<html></html>", '{"shipments": 3}', '{"output": [[[]]]}', "{" * 5000]
    bodies += [
        '{"code": 0, "data": {"accepted": [{"number": 1}]}}',
        '{"message": "no Route matched"}',
    ]
    for body in bodies:
        reading = said_of(name, status, body)
        assert reading.outcome is Out.LAYOUT_CHANGED, body
        assert reading.parcels == ()


# --- the aggregator -------------------------------------------------------------------------------------------------


def test_the_aggregator_registers_a_number_once(open_looker: Any) -> None:
    """Asked for first; only a number that it does not know is registered, which its plan counts."""
    looker = open_looker("17track")
    ask(looker, "17track")
    ask(looker, "17track")
    paths = [said.path.rpartition("/")[2] for said in Site.said if said.host == "api.17track.net"]
    assert paths == ["gettrackinfo", "register", "gettrackinfo", "gettrackinfo"]


def test_the_aggregator_is_asked_only_where_the_page_gives_nothing(open_looker: Any) -> None:
    """After the page refused; how the page went is told beside it."""
    look = ask(open_looker("17track"), "17track")
    assert look.source == "17track"
    assert look.tracked is not None
    assert look.tracked.reader == "aggregator"
    assert look.page is not None
    assert look.page.outcome is Out.BLOCKED
    assert look.of_page is look.page
    assert hosts().index("www.royalmail.com") < hosts().index("api.17track.net")


def test_a_page_that_is_left_alone_stays_so() -> None:
    """While a carrier rests only the sources are asked; what they say neither ends nor prolongs the rest."""
    blank = Look(carrier="ups", tracking_number="1Z", at=NOW, outcome=Out.BLOCKED, outcome_reason="resting")
    told = Look(carrier="ups", tracking_number="1Z", at=NOW, outcome=Out.READ, source="17track")
    failed = Look(carrier="ups", tracking_number="1Z", at=NOW, outcome=Out.LAYOUT_CHANGED, source="17track")
    for other in (told, failed):
        look = joined(None, blank, other, rested=True)
        assert look is not None
        assert look.of_page is None
    refused = joined(None, blank, failed, rested=False)
    assert refused is not None
    assert refused.of_page is refused


@pytest.mark.parametrize(
    ("outcome", "reason", "more"),
    [
        (Out.READ, None, False),
        (Out.NOT_FOUND, "unknown", False),
        (Out.UNREACHABLE, "no network", False),
        (Out.LAYOUT_CHANGED, OTHER_NUMBER, False),
        (Out.LAYOUT_CHANGED, "no rows", True),
        (Out.BLOCKED, "captcha", True),
    ],
)
def test_when_the_aggregator_is_wanted(outcome: LookOutcome, reason: str | None, more: bool) -> None:
    """A page that answers, or no network, needs nobody else."""
    page = Look(carrier="ups", tracking_number="1Z", at=NOW, outcome=outcome, outcome_reason=reason)
    assert wants_more(page) is more
    assert wants_more(None)


def read17(row: dict[str, Any], carrier: str = "royal-mail") -> Any:
    body = json.dumps({"code": 0, "data": {"accepted": [row], "rejected": []}}).encode()
    return load()["17track"].parse(document.read(body), Asked(number=row["number"], carrier=carrier))


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (("Delivered", "Delivered_Other"), (S.DELIVERED, "signed")),
        (("Exception", "Exception_Returned"), (S.RETURNED, None)),
        (("InTransit", "InTransit_CustomsProcessing"), (S.IN_TRANSIT, "customs")),
        (("AvailableForPickup", "AvailableForPickup_Other"), (S.AVAILABLE_FOR_PICKUP, None)),
        (("DeliveryFailure", "DeliveryFailure_NoBody"), (S.DELIVERY_ATTEMPTED, "no_one_home")),
        (("Exception", "Exception_Brandnew"), (S.EXCEPTION, None)),
    ],
)
def test_the_aggregators_words_for_a_status(
    status: tuple[str, str], expected: tuple[TrackingStatus, str | None]
) -> None:
    """Its sub-status decides, else its status; words never make a delivery of them."""
    row = parcel17("LX473018652GB", status=status)
    if expected[0] is not S.DELIVERED:
        info = row["track_info"]
        info["latest_event"]["description"] = info["tracking"]["providers"][0]["events"][0]["description"] = (
            "Item update"
        )
    tracked = read17(row)[0]
    assert (tracked.status, tracked.reason) == expected


def test_the_aggregators_timer_is_no_status() -> None:
    """`Expired` says that nothing came for long: the newest row speaks."""
    row = parcel17("LX473018652GB", status=("Expired", "Expired_Other"))
    row["track_info"]["tracking"]["providers"][0]["events"].pop(0)
    row["track_info"]["latest_event"] = {}
    tracked = read17(row)[0]
    assert (tracked.status, tracked.reason) == (S.IN_TRANSIT, "accepted")


def test_another_carriers_parcel_is_not_taken_for_ours() -> None:
    """The aggregator finds carriers by itself: one that was not asked about is refused, an unknown name is not."""
    with pytest.raises(Unreadable, match="China Post"):
        read17(parcel17("LX473018652GB", provider="China Post"))
    assert read17(parcel17("LX473018652GB", provider="Somebody Express"))


def test_a_number_without_a_row_is_not_unknown() -> None:
    """A number that was just registered has no history yet: nothing is said of it."""
    row = parcel17("LX473018652GB", status=("NotFound", "NotFound_Other"))
    row["track_info"]["tracking"] = {"providers": []}
    with pytest.raises(Inconclusive, match="nothing of this number yet"):
        read17(row)


# --- the files ------------------------------------------------------------------------------------------------------


def test_every_source_can_be_configured_and_is_a_carriers() -> None:
    """The configuration has a key for each, of the kind that it wants; every carrier that it names exists."""
    models = {field.alias or name: str(field.annotation) for name, field in Keys.model_fields.items()}
    assert set(models) == set(load())
    for name, source in load().items():
        assert (ApiKey.__name__ in models[name]) is (source.wants == ("key",))
        assert source.carriers <= set(vocabulary.carriers())
    assert answered_for(["17track"]) == set(vocabulary.carriers())
    assert answered_for(["ups"]) == {"ups"}


def test_no_key_no_source() -> None:
    """Without keys nothing is asked; a standing of a source that no longer exists is left out."""
    none = Enquiries(standings={"gone": Standing()})
    assert none.source_for("ups") is None
    assert none.aggregator() is None
    assert none.standings == {}


def test_sources_are_asked_while_the_carrier_rests() -> None:
    """A block of the page is none of the API: without a network the API's own failure is told beside it."""
    states = {"ups": CarrierState(blocked_until=NOW + timedelta(hours=5), blocked_why="captcha")}
    enquiries = Enquiries({"ups": key_of("ups")}, {"ups": Standing(rests_until=NOW + DAY, why="it was refused")})
    look = PageLooker(states=states, enquiries=enquiries).look(NUMBERS["ups"], "ups", None, NOW)
    assert look.outcome is Out.BLOCKED
    assert "captcha" in (look.outcome_reason or "")
    assert "it was refused" in (look.outcome_reason or "")
    assert look.of_page is None
