"""Check digits of tracking numbers, by name. Each check takes a normalised number (upper case, no blanks) in full.

Formulas: UPU S10 standard, GS1 General Specifications, ISO/IEC 7064, and for the carriers' own those that their
published numbers bear out. A number that is too short or holds wrong characters fails, it never raises.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Mapping, Sequence

_ALPHABET_36 = string.digits + string.ascii_uppercase


def passes(name: str, number: str) -> bool:
    """Whether `number` satisfies the check called `name`; raises KeyError for a name nobody defined."""
    return CHECKS[name](number)


def gs1(number: str) -> bool:
    """GS1 modulo 10 over all digits: from the right, the body counts three times, once, three times and so on."""
    if len(number) < 2 or not _is_digits(number):
        return False
    body = (int(char) * (3 if place % 2 == 0 else 1) for place, char in enumerate(reversed(number[:-1])))
    return -sum(body) % 10 == int(number[-1])


def impb(number: str) -> bool:
    """USPS Intelligent Mail package barcode, where need be without its 420 and ZIP or ZIP+4."""
    return any(gs1(body) for body in impb_bodies(number))


def impb_bodies(number: str) -> tuple[str, ...]:
    """The ways to read an IMpb without the routing code in front: the 22 or 26 digits that the check is made of."""
    if not number.startswith("420"):
        return (number,)
    return tuple(body for cut in (8, 12) if len(body := number[cut:]) in (22, 26) and body[0] == "9")


def s10(number: str) -> bool:
    """UPU S10: two letters, eight digits, a check digit, the issuing post's country."""
    if len(number) != 13 or not _is_digits(number[2:11]):
        return False
    remainder = _weighted(number[2:10], (8, 6, 4, 2, 3, 5, 9, 7)) % 11
    return {0: 5, 1: 0}.get(remainder, 11 - remainder) == int(number[10])


def ups(number: str) -> bool:
    """UPS 1Z: letters count as (ASCII - 63) modulo 10, every second place doubles."""
    return len(number) == 18 and _ups_body(number[2:-1], number[-1])


def ups_waybill(number: str) -> bool:
    """UPS waybill: a letter, nine digits and the same check digit as a 1Z number."""
    return len(number) == 11 and _ups_body(number[1:-1], number[-1])


def _ups_body(body: str, check: str) -> bool:
    if not check.isdecimal() or not all(char in _ALPHABET_36 for char in body):
        return False
    values = (int(char) if char.isdecimal() else (ord(char) - 63) % 10 for char in body)
    return -sum(value * (1 + place % 2) for place, value in enumerate(values)) % 10 == int(check)


def fedex_12(number: str) -> bool:
    return len(number) == 12 and _fedex(number, (3, 1, 7))


def fedex_34(number: str) -> bool:
    """FedEx 34 and 96…34: the check covers the thirteen digits before the last."""
    return len(number) == 34 and _is_digits(number) and _fedex(number[20:], (1, 7, 3))


def fedex_astra(number: str) -> bool:
    """FedEx ASTRA label, 32 digits: a 12-digit number with four more behind it."""
    return len(number) == 32 and _is_digits(number) and _fedex(number[16:28], (3, 1, 7))


def _fedex(number: str, weights: Sequence[int]) -> bool:
    if not _is_digits(number):
        return False
    cycle = [weights[place % 3] for place in range(len(number) - 1)]
    return _weighted(number[:-1], cycle) % 11 % 10 == int(number[-1])


def fedex_96(number: str) -> bool:
    """FedEx Ground 96: GS1 over the shipper and package digits alone."""
    return len(number) == 22 and _is_digits(number) and gs1(number[7:])


def mod7(number: str) -> bool:
    """The last digit is the rest of the others divided by seven (DHL Express); one in seven random numbers passes."""
    return 1 < len(number) < 40 and _is_digits(number) and int(number[:-1]) % 7 == int(number[-1])


def identcode(number: str) -> bool:
    """Deutsche Post Identcode and Leitcode: from the right the body counts four and nine times in turn, modulo 10."""
    if len(number) not in (12, 14) or not _is_digits(number):
        return False
    body = (int(char) * (4 if place % 2 == 0 else 9) for place, char in enumerate(reversed(number[:-1])))
    return -sum(body) % 10 == int(number[-1])


def luhn(number: str) -> bool:
    if len(number) < 2 or not _is_digits(number):
        return False
    doubled = (int(char) * (2 if place % 2 == 0 else 1) for place, char in enumerate(reversed(number[:-1])))
    return -sum(value // 10 + value % 10 for value in doubled) % 10 == int(number[-1])


def mod37_36(number: str) -> bool:
    """ISO/IEC 7064 modulo 37,36 (DPD): the last character, digit or letter, checks the rest."""
    if len(number) < 2 or not all(char in _ALPHABET_36 for char in number):
        return False
    rest = 36
    for char in number[:-1]:
        rest = (rest + _ALPHABET_36.index(char)) % 36 or 36
        rest = rest * 2 % 37
    return (rest + _ALPHABET_36.index(number[-1])) % 36 == 1


def ontrac(number: str) -> bool:
    """OnTrac: the letter stands for a digit (C 4, D 5), then every second place doubles, modulo 10."""
    if len(number) != 15 or number[0] not in "CD" or not _is_digits(number[1:]):
        return False
    return _ups_body(("4" if number[0] == "C" else "5") + number[1:-1], number[-1])


def _weighted(digits: str, weights: Sequence[int]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdecimal()


CHECKS: Mapping[str, Callable[[str], bool]] = {
    "gs1": gs1,
    "gs1-91": lambda number: gs1("91" + number),
    "gs1-92": lambda number: gs1("92" + number),
    "impb": impb,
    "s10": s10,
    "ups": ups,
    "ups-waybill": ups_waybill,
    "fedex-12": fedex_12,
    "fedex-34": fedex_34,
    "fedex-96": fedex_96,
    "fedex-astra": fedex_astra,
    "mod7": mod7,
    "identcode": identcode,
    "luhn": luhn,
    "mod37-36": mod37_36,
    "ontrac": ontrac,
}
