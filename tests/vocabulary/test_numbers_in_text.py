"""Tracking numbers in running text: what is one is found, what merely looks like one is not acted on.

`ORDERWATCH_MADE_UP=100000` asks for more made-up texts than the suite's.
"""

from __future__ import annotations

import os
import random
import string
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.vocabulary.numbers import ACT, Context, candidates, find

COUNT = int(os.environ.get("ORDERWATCH_MADE_UP", "6000"))
_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"


class Maker:
    """Made-up things that sellers' mails and messages are full of, and that are no tracking numbers."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)

    def digits(self, count: int) -> str:
        return "".join(self.dice.choices(string.digits, k=count))

    def letters(self, count: int) -> str:
        return "".join(self.dice.choices(_LETTERS, k=count))

    def mixed(self, count: int) -> str:
        return "".join(self.dice.choices(_LETTERS + string.digits, k=count))

    def one_of(self, *things: str) -> str:
        return self.dice.choice(things)

    def item(self) -> str:
        return self.one_of("1", "2", "3", "4") + self.digits(11)

    def order(self) -> str:
        return self.one_of(
            f"{self.digits(2)}-{self.digits(5)}-{self.digits(5)}",
            f"{self.digits(3)}-{self.digits(7)}-{self.digits(7)}",
            f"#{self.digits(self.dice.randint(4, 10))}",
            f"SO-{self.digits(8)}",
            f"PO{self.digits(9)}",
        )

    def phone(self) -> str:
        d = self.digits
        return self.one_of(
            f"+49 {d(3)} {d(8)}",
            f"0{d(4)}/{d(7)}",
            f"0{d(10)}",
            f"({d(3)}) {d(3)}-{d(4)}",
            f"{d(3)}-{d(3)}-{d(4)}",
            f"{d(3)}.{d(3)}.{d(4)}",
            f"1-800-{d(3)}-{d(4)}",
            f"+1{d(10)}",
            f"+44 7{d(3)} {d(6)}",
            f"07{d(3)} {d(6)}",
            f"0{d(1)} {d(2)} {d(2)} {d(2)} {d(2)}",
            f"+33 6 {d(2)} {d(2)} {d(2)} {d(2)}",
            f"06{d(8)}",
            f"+34 6{d(8)}",
            f"+39 3{d(2)} {d(7)}",
            f"+48 {d(3)} {d(3)} {d(3)}",
            f"090-{d(4)}-{d(4)}",
            f"1{d(10)}",
            f"0086 1{d(10)}",
        )

    def article_code(self) -> str:
        d, a = self.digits, self.letters
        return self.one_of(
            f"{a(2)}{d(2)}{a(4)}-{d(2)}{a(1)}{d(2)}{a(1)}{d(1)}",
            f"{a(3)}-{d(4)}-{a(2)}",
            f"{a(2)}-{d(8)}",
            f"{a(4)}{d(6)}",
            f"{a(2)}{d(6)}",
            f"{a(3)}{d(6)}",
            f"{a(2)}{d(7)}{a(2)}",
            f"{d(3)}-{d(5)}-{d(2)}",
            f"{d(2)}.{d(4)}.{d(4)}.{d(2)}",
            f"{d(5)}-{a(3)}-{d(3)}",
            f"{a(1)}{d(3)} {d(3)} {d(2)} {d(2)}",
            f"{a(1)}{d(10)}",
            f"{d(10)}{a(1)}",
            f"B0{self.mixed(8)}",
            f"{a(1)}{d(2)}-{a(5)}-{d(4)}/{self.mixed(3)}",
            f"{self.mixed(4)}-{self.mixed(4)}-{self.mixed(6)}",
        )

    def coupon(self) -> str:
        return self.one_of(
            f"SAVE{self.digits(2)}",
            f"{self.letters(6)}{self.dice.choice((10, 15, 20, 25))}",
            self.mixed(8),
            self.mixed(10),
            self.mixed(12),
            self.mixed(16),
            f"{self.mixed(4)}-{self.mixed(4)}-{self.mixed(4)}",
            f"{self.mixed(5)}-{self.mixed(5)}-{self.mixed(5)}",
            f"{self.mixed(4)} {self.mixed(4)} {self.mixed(4)} {self.mixed(4)}",
            self.digits(16),
            f"{self.digits(4)}-{self.digits(4)}-{self.digits(4)}-{self.digits(4)}",
            f"EBAY{self.letters(3)}{self.digits(4)}",
        )

    def article_number(self) -> str:
        return self.one_of(
            self.digits(8),
            self.digits(12),
            self.digits(13),
            self.digits(14),
            f"978-{self.digits(1)}-{self.digits(4)}-{self.digits(4)}-{self.digits(1)}",
            f"97{self.digits(11)}",
            f"35{self.digits(13)}",
            f"89{self.digits(17)}",
            f"89{self.digits(18)}",
        )

    def paper(self) -> str:
        d = self.digits
        return self.one_of(
            f"DE{d(9)}",
            f"GB{d(9)}",
            f"ATU{d(8)}",
            f"FR{d(11)}",
            f"ES{self.letters(1)}{d(8)}",
            f"NL{d(9)}B01",
            f"PL{d(10)}",
            f"IT{d(11)}",
            self.iban("DE", d(18)),
            self.iban("ES", d(20)),
            self.iban("AT", d(16)),
            self.iban("EE", d(16)),
            self.iban("FR", f"{d(20)}{self.mixed(3)}"),
            self.iban("GB", f"{self.letters(4)}{d(14)}"),
            f"RE-2026-{d(6)}",
            f"INV{d(8)}",
            f"{d(10)}",
            f"{d(17)}",
            f"xxxx xxxx xxxx {d(4)}",
            f"4{d(3)} {d(4)} {d(4)} {d(4)}",
        )

    def iban(self, country: str, account: str) -> str:
        rest = int("".join(str(int(char, 36)) for char in f"{account}{country}00")) % 97
        whole = f"{country}{98 - rest:02}{account}"
        groups = [whole[at : at + 4] for at in range(0, len(whole), 4)]
        return self.one_of(whole, " ".join(groups))

    def machine_word(self) -> str:
        d = self.digits
        hexes = "".join(self.dice.choices("0123456789abcdef", k=40))
        return self.one_of(
            hexes,
            hexes[:32],
            hexes[:12],
            f"{hexes[:8]}-{hexes[8:12]}-{hexes[12:16]}-{hexes[16:20]}-{hexes[20:32]}",
            f"https://www.ebay.example/itm/{self.item()}?hash=item{hexes[:10]}:g:{self.mixed(16)}",
            f"https://shop.example/p/{self.mixed(6)}?utm_id={d(18)}&click={self.mixed(22)}",
            f"2026-{d(2)}-{d(2)} {d(2)}:{d(2)}",
            f"{d(2)}.{d(2)}.2026",
            f"EUR {d(3)}.{d(2)}",
            f"$1,{d(3)}.{d(2)}",
            f"{d(10)}",
            f"{d(13)}",
            f"{d(1)},{d(2)} m x {d(3)} cm",
        )


_SENTENCES = (
    "Hello, is {} still available?",
    "{}",
    "I bought {} from you last week and it fits.",
    "Use code {} before Sunday and save.",
    "Item number: {}",
    "SKU {}",
    "EAN: {}",
    "You can call me at {} after six.",
    "Re: {} – a question about the size",
    "Artikelnummer {}, bitte beachten",
    "Votre facture {} est jointe.",
    "Codice prodotto {} disponibile.",
    "Part no. {} replaces {}.",
    "Your order {} was paid; we ship it tomorrow.",
    "Barcode {}",
    "Rückfragen unter {} oder {}",
    "Seriennummer: {}",
    "Numéro de série {}",
    "Rechnung {}",
    "Fattura n. {}",
    "Pedido nº {} pagado",
    "Klantnummer: {}",
    "Faktura nr {}",
    "Ordrenummer {}",
    "Kundnummer {}",
    "注文番号：{}",
    "电话 {}",
    "Reference {}",
    "Your item number {} has sold.",
    "Article number: {}",
    "PIN {}",
    "Meeting ID: {}",
    "Numer konta {}",
    "DHL Hotline {}",
    "UPS invoice number {}",
    "The tracking number will follow; the order is {}.",
)


def made_up(count: int, seed: int = 20261122) -> list[str]:
    """Texts around made-up things of many shapes."""
    maker = Maker(seed)
    things: tuple[Callable[[], str], ...] = (
        maker.item,
        maker.item,
        maker.order,
        maker.phone,
        maker.phone,
        maker.article_code,
        maker.article_code,
        maker.coupon,
        maker.coupon,
        maker.article_number,
        maker.paper,
        maker.machine_word,
    )
    sentences = (maker.dice.choice(_SENTENCES) for _ in range(count))
    return [one.format(*(maker.dice.choice(things)() for _ in range(2))) for one in sentences]


def test_made_up_numbers_in_running_text_are_not_acted_on() -> None:
    """Item and phone numbers, article codes, coupons, bank accounts: at most one text in a thousand misleads."""
    sure = [
        (text, one.candidates[0].carrier)
        for text in made_up(COUNT)
        for one in find(text)
        if one.candidates[0].confidence >= ACT
    ]
    assert len(sure) <= COUNT / 1000, sure


def test_made_up_numbers_asked_about_alone_are_not_acted_on() -> None:
    """The same without a word around them."""
    maker = Maker(7)
    things = (maker.item, maker.order, maker.phone, maker.article_code, maker.coupon)
    texts = [maker.dice.choice(things)() for _ in range(COUNT)]
    sure = [(text, found[0]) for text in texts if (found := candidates(text)) and found[0].confidence >= ACT]
    assert len(sure) <= COUNT / 1000, sure


@pytest.mark.parametrize(
    "text",
    [
        "It left today: 1Z 999 AA1 01 2345 6784, thanks",
        "Ihre Sendung 00340434161094042557 ist unterwegs",
        "tracking no. 986578788855",
        "FedEx 986578788855 is on its way",
        "Canada Post: 2016 0000 0000 0012",
        "DPD 09980000020033F",
        "numéro de suivi : 8R12345678901",
        "Zásilka Tracking: Z 123 4567 890",
    ],
)
def test_what_is_called_a_tracking_number_or_named_for_its_carrier_is_one(text: str) -> None:
    """A label, a carrier's name right before it, or a telling shape."""
    assert [one for one in find(text) if one.candidates[0].confidence >= ACT]


