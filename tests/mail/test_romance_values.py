"""Dates, amounts and addresses as mails in French, Italian and Spanish print them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from agent.vocabulary.values import Address, Money
from mail.values.dates import find_moment
from mail.values.money import find_money
from mail.values.postal import read_address

SEEN = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("le 21 nov. 2026", date(2026, 11, 21)),
        ("mar. 24 nov. 2026", date(2026, 11, 24)),
        ("mar 24 nov 2026", date(2026, 11, 24)),
        ("mar, 24 de noviembre de 2026", date(2026, 11, 24)),
        ("mar 24/11/2026", date(2026, 11, 24)),
        ("1er décembre 2026", date(2026, 12, 1)),
        ("1° dicembre 2026", date(2026, 12, 1)),
        ("1º de diciembre de 2026", date(2026, 12, 1)),
        ("entro il 21 nov", date(2026, 11, 21)),
        ("21/11/2026", date(2026, 11, 21)),
        ("21 novembre 2026 à 23h59", datetime(2026, 11, 21, 23, 59)),
        ("21 nov. 2026 à 23 h 59", datetime(2026, 11, 21, 23, 59)),
        ("alle ore 23.59 del 21 novembre 2026", datetime(2026, 11, 21, 23, 59)),
        ("21 de noviembre de 2026 a las 23:59", datetime(2026, 11, 21, 23, 59)),
    ],
)
def test_dates(text: str, day: date) -> None:
    """A day is found whatever stands around it; "mar." before it is a Tuesday, not a month."""
    assert find_moment(text, SEEN, month_first=False) == day


@pytest.mark.parametrize(
    ("text", "value", "currency"),
    [
        ("1 234,56 EUR", "1234.56", "EUR"),
        ("1\u202f234,56 €", "1234.56", "EUR"),
        ("EUR 12,50", "12.50", "EUR"),
        ("12,50 $", "12.50", "CAD"),
        ("12,50 $ CA", "12.50", "CAD"),
        ("12,50 $ US", "12.50", "USD"),
        ("C $12,50", "12.50", "CAD"),
    ],
)
def test_amounts(text: str, value: str, currency: str) -> None:
    """Blanks part thousands; a country behind the dollar sign says whose it is."""
    assert find_money(text, "CAD") == Money(Decimal(value), currency)


@pytest.mark.parametrize(
    ("town", "country", "city", "region", "postcode", "code"),
    [
        ("75011 Paris", "France", "Paris", None, "75011", "FR"),
        ("69003 LYON CEDEX 03", "France", "LYON CEDEX 03", None, "69003", "FR"),
        ("20121 Milano (MI)", "Italia", "Milano", "MI", "20121", "IT"),
        ("20121 Milano MI", "Italia", "Milano", "MI", "20121", "IT"),
        ("20121, Milano, MI", "Italia", "Milano", "MI", "20121", "IT"),
        ("28013 Madrid (Madrid)", "España", "Madrid", "Madrid", "28013", "ES"),
        ("28013, Madrid", "España", "Madrid", None, "28013", "ES"),
        ("Montréal QC  H2X 1Y4", "Canada", "Montréal", "QC", "H2X 1Y4", "CA"),
        ("Montréal (Québec)  H2X 1Y4", "Canada", "Montréal", "Québec", "H2X 1Y4", "CA"),
        ("B-1000 Bruxelles", "Belgique", "Bruxelles", None, "1000", "BE"),
    ],
)
def test_towns(town: str, country: str, city: str, region: str | None, postcode: str, code: str) -> None:
    """The town line of each country, with what may stand around town and postcode."""
    found = read_address(["Ana Blanc", "Via Lunga 1", town, country])

    assert found == Address(
        name="Ana Blanc", street="Via Lunga 1", city=city, region=region, postcode=postcode, country=code
    )
