"""Check digits, each with numbers that pass and the same with one digit changed."""

import pytest

from agent.vocabulary.checksums import CHECKS, passes


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("s10", "RB123456785GB"),
        ("s10", "EB000717618HK"),
        ("ups", "1Z999AA10123456784"),
        ("ups-waybill", "K1506235620"),
        ("gs1", "9400111206206406260787"),
        ("gs1", "00340434161094042557"),
        ("impb", "420787459400111206206406260787"),
        ("fedex-12", "986578788855"),
        ("fedex-96", "9611020987654312345672"),
        ("fedex-34", "1001921334250001000300779017972697"),
        ("mod7", "3318810025"),
        ("luhn", "79927398713"),
        ("mod37-36", "012345678901233"),
        ("ontrac", "C12345678901236"),
    ],
)
def test_right_numbers_pass_and_a_changed_digit_fails(name: str, number: str) -> None:
    """A check digit finds one wrong digit."""
    assert passes(name, number)
    place = len(number) - 5
    changed = number[:place] + str((int(number[place]) + 1) % 10) + number[place + 1 :]
    assert not passes(name, changed)


@pytest.mark.parametrize("name", sorted(CHECKS))
@pytest.mark.parametrize("number", ["", "1", "A", "é" * 12, "٣" * 12, "9" * 500, "ABCDEFGHIJKLM"])
def test_nonsense_never_raises(name: str, number: str) -> None:
    """Any text may be asked about."""
    assert passes(name, number) in (True, False)
