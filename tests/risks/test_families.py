"""Templates of mail, and how one is noticed that is not read any more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from agent.risks.families import Sight, families, gone_dark

NOW = datetime(2026, 11, 20, 7, 30, tzinfo=UTC)


def sights(told: str, subject: str = "You made the sale for {}", every: timedelta = timedelta(days=1)) -> list[Sight]:
    """A mail a day, the last one today: `o` gave its number, `-` did not."""
    return [
        Sight(
            sender="ebay@ebay.com",
            subject=subject.format(f"Brass bell {chr(97 + n % 26)}{n}"),
            at=NOW - every * (len(told) - n),
            source=f"mail:{n}",
            numbered=sign == "o",
        )
        for n, sign in enumerate(told)
    ]


@pytest.mark.parametrize("told", ["ooo--", "oooooooooo---", "ooooo-o--", "oooooooooooooooo--", "ooooooooo-oooo---"])
def test_a_template_that_stops_is_noticed(told: str) -> None:
    """Three mails were read and then two in the last weeks were not."""
    (family,) = families(sights(told))
    dark = gone_dark(family, NOW)

    assert dark is not None
    assert dark.count == told[-14:].count("-")
    assert dark.newest.source == f"mail:{len(told) - 1}"


@pytest.mark.parametrize(
    "told", ["ooooooooo", "oooooooo-", "oo--", "-----", "o-o-o-o-o-o-", "ooo--oo", "oooooooooo-oooooooo-oo"]
)
def test_one_odd_mail_is_no_change(told: str) -> None:
    """A single unread mail, a template that was never read, one that is read again: nothing is said."""
    assert [gone_dark(family, NOW) for family in families(sights(told))] == [None]


def test_what_was_long_ago_is_not_said_again() -> None:
    """A template that went dark more than two weeks ago and has not been seen since is past."""
    (family,) = families(sights("ooooo---"))

    assert gone_dark(family, NOW + timedelta(days=20)) is None


@pytest.mark.parametrize(
    ("first", "second", "together"),
    [
        ("You made the sale for Lamp", "You made the sale for Old clock", True),
        ("Artikel verkauft - Lampe", "Artikel verkauft - Uhr, neu", True),
        ("Return 5315309886: Item delivered", "Return 5315309887: Item delivered", True),
        ("Request 5315309886 was closed", "You made the sale for Lamp", False),
        ("USPS Item Delivered, 9400…", "USPS Expected Delivery on Friday", False),
        ("Your item was sold", "Your item cannot be sold", False),
        ("Return 5315309886: Item delivered", "Return 5315309887: Refund issued", False),
        ("5315309886", "5315309887", True),
    ],
)
def test_a_template_is_what_subjects_begin_with(first: str, second: str, together: bool) -> None:
    """Titles and numbers differ from mail to mail, the template's words do not."""
    two = [
        Sight(sender="a@b.example", subject=subject, at=NOW, source=f"mail:{n}", numbered=True)
        for n, subject in enumerate((first, second))
    ]

    assert (len(families(two)) == 1) is together


def test_senders_are_kept_apart() -> None:
    """The same subject of two senders is two templates."""
    one, two = sights("oo")
    other = Sight(sender="x@ebay.de", subject=two.subject, at=two.at, source=two.source, numbered=True)

    assert len(families([one, other])) == 2
