"""Comparing what was found with what the shop holds."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from agent.demo.compare import differences, load_expected


def agreeing(expected: dict[str, Any]) -> dict[str, Any]:
    """What `orders --json` would print if everything were as expected."""
    orders = []
    for order_id, want in expected["orders"].items():
        currency, value = want["total"].split()
        risks = [
            {
                "id": risk,
                "severity": w["severity"],
                "superseded": w["superseded"],
                "deadline": dict(w.get("deadline", {})),
            }
            for risk, w in want["risks"].items()
        ]
        orders.append(
            {
                "order_id": order_id,
                "site": want["site"],
                "buyer": want["buyer"],
                "total": {"value": value, "currency": currency},
                "shipments": [{"status": want["parcel"]}] if "parcel" in want else [],
                "risks": risks,
            }
        )
    notices = [
        {"id": notice, "severity": want["severity"]}
        for notice, want in expected["notices"].items()
        for _ in range(want["count"])
    ]
    return {"orders": orders, "notices": notices}


@pytest.fixture
def expected() -> dict[str, Any]:
    return deepcopy(dict(load_expected()))


def changed(found: dict[str, Any], order_id: str) -> dict[str, Any]:
    order: dict[str, Any] = next(order for order in found["orders"] if order["order_id"] == order_id)
    return order


def test_agreement_is_silent(expected: dict[str, Any]) -> None:
    """Nothing is said where everything agrees."""
    assert differences(expected, agreeing(expected)) == ()


def test_missing_and_foreign_orders_are_named(expected: dict[str, Any]) -> None:
    """An order too few and one too many are two differences."""
    found = agreeing(expected)
    found["orders"][0]["order_id"] = "99-99999-99999"
    assert differences(expected, found) == (
        "order 27-14011-50218 is missing",
        "order 99-99999-99999 is none of the shop's",
    )


def test_risks_must_be_exactly_the_expected_ones(expected: dict[str, Any]) -> None:
    """A missed risk, a false alarm and a risk told twice are each said."""
    found = agreeing(expected)
    changed(found, "27-14049-66380")["risks"] = []
    changed(found, "27-14011-50218")["risks"] = [{"id": "no_first_scan", "severity": "P2"}]
    changed(found, "14-14054-15903")["risks"] *= 2
    assert differences(expected, found) == (
        "order 27-14011-50218: no_first_scan is a false alarm",
        "order 27-14049-66380: no_first_scan was not found",
        "order 14-14054-15903: stalled_in_transit is there twice",
    )


def test_deadlines_are_compared_as_instants(expected: dict[str, Any]) -> None:
    """The same instant in another offset agrees; another instant, or none, does not."""
    found = agreeing(expected)
    deadline = changed(found, "27-14044-25716")["risks"][0]["deadline"]
    deadline["conservative"] = "2026-11-28T00:00:00+01:00"
    assert differences(expected, found) == ()
    deadline["conservative"] = "2026-11-28T00:00:01+01:00"
    deadline["printed"] = None
    assert len(differences(expected, found)) == 2


def test_severity_status_and_total_count(expected: dict[str, Any]) -> None:
    """Each fact that the expectation names is compared."""
    found = agreeing(expected)
    order = changed(found, "27-14044-25716")
    order["risks"][0]["severity"] = "P2"
    order["risks"][1]["superseded"] = False
    order["shipments"][0]["status"] = "delivered"
    order["total"]["value"] = "84.00"
    assert len(differences(expected, found)) == 4


def test_notices_are_counted(expected: dict[str, Any]) -> None:
    """Too few notices of a kind, and kinds that nobody expected, are differences."""
    found = agreeing(expected)
    found["notices"] = [n for n in found["notices"] if n["id"] != "parser_gap"]
    found["notices"].append({"id": "rule_drift", "severity": "P3"})
    assert differences(expected, found) == (
        "notice parser_gap is there 0 times, not 1",
        "notice rule_drift is there 1 times, not 0",
    )
