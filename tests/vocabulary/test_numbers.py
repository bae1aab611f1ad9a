"""Tracking numbers: candidates, context, running text."""

import json
import os
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.vocabulary import numbers_in_text
from agent.vocabulary.candidates import Fit, fits
from agent.vocabulary.numbers import (
    ACT,
    Context,
    asked_in_order,
    candidates,
    destination_zip,
    find,
    normalise,
    zip_agrees,
)

CORPUS = Path(os.environ.get("ORDERWATCH_CORPUS") or Path(__file__).parents[3] / "shared" / "corpus")


def best(number: str, declared: str | None = None) -> tuple[str, str]:
    first = candidates(number, declared)[0]
    return first.carrier, first.checksum


def test_blanks_dashes_and_invisible_characters_are_left_out() -> None:
    """A number is compared as carriers write it."""
    assert normalise(" 1z 999-aa1\u00a001 2345\u200b6784 ") == "1Z999AA10123456784"


@pytest.mark.parametrize(
    ("number", "carrier"),
    [
        ("1Z999AA10123456784", "ups"),
        ("9400 1112 0620 6406 2607 87", "usps"),
        ("RB123456785GB", "royal-mail"),
        ("EE123456785JP", "japan-post"),
        ("RR123456785CN", "china-post"),
        ("CP123456785KR", "korea-post"),
        ("RB123456785CV", "s10"),
        ("00340434161094042557", "dhl-paket-de"),
        ("3SABCD012345678", "postnl"),
        ("YT2412345678901234", "yunexpress"),
        ("TBA123456789012", "amazon"),
    ],
)
def test_a_number_that_checks_is_surely_its_carriers(number: str, carrier: str) -> None:
    """The right carrier stands first, sure enough to act on."""
    first = candidates(number)[0]
    assert first.carrier == carrier
    assert first.checksum != "fail"
    assert first.confidence >= ACT


def test_s10_goes_by_the_issuing_post() -> None:
    """A country that no post uses gives no candidate; a failing check digit leaves a weak one."""
    assert candidates("RB123456785XX") == ()
    assert best("RB123456786GB") == ("royal-mail", "fail")
    assert candidates("RB123456786GB", declared="Royal Mail")[0].confidence < ACT


def test_colliding_shapes_are_all_kept_and_none_is_sure() -> None:
    """Twelve digits may be FedEx, DHL, Purolator or an item number."""
    found = candidates("986578788855")
    assert len(found) > 1
    assert found[0].carrier == "fedex"
    assert found[0].confidence < ACT


def test_a_declared_carrier_lifts_its_own_formats() -> None:
    """Ten digits alone are nothing to act on; from a DHL mail they are a waybill."""
    assert candidates("3318810025")[0].confidence < ACT
    assert candidates("3318810025", declared="DHL Express")[0].confidence >= ACT
    assert best("986578788855", declared="fedex") == ("fedex", "ok")
    assert candidates("3318810025", declared="dhl")[0].carrier == "dhl-express"


def test_usps_routing_tells_the_destination_zip() -> None:
    """The 420 prefix carries ZIP or ZIP+4 and is left out of the check."""
    assert destination_zip("420 78745 9400111206206406260787") == "78745"
    assert destination_zip("420100233424" + "9400111206206406260787") == "10023-3424"
    assert destination_zip("9400111206206406260787") is None
    assert best("420787459400111206206406260787") == ("usps", "ok")


def test_numbers_are_found_in_running_text() -> None:
    """Grouped or not, in prose or in a link, with the place where they stand."""
    text = (
        "Your parcel 9400 1112 0620 6406 2607 87; https://x.example/?n=1Z999AA10123456784&l=en. RB 123 456 785 GB left"
    )
    found = find(text)
    assert [one.number for one in found] == ["9400111206206406260787", "1Z999AA10123456784", "RB123456785GB"]
    assert text[found[0].start : found[0].end] == "9400 1112 0620 6406 2607 87"


def test_a_label_makes_a_weak_number_sure_and_another_label_bars_it() -> None:
    """What the mail calls a tracking number is one; what it calls an item number is none."""
    assert find("Tracking number: 986578788855")[0].candidates[0].confidence >= ACT
    assert find("Item number: 986578788855") == ()
    assert find("Order 27-13930-98148, call +49 30 1234567, EUR 123456789.00, 2026-11-20") == ()