@pytest.mark.parametrize(
    ("text", "number", "carrier"),
    [
        ("Ref. RN123456785GB", "RN123456785GB", "royal-mail"),
        ("Order reference 1Z 999 AA1 01 2345 6784", "1Z999AA10123456784", "ups"),
        ("Rechnung 9400 1112 0620 6406 2607 87 gehört dazu", "9400111206206406260787", "usps"),
        ("Guía DHL Express: 33 1881 0025", "3318810025", "dhl-express"),
        ("Your AWB 3318810025 with DHL Express was cleared.", "3318810025", "dhl-express"),
        ("DHL EXPRESS - lettera di vettura n. 33 1881 0025", "3318810025", "dhl-express"),
        ("Paketnummer 0034.0434.1610.9404.2557", "00340434161094042557", "dhl-paket-de"),
        ("Sendungsnummer Post CH: 99.00.123456.12345678", "990012345612345678", "swiss-post"),
        ("Canada Post PIN 2016 0000 0000 0012 / Postes Canada", "2016000000000012", "canada-post"),
        ("DPD Paketscheinnummer 0998 0000 0200 33", "09980000020033", "dpd"),
        ("bpost barcode 323200000000000000000017", "323200000000000000000017", "bpost"),
        ("Tracking ID: 9865 7878 8855 (FedEx)", "986578788855", "fedex"),
        ("FedEx 追跡番号は 9865-7878-8855 です", "986578788855", "fedex"),
        ("Numéro de suivi FedEx n° 9865 7878 8855", "986578788855", "fedex"),
        ("Numer listu przewozowego: 986578788855 (FedEx)", "986578788855", "fedex"),
        ("GLS Paketnummer 50000000017", "50000000017", "gls"),
        ("https://parcels.example/track-and-trace/3SABCD012345678-NL-1012AB", "3SABCD012345678", "postnl"),
    ],
)
def test_labels_of_all_languages_and_groupings_are_read(text: str, number: str, carrier: str) -> None:
    """A label from the languages' data, the carrier before or behind it, blanks, dashes and dots; check over label."""
    found = {one.number: one.candidates[0] for one in find(text)}
    assert found[number].carrier == carrier
    assert found[number].confidence >= ACT
    assert len(found) == 1


