"""How carriers are asked: addresses are built of our own data, and nothing hostile leaves its place in them."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest

from agent.vocabulary.carriers import carriers
from scrapers.carriers import Call, NeedsPostcode, Visit, load
from scrapers.reading import document

NUMBER = "AB123456785CD"
HOSTILE = [
    "../../admin",
    "1234&role=admin",
    "1234#x",
    "1234?x=y",
    "12/34",
    "@evil.example",
    "//evil.example",
    "1234\r\nHost: evil.example",
    "%2e%2e%2f",
    "{number}",
]
READERS = sorted(load())
LOOKED = [name for name in READERS if carriers()[name].looked]


def calls(visit: Visit) -> Iterator[Call]:
    """Every call of a visit; where one leads to the next, an answer full of tokens is given."""
    token = document.read(b'{"token": "t0k/../en", "access_token": "a", "key": "k", "_csrf": "c", "sessionId": "s"}')
    call = visit.data
    for _ in range(5):
        if call is None:
            return
        yield call
        call = call.then(token) if call.then else None


def asked(name: str, postcode: str | None) -> Visit | None:
    try:
        return load()[name].visit(NUMBER, postcode)
    except NeedsPostcode:
        return None


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("postcode", [None, "1012 AB", "SW1A 1AA", "69003"])
def test_only_the_carriers_own_hosts_are_asked(name: str, postcode: str | None) -> None:
    """Page and data calls are https and on hosts that the carrier's data file names."""
    visit = asked(name, postcode)
    if visit is None:
        assert postcode is None, "only a missing postcode may stop a visit"
        return
    hosts = set(carriers()[name].page_hosts)
    for address in (visit.url, *(call.url for call in calls(visit))):
        parts = urlsplit(address)
        assert parts.scheme == "https"
        assert parts.hostname in hosts, f"{parts.hostname} is not among page_hosts of {name}"
        assert parts.port is None
        assert parts.username is None
        assert " " not in address


@pytest.mark.parametrize("name", LOOKED)
def test_the_number_is_asked_for(name: str) -> None:
    """Somewhere in page or data call stands the number."""
    visit = asked(name, "1012AB")
    assert visit is not None
    told = [visit.url, *(f"{call.url} {call.json} {call.form}" for call in calls(visit))]
    assert any(NUMBER in unquote(one) for one in told)


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("postcode", HOSTILE)
def test_a_hostile_postcode_stays_in_its_place(name: str, postcode: str) -> None:
    """Host, path depth, names of the query and the fragment's place are those of a harmless postcode, or of none."""
    visit = asked(name, postcode)
    harmless = [found for code in (None, "69003", "1012AB", "SW1A1AA") if (found := asked(name, code)) is not None]
    if visit is None:
        return
    for index, address in enumerate([visit.url, *(call.url for call in calls(visit))]):
        shapes = [
            shape(address_of)
            for other in harmless
            for address_of in [other.url, *(call.url for call in calls(other))][index : index + 1]
        ]
        assert shape(address) in shapes
        assert "\r" not in address
        assert "\n" not in address


def shape(address: str) -> tuple[str, int, list[str], bool]:
    """An address without its values."""
    parts = urlsplit(address)
    names = [name for name, _ in parse_qsl(parts.query, keep_blank_values=True)]
    return parts.netloc, parts.path.count("/"), names, bool(parts.fragment)


@pytest.mark.parametrize("name", READERS)
def test_data_files_and_readers_fit(name: str) -> None:
    """A reader has a data file, which names the page's host."""
    carrier = carriers()[name]
    assert carrier.page_hosts
    assert carrier.looked or carrier.obstacles, f"{name}: not looked at, and nobody says why"
