"""Links are text: what they carry counts only where nobody but eBay can have written it."""

from __future__ import annotations

from mail.link_targets import parameters_of, sites_of, targets_of
from mail.parsing.message import Link

WRAPPED = "https://rover.ebay.com/rover/0/e11400.m1/7?euid=1&loc=https%3A%2F%2Fwww.ebay.co.uk%2Fvod%3Forderid%3D27-13930-98148"
FOREIGN = "https://shop.example/?orderid=11-11111-11111"


def test_a_tracker_is_seen_through() -> None:
    """The wrapped address counts too."""
    targets = targets_of([Link(WRAPPED, "Order details")])

    assert parameters_of(targets, of_ebay=True)["orderid"] == ("27-13930-98148",)
    assert "EBAY_GB" in sites_of(targets)


def test_a_foreign_link_names_no_order_of_ebays() -> None:
    """Anybody can put a link of his own into a message."""
    targets = targets_of([Link(FOREIGN, "here"), Link("https://ebay.com.evil.example/?orderid=1", "there")])

    assert parameters_of(targets, of_ebay=True) == {}
    assert sites_of(targets) == ()


def test_a_carriers_links_count_whatever_their_host() -> None:
    """A carrier's mails lead to tracking hosts that change."""
    targets = targets_of([Link("https://click.example/?tLabels=9400111206206406260787", "Track")])

    assert parameters_of(targets, of_ebay=False) == {"tlabels": ("9400111206206406260787",)}


def test_broken_and_endless_links_are_taken_as_they_are() -> None:
    """Nothing raises."""
    targets = targets_of([Link("https://[oops", ""), Link("?" + "&".join("a=1" for _ in range(5000)), "")])

    assert parameters_of(targets, of_ebay=False) == {}
    assert sites_of(targets) == ()
