"""eBay's requirements for proof of delivery, each a clause of its own: its verdict, why, what can still be repaired.

The requirements: eBay's seller protection and signature confirmation pages (sellercentre.ebay.com.au 2020 summer
update; help page 5154). What is not known is `unclear`, never `yes`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from agent.orders.order import Order, Shipment
from agent.risks.deadlines import business_deadline, is_plausible
from agent.risks.parcels import is_scanned
from agent.risks.sentences import carrier_name, day, last_seen, parcel_name, site_day
from agent.risks.standing import open_cases
from agent.rules import figure, find_figure
from agent.verification.parcel import addressed, delivery
from agent.verification.programmes import programme_of
from agent.vocabulary.carriers import related
from agent.vocabulary.marketplaces import marketplace
from agent.vocabulary.numbers import candidates
from agent.vocabulary.status import Reason, TrackingStatus
from agent.vocabulary.values import Money, end_of

Verdict = Literal["yes", "no", "unclear"]


@dataclass(frozen=True, kw_only=True)
class Clause:
    """One requirement. `repair` is what a human can still do for it, `until` the last moment at which it helps."""

    name: str
    verdict: Verdict
    why: str = ""
    repair: str = ""
    until: datetime | None = None


Told = tuple[Verdict, str]


def worst(verdicts: Sequence[Verdict]) -> Verdict:
    return "no" if "no" in verdicts else "unclear" if "unclear" in verdicts else "yes"


def clauses(order: Order, parcels: Sequence[Shipment], now: datetime) -> Iterator[Clause]:
    """Every clause of an order at `now` (aware); a clause about parcels is as good as the worst of them."""
    answer_by = _answer_by(order, now)
    yield _of_all("carrier_integrated", [_carrier_integrated(order, parcel) for parcel in parcels])
    yield _tracking_in_time(order, parcels, now)
    yield _of_all("delivered", [_delivered(order, parcel) for parcel in parcels])
    yield _of_all(
        "place",
        [_place(order, parcel) for parcel in parcels],
        "Ask the carrier for proof of delivery that names the place."
        if any(parcel.status is TrackingStatus.DELIVERED for parcel in parcels)
        else "",
        answer_by,
    )
    here = [parcel for parcel in parcels if not is_scanned(parcel)]
    yield _of_all(
        "address",
        [_address(order, parcel) for parcel in parcels],
        "Compare the label with the order's address before you hand it over." if here else "",
    )
    yield _signature(order, parcels, now)


def signature_threshold(order: Order) -> Money | None:
    """The total from which eBay asks for a signature, in the currency of the order's site; None where nobody knows."""
    known = find_figure(order.site, "signature_threshold") if order.site else None
    return Money(Decimal(str(known.value)), marketplace(order.site).currency) if known else None


def needs_signature(order: Order) -> bool | None:
    """Whether the order's value asks for a signature; None where total, site or currency do not tell."""
    programme, threshold = programme_of(order), signature_threshold(order)
    if programme is not None and programme.signature_exempt:
        return False
    if order.total is None or threshold is None or order.total.currency != threshold.currency:
        return None
    return order.total.value >= threshold.value


def is_signed(parcel: Shipment) -> bool:
    return Reason.SIGNED in {parcel.reason, *(scan.reason for scan in parcel.scans)}


def asks_for_signature(parcel: Shipment) -> bool:
    """Whether the number itself names a service that hands over against a signature."""
    return any(
        "signature" in (candidate.service or "").casefold()
        for number, owner in parcel.carriers.items()
        for candidate in candidates(number, declared=owner)
        if candidate.checksum != "fail" and owner and related(candidate.carrier, owner)
    )


# ---- one clause each --------------------------------------------------------------------------------------------


