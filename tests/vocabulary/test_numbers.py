"""Tracking numbers: candidates, context, running text."""

import json
import os
import random
import time
from pathlib import Path

import pytest

from agent.vocabulary.numbers import ACT, candidates, destination_zip, find, normalise

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


def test_things_that_are_no_tracking_numbers_are_not_acted_on() -> None:
    """Order and item numbers, phones, prices, dates, article codes: at most one in a thousand is sure."""
    made = random.Random(7)

    def digits(count: int) -> str:
        return "".join(made.choice("0123456789") for _ in range(count))

    def letters(count: int) -> str:
        return "".join(made.choice("ABCDEFGHJKLMNPQRSTUVWXYZ") for _ in range(count))

    makers = [
        lambda: f"{digits(2)}-{digits(5)}-{digits(5)}",
        lambda: made.choice("123456") + digits(11),
        lambda: f"+{digits(2)} {digits(3)} {digits(7)}",
        lambda: f"0{digits(10)}",
        lambda: f"{digits(3)}.{digits(2)}",
        lambda: f"20{digits(2)}-{digits(2)}-{digits(2)}",
        lambda: f"{letters(3)}-{digits(4)}-{letters(2)}",
        lambda: f"{letters(4)}{digits(6)}",
        lambda: letters(8) + digits(2),
        lambda: "97" + digits(11),
        lambda: f"DE{digits(20)}",
        lambda: digits(16),
        lambda: f"#{digits(8)}",
    ]
    samples = [maker() for maker in makers for _ in range(500)]
    sure = [text for text in samples if (found := candidates(text)) and found[0].confidence >= ACT]
    assert len(sure) <= len(samples) / 1000, sure


@pytest.mark.parametrize("text", ["12 " * 2000, "AB1 " * 2000, "9" * 50_000, "+1 " * 2000, "1.1" * 5000])
def test_hostile_text_is_searched_in_linear_time(text: str) -> None:
    """Text made of half numbers costs no more than a moment."""
    started = time.perf_counter()
    find(text)
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize("number", ["", " ", "-", "A", "9" * 5000, "１２３４５６７８９０", "ß" * 20, "\u0660" * 12])
def test_nonsense_gives_no_candidate(number: str) -> None:
    """Nothing raises, whatever is asked."""
    assert candidates(number) == ()


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