@pytest.mark.parametrize("text", ["12 " * 2000, "AB1 " * 2000, "9" * 50_000, "+1 " * 2000, "1.1" * 5000])
def test_hostile_text_is_searched_in_linear_time(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Text made of half numbers is looked at ten times a word at most."""
    asked: list[str] = []

    def counted(number: str) -> tuple[Fit, ...]:
        asked.append(number)
        return fits(number)

    monkeypatch.setattr(numbers_in_text, "fits", counted)
    find(text)
    assert len(asked) <= 10 * len(text.split())


@pytest.mark.parametrize("number", ["", " ", "-", "A", "9" * 5000, "１２３４５６７８９０", "ß" * 20, "\u0660" * 12])
def test_nonsense_gives_no_candidate(number: str) -> None:
    """Nothing raises, whatever is asked."""
    assert candidates(number) == ()


@given(st.text(max_size=60))
def test_any_text_may_be_asked_about(number: str) -> None:
    """Nothing raises, and every confidence is one."""
    assert all(0 < one.confidence < 1 for one in candidates(number))
    assert len(asked_in_order(number)) <= 3


@given(
    st.sampled_from(["1Z999AA10123456784", "9400111206206406260787", "RB123456785GB", "986578788855"]),
    st.lists(st.sampled_from(["", " ", "-", "\u00a0", "\u2011", "\u200b", "  "]), min_size=25, max_size=25),
)
def test_separators_do_not_matter(number: str, between: list[str]) -> None:
    """However a number is grouped, and in small letters too, it is the same number."""
    printed = "".join(char + gap for char, gap in zip(number, between, strict=False))
    assert candidates(printed) == candidates(number) == candidates(number.lower())


def first(number: str, **known: object) -> str:
    return candidates(number, context=Context(**known))[0].carrier  # type: ignore[arg-type]


def test_shared_ranges_go_to_whom_the_context_names() -> None:
    """USPS delivers what FedEx and UPS label; who was named for it stands first, the others stay."""
    smartpost, innovations = "9261299000000000000002", "9274890000000000000009"
    assert [one.carrier for one in candidates(smartpost)][:2] == ["usps", "fedex"]
    assert first(smartpost, declared="fedex smartpost") == "fedex"
    assert first(smartpost, sender="fedex") == "fedex"
    assert first(innovations) == "usps"
    assert first(innovations, declared="ups-mail-innovations") == "ups"
    assert "usps" in {one.carrier for one in candidates(innovations, "ups")}


def test_the_countries_of_a_parcel_decide_between_domestic_carriers() -> None:
    """Eleven digits within the Netherlands are not GLS Germany's; a Canadian sale makes a Canadian number sure."""
    assert first("32631986451", country="NL", destination="NL") == "gls-nl"
    assert first("32631986451", country="DE", destination="DE") == "gls-de"
    assert candidates("2016000000000012")[0].confidence < ACT
    assert candidates("2016000000000012", context=Context(destination="CA"))[0].confidence >= ACT
    assert candidates("2016000000000012", context=Context(country="GB", destination="GB"))[0].carrier == "evri"


def test_a_number_older_than_the_sale_is_doubted() -> None:
    """Its own day tells: 3 May 2024 is no shipment of autumn 2026."""
    number = "YT2412412345678901"
    assert candidates(number, context=Context(ordered_on=date(2024, 5, 1)))[0].confidence >= ACT
    assert candidates(number, context=Context(ordered_on=date(2026, 11, 2)))[0].confidence < ACT


def test_words_beside_a_number_count() -> None:
    """A label lifts, another thing's label lowers, a carrier's name speaks for it."""
    number = "986578788855"
    assert candidates(number, context=Context(label="Tracking number: "))[0].confidence >= ACT
    assert candidates(number, context=Context(label="Item number: "))[0].confidence < 0.3
    assert first("03340434161094", label="DPD Paketnummer: ") == "dpd"
    assert first("03340434161094", label="Hermes Sendungsnummer: ") == "hermes-de"


def test_what_a_shop_uses_is_remembered() -> None:
    """A carrier that answered for its earlier numbers comes first among equals."""
    assert first("57250013150034") != "gls-nl"
    assert first("57250013150034", usual=("gls-nl",)) == "gls-nl"


def test_at_most_three_carriers_are_asked_in_ranked_order() -> None:
    """A sure one alone, a shared number's both, else the likeliest; the declared one always first."""
    assert asked_in_order("1Z999AA10123456784") == ("ups",)
    assert asked_in_order("9261299000000000000002")[:2] == ("usps", "fedex")
    assert len(asked_in_order("57250013150034")) == 3
    assert asked_in_order("986578788855")[0] == "fedex"
    assert asked_in_order("986578788855", Context(declared="purolator"))[0] == "purolator"
    assert asked_in_order("ZZZ-NO-FORMAT-1", Context(declared="Asendia")) == ("asendia",)
    assert asked_in_order("986578788855", may_ask={"gls"}.__contains__) in {("gls",), ()}
    assert asked_in_order("27-13930-98148") == ()


def test_an_s10_number_is_asked_of_both_posts() -> None:
    """The issuing post first, then the one that delivers."""
    assert asked_in_order("RR123456785CN", Context(destination="US")) == ("china-post", "usps")
    assert asked_in_order("RR123456785CN", Context(declared="usps", destination="US")) == ("usps", "china-post")
    assert asked_in_order("EE123456785JP", Context(destination="GB")) == ("japan-post", "ems", "royal-mail")


@pytest.mark.parametrize(
    ("number", "country", "service"),
    [
        ("RB123456785GB", "GB", "registered letter post"),
        ("CP123456785KR", "KR", "parcel"),
        ("EE123456785CV", "CV", "express (EMS)"),
        ("9400111206206406260787", "US", "online or vendor label"),
        ("1Z999AA10323456780", None, "Ground"),
        ("1Z999AA10123456784", None, "Next Day Air"),
        ("2016000000000012", "CA", None),
        ("YT2412412345678901", None, None),
    ],
)
def test_a_number_tells_its_country_and_service(number: str, country: str | None, service: str | None) -> None:
    """Only where its format holds them."""
    one = candidates(number)[0]
    assert (one.country, one.service) == (country, service)


@pytest.mark.parametrize(
    ("number", "postcode", "agrees"),
    [
        ("420787459400111206206406260787", "78745", True),
        ("420787459400111206206406260787", "78745-1234", True),
        ("4201002334249400111206206406260787", " 10023 ", True),
        ("420787459400111206206406260787", "10023", False),
        ("420787459400111206206406260787", "SW1A 1AA", None),
        ("420787459400111206206406260787", None, None),
        ("9400111206206406260787", "78745", None),
        ("RB123456785GB", "78745", None),
    ],
)
def test_the_zip_in_a_number_is_compared_with_the_orders(
    number: str, postcode: str | None, agrees: bool | None
) -> None:
    """Five digits decide; where one of them tells no ZIP nothing is said."""
    assert zip_agrees(number, postcode) is agrees


@pytest.mark.parametrize(
    ("number", "carrier"),
    [
        ("SF1012345678901", "sf-express"),
        ("3A5V123456789", "cne"),
        ("LP00123456789012", "cainiao"),
        ("4PX3001234567890CN", "4px"),
        ("CC123456785EE", "omniva"),
        ("ES10018811223344550001010001D0N", "speedpak"),
        ("JJFI60012345678901234", "posti"),
        ("H1001234567890123456", "hermes-de"),
        ("XY123456785FR", "chronopost"),
        ("MI123456ABCDEF0123", "ups"),
        ("Z1234567890", "packeta"),
        ("LTN12345678N1", "landmark"),
        ("GFUS01234567890123", "gofo"),
        ("99123456789012345678", "australia-post"),
        ("620000000000000000000001", "inpost"),
    ],
)
def test_carriers_of_many_countries_are_known_by_shape(number: str, carrier: str) -> None:
    """First among the candidates."""
    assert candidates(number)[0].carrier == carrier


@pytest.mark.corpus
def test_collected_numbers_name_their_carrier() -> None:
    """Every valid number's carrier is among the candidates, its check digit right where the format has one."""
    folder = CORPUS / "numbers" / "couriers"
    if not folder.exists():
        pytest.skip(f"no collected numbers at {folder}")
    ids = {"canadapost": "canada-post", "old_dominion": "old-dominion", "s10": ""}
    missed, sure_of_invalid = [], []
    for path in sorted(folder.glob("*.json")):
        prefix = ids.get(path.stem, path.stem)
        for shape in json.loads(path.read_text(encoding="utf-8"))["tracking_numbers"]:
            wanted = {"ok"} if "checksum" in shape.get("validation", {}) else {"ok", "none"}
            for number in shape["test_numbers"]["valid"]:
                if not any(c.carrier.startswith(prefix) and c.checksum in wanted for c in candidates(number)):
                    missed.append((path.stem, number))
            for number in shape["test_numbers"]["invalid"]:
                own = [c for c in candidates(number) if c.carrier.startswith(prefix) and c.checksum != "fail"]
                if prefix and own and own[0].confidence >= ACT:
                    sure_of_invalid.append((path.stem, number))
    assert missed == []
    assert sure_of_invalid == []