def _of_all(name: str, told: Sequence[Told], repair: str = "", until: datetime | None = None) -> Clause:
    """The clause as its worst parcel tells it; a repair stands only where there is something to repair."""
    if not told:
        return Clause(name=name, verdict="no", why="No parcel of this order is known.")
    verdict = worst([one for one, _ in told])
    why = next(why for one, why in told if one == verdict)
    broken = verdict != "yes" and repair
    return Clause(name=name, verdict=verdict, why=why, repair=repair if broken else "", until=until if broken else None)


def _carrier_integrated(order: Order, parcel: Shipment) -> Told:
    known = marketplace(order.site).integrated_carriers if order.site else ()
    if parcel.carrier and any(related(parcel.carrier, name) for name in known):
        return "yes", f"eBay reads {carrier_name(parcel)}'s scans."
    return "unclear", f"It is not known whether eBay reads {_the_carriers(parcel)} scans."


def upload_limit(order: Order) -> datetime | None:
    """Until when the number must be with eBay: the last estimated day, and in time for the answer to a request."""
    answer = int(figure(order.site, "inr_answer_business_days").value)
    limits = [
        deadline.nominal
        for case in order.cases
        if case.kind == "inr" and (deadline := business_deadline(case.opened_at, answer, order.site)).nominal
    ]
    if order.estimated_delivery and is_plausible(order.estimated_delivery.max):
        limits.append(end_of(order.estimated_delivery.max, marketplace(order.site).zone))
    return min(limits, default=None)


def _tracking_in_time(order: Order, parcels: Sequence[Shipment], now: datetime) -> Clause:
    """A number counts as uploaded from the first mail of eBay that names it; other news of it prove no upload."""
    name, limit = "tracking_in_time", upload_limit(order)
    open_ = limit is None or now <= limit
    many = "numbers" if len(parcels) > 1 else "number"
    if not parcels:
        return Clause(
            name=name,
            verdict="unclear" if open_ else "no",
            why="No tracking number is known." if open_ else "No tracking number was known in time.",
            repair="Upload the tracking number to the order in eBay." if open_ else "",
            until=limit if open_ else None,
        )
    heard = [parcel.uploaded_at for parcel in parcels]
    if any(at is None for at in heard):
        return Clause(
            name=name,
            verdict="unclear",
            why="No mail of eBay names the tracking number, so it may not be uploaded.",
            repair=f"Look whether eBay shows the tracking {many} with the order, and upload what is missing."
            if open_
            else "",
            until=limit if open_ else None,
        )
    if limit is None:
        return Clause(name=name, verdict="unclear", why="It is uploaded; eBay's last estimated day is not known.")
    if all(at is not None and at <= limit for at in heard):
        return Clause(name=name, verdict="yes", why=f"Uploaded before {site_day(limit, order)} was over.")
    return Clause(name=name, verdict="no", why=f"It was uploaded after {site_day(limit, order)}.")


def _delivered(order: Order, parcel: Shipment) -> Told:
    if parcel.status is TrackingStatus.UNKNOWN:
        return "unclear", f"Nobody knows where the {parcel_name(parcel)} is."
    if parcel.status is not TrackingStatus.DELIVERED:
        scanned = f"it was last scanned on {last_seen(parcel)}" if parcel.last_scan_at else "no scan of it is known"
        return "no", f"The {parcel_name(parcel)} is not delivered; {scanned}."
    if parcel.delivered_at is None:
        return "unclear", f"The {parcel_name(parcel)} is delivered, the carrier does not say when."
    if order.sold_at is not None and parcel.delivered_at < order.sold_at:
        return "no", f"Delivered on {day(parcel.delivered_at)}, before the sale: that was another parcel."
    return "yes", f"Delivered on {day(parcel.delivered_at)}."


