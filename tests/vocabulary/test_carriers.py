"""The carriers' data files: complete, consistent, and without double names."""

import re

import pytest

from agent.vocabulary.carriers import Carrier, carrier, carriers, related
from agent.vocabulary.checksums import CHECKS

ALL = list(carriers().values())


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.id)
def test_each_file_is_complete(one: Carrier) -> None:
    """Source and day are told, patterns compile, checks exist, domains and hosts are exact."""
    assert one.source
    assert one.seen_on
    assert one.parent is None or one.parent in carriers()
    for shape in one.numbers:
        assert re.compile(shape.pattern)
        assert shape.checksum is None or shape.checksum in CHECKS
        assert 0 < shape.confidence < 1
        assert all(re.fullmatch(r"[A-Z]{2}", country) for country in (*shape.countries, *shape.within))
        assert set(re.compile(shape.pattern).groupindex) <= {"service", "day"}
        assert bool(shape.services) == ("service" in re.compile(shape.pattern).groupindex)
    for name in (*one.mail_domains, *one.page_hosts):
        assert re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", name)
    assert all(word == word.lower() for word in (*one.aliases, *one.brand_words))


@pytest.mark.parametrize("one", [one for one in ALL if one.page], ids=lambda one: one.id)
def test_a_page_leads_to_one_of_its_own_hosts(one: Carrier) -> None:
    """A look may reach the page it is sent to."""
    assert one.page is not None
    assert one.page.removeprefix("https://").partition("/")[0] in one.page_hosts


def test_no_name_means_two_carriers() -> None:
    """Ids, names and aliases are unique in any case."""
    owner: dict[str, str] = {}
    for one in ALL:
        for name in {one.id, one.name.lower(), *one.aliases}:
            assert owner.setdefault(name, one.id) == one.id, name


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("USPS", "usps"),
        ("hermes-uk", "evri"),
        ("auspost", "australia-post"),
        ("Colissimo", "laposte"),
        ("oesterreichische-post", "post-at"),
        ("canadapost", "canada-post"),
        ("nobody", None),
    ],
)
def test_names_and_aliases_lead_to_the_carrier(name: str, found: str | None) -> None:
    """Any spelling that mails and sellers use."""
    one = carrier(name)
    assert (one.id if one else None) == found


def test_a_parent_is_accepted_where_a_child_is_meant() -> None:
    """`dpd` and `dpd-uk` are related, sisters are not."""
    assert related("dpd", "dpd-uk")
    assert related("gls-nl", "gls")
    assert not related("gls-nl", "gls-de")
