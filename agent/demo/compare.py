"""Does what the program found agree with what the sample shop holds?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Any

from agent.vocabulary.data import parse_yaml


@cache
def load_expected() -> Mapping[str, Any]:
    """What the shop that travels with the package holds."""
    expected: Mapping[str, Any] = parse_yaml(
        resources.files("agent.demo").joinpath("expected.yaml").read_text(encoding="utf-8")
    )
    return expected


def differences(expected: Mapping[str, Any], orders_json: Mapping[str, Any]) -> tuple[str, ...]:
    """Each difference as a sentence; empty when all agrees. `orders_json` is what `orders --json` prints.

    Orders, their risks and the notices must be exactly the expected ones; of an order or a risk, what `expected` leaves
    out is not compared. Times are compared as instants, whatever their offset.
    """
    return tuple(_differences(expected, orders_json))


def _differences(expected: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[str]:
    orders = {order["order_id"]: order for order in found.get("orders", ())}
    for order_id, want in expected["orders"].items():
        if order_id not in orders:
            yield f"order {order_id} is missing"
        else:
            yield from _order(order_id, want, orders[order_id])
    for order_id in sorted(orders.keys() - expected["orders"].keys()):
        yield f"order {order_id} is none of the shop's"
    yield from _notices(expected["notices"], found.get("notices", ()))


def _order(order_id: str, want: Mapping[str, Any], got: Mapping[str, Any]) -> Iterator[str]:
    total = got.get("total") or {}
    facts = {
        "site": got.get("site"),
        "buyer": got.get("buyer"),
        "total": f"{total['currency']} {float(total['value']):.2f}" if total else None,
        "parcel": next((shipment.get("status") for shipment in got.get("shipments", ())), None),
    }
    for key, value in facts.items():
        if key in want and want[key] != value:
            yield f"order {order_id}: {key} is {value}, not {want[key]}"
    risks: dict[str, Mapping[str, Any]] = {}
    for risk in got.get("risks", ()):
        if risk["id"] in risks:
            yield f"order {order_id}: {risk['id']} is there twice"
        risks[risk["id"]] = risk
    for risk_id, wanted in want["risks"].items():
        if risk_id not in risks:
            yield f"order {order_id}: {risk_id} was not found"
        else:
            yield from _risk(f"order {order_id}: {risk_id}", wanted, risks[risk_id])
    for risk_id in risks.keys() - want["risks"].keys():
        yield f"order {order_id}: {risk_id} is a false alarm"


def _risk(where: str, want: Mapping[str, Any], got: Mapping[str, Any]) -> Iterator[str]:
    for key in ("severity", "superseded"):
        if key in want and want[key] != got.get(key, False):
            yield f"{where}: {key} is {got.get(key)}, not {want[key]}"
    deadline = got.get("deadline") or {}
    for key, moment in want.get("deadline", {}).items():
        if not _same_moment(moment, deadline.get(key)):
            yield f"{where}: the {key} deadline is {deadline.get(key)}, not {moment}"


def _notices(want: Mapping[str, Any], got: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for notice_id in sorted({*want, *(notice["id"] for notice in got)}):
        found = [notice for notice in got if notice["id"] == notice_id]
        wanted = want.get(notice_id, {"count": 0})
        if len(found) != wanted["count"]:
            yield f"notice {notice_id} is there {len(found)} times, not {wanted['count']}"
        for notice in found:
            if "severity" in wanted and notice.get("severity") != wanted["severity"]:
                yield f"notice {notice_id}: severity is {notice.get('severity')}, not {wanted['severity']}"


def _same_moment(left: str, right: str | None) -> bool:
    if right is None:
        return False
    if len(left) == len("2026-11-25") or len(right) == len("2026-11-25"):
        return left == right
    return datetime.fromisoformat(left) == datetime.fromisoformat(right)