def _place(order: Order, parcel: Shipment) -> Told:
    """Town or postcode of the delivery scan equals the order's address."""
    if order.ship_to is None:
        return "unclear", "The order's address is not known."
    if parcel.status is not TrackingStatus.DELIVERED:
        return "unclear", "It is not delivered yet."
    found = delivery(order, parcel)
    if not found.where:
        return "unclear", f"{_the_carrier(parcel)} shows no place of the delivery."
    if found.match.proves:
        same = "town" if found.match.level == "city" else "postcode"
        return "yes", f"Delivered in {found.where}, the {same} of the order."
    programme = programme_of(order)
    if found.match.level == "mismatch" and programme is not None and programme.ends_at_hub:
        return "unclear", f"Delivered in {found.where}, which may be the hub of {programme.name}."
    if found.match.level == "mismatch":
        return "no", f"Delivered in {found.where}, which is not where the order goes."
    if found.match.level == "alternate":
        return "unclear", f"Handed out in {found.where}, and not at the buyer's door."
    return "unclear", f"Delivered in {found.where}: that does not prove the town or postcode of the order."


def _address(order: Order, parcel: Shipment) -> Told:
    """Shipped to the address of the checkout, not to one that the buyer asked for afterwards."""
    sent = addressed(order, parcel)
    if sent.is_wrong:
        return "no", f"It is addressed to {sent.where}, not to the order's address."
    programme = programme_of(order)
    if programme is not None and programme.ends_at_hub:
        return "yes", f"It goes by {programme.name}: the hub is the right address."
    if sent.match.proves:
        return "yes", f"It is addressed to {sent.where}, as the order is."
    if any(message.intent == "change_address" for message in order.messages):
        return "unclear", "The buyer asked for another address after the sale; only the order's protects you."
    if delivery(order, parcel).match.proves:
        return "yes", "It was delivered where the order goes."
    return "unclear", "Nobody knows which address the label bears."


def _signature(order: Order, parcels: Sequence[Shipment], now: datetime) -> Clause:
    """Needed from a total on that each site sets, in the site's currency; some programmes ask for none."""
    name, needed, threshold = "signature", needs_signature(order), signature_threshold(order)
    if parcels and all(is_signed(parcel) for parcel in parcels):
        return Clause(name=name, verdict="yes", why="The carrier shows a signature.")
    if needed is None:
        return Clause(name=name, verdict="unclear", why="Total, site or currency do not tell whether it needs one.")
    if not needed:
        programme = programme_of(order)
        exempt = programme.name if programme and programme.signature_exempt else ""
        why = f"{exempt} needs none." if exempt else f"The total is below {threshold}."
        return Clause(name=name, verdict="yes", why=why)
    pending = [parcel for parcel in parcels if parcel.status is not TrackingStatus.DELIVERED]
    if parcels and not pending:
        return Clause(
            name=name,
            verdict="no",
            why=f"From {threshold} on eBay asks for a signature, and the carrier shows none.",
            repair="Ask the carrier whether it was signed for.",
            until=_answer_by(order, now),
        )
    promised = bool(parcels) and all(asks_for_signature(parcel) or is_signed(parcel) for parcel in parcels)
    aboard = any(is_scanned(parcel) for parcel in parcels)
    ship_by = (
        end_of(order.ship_by, marketplace(order.site).zone) if order.ship_by and is_plausible(order.ship_by) else None
    )
    return Clause(
        name=name,
        verdict="unclear",
        why=f"From {threshold} on eBay asks for a signature; it is "
        + ("sent against one." if promised else "not known that it is sent against one."),
        repair="" if promised or aboard else "Send it with a service that takes a signature.",
        until=None if promised or aboard else ship_by,
    )


def _answer_by(order: Order, now: datetime) -> datetime | None:
    """Until when what is found can still be told eBay in an open request, where there is one."""
    days = int(figure(order.site, "inr_answer_business_days").value)
    ends = [
        business_deadline(case.opened_at, days, order.site, case.respond_by).nominal
        for case in open_cases(order, "inr")
    ]
    return min((end for end in ends if end is not None and end > now), default=None)


def _the_carrier(parcel: Shipment) -> str:
    name = carrier_name(parcel)
    return "The carrier" if name == "the carrier" else name


def _the_carriers(parcel: Shipment) -> str:
    return f"{carrier_name(parcel)}'s"