def test_one_label_may_introduce_several_numbers() -> None:
    """What a comma or "and" goes on with is of the same kind."""
    sure = find("FedEx tracking numbers: 9865 7878 8855, 986578788866 and 986578788877")
    assert [one.number for one in sure] == ["986578788855", "986578788866", "986578788877"]
    assert all(one.candidates[0].carrier == "fedex" for one in sure)


def test_a_piece_of_a_longer_number_is_not_taken_for_one() -> None:
    """Sixteen of twenty-two digits are nobody's, though they have a carrier's shape; the whole is given, unsure."""
    found = find("FedEx tracking no 9611 0204 9482 1416 2105 27")
    assert [one.number for one in found] == ["9611020494821416210527"]
    assert found[0].candidates[0].confidence < ACT


def test_a_word_of_its_own_in_capitals_is_no_part_of_a_number() -> None:
    """ "PIN", "AWB", "NR" stand before a number; "RB" of an S10 number is its beginning."""
    assert [one.number for one in find("AWB 3318810025")] == ["3318810025"]
    assert [one.number for one in find("RB 123 456 785 GB")] == ["RB123456785GB"]


@pytest.mark.parametrize(
    "text",
    [
        "SKU RB123456785GB",
        "Serial number: 1Z999AA10123456784",
        "Numer konta 88 6992 3993 2809 2764 8272 7667",
        "Your item number 986578788855 has sold",
        "注文番号：986578788855",
        "PIN 2016000000000012",
    ],
)
def test_what_is_called_something_else_is_not_acted_on(text: str) -> None:
    """An SKU stays one whatever it looks like; fewer tell only what they are called."""
    assert not [one for one in find(text) if one.candidates[0].confidence >= ACT]


def test_bare_digits_are_sure_only_in_context() -> None:
    """Twelve digits whose check digit is right by chance are nothing yet; in FedEx's mail they are FedEx's."""
    text = "986578788855 was mentioned"
    assert find(text)[0].candidates[0].confidence < ACT
    assert find(text, "fedex")[0].candidates[0].confidence >= ACT
    assert find(text, context=Context(sender="fedex"))[0].candidates[0].confidence >= ACT
    assert find(text, "dpd")[0].candidates[0].confidence < ACT


def test_a_bank_account_is_no_parcel() -> None:
    """A Spanish IBAN has a Chinese consolidator's shape; its own check digits tell it."""
    account = Maker(3).iban("ES", "21000418450200051332").replace(" ", "")
    assert not [one for one in find(f"Pay to {account}") if one.candidates[0].confidence >= ACT]


@given(st.text(max_size=300))
def test_any_text_may_be_searched(text: str) -> None:
    """Nothing raises, and what is found stands where it is said to stand."""
    for one in find(text):
        assert candidates(one.number) or one.candidates
        assert 0 <= one.start < one.end <= len(text)
