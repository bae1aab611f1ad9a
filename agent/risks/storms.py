"""Many parcels of one carrier or lane that stopped together: one incident instead of many cases. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from agent.orders.order import Order, Shipment
from agent.orders.shipment import scanned_at
from agent.risks.deadlines import business_days_after
from agent.risks.parcels import is_abroad
from agent.risks.standing import is_settled
from agent.risks.timers import DEFAULT, Timers, patience
from agent.vocabulary.languages import fold
from agent.vocabulary.marketplaces import marketplace
from agent.vocabulary.status import TrackingStatus
from agent.vocabulary.values import end_of

_UNDER_WAY = frozenset(
    {
        TrackingStatus.IN_TRANSIT,
        TrackingStatus.OUT_FOR_DELIVERY,
        TrackingStatus.DELIVERY_ATTEMPTED,
        TrackingStatus.EXCEPTION,
    }
)
_COUNTRIES = {"UK": "GB"}
_SCANS = 20
"""Of one parcel, newest first: bounds the work on a page of any length."""
_Lane = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What makes a storm. Product defaults: chance alone must not make one."""

    parcels: int = 5
    share: float = 0.4
    """Of the carrier's or lane's own parcels under way, those delivered lately included."""
    together: timedelta = timedelta(days=3)
    """Their last scans lie within this span of each other."""
    business_days: int = 2
    """A silence holds at least so many: a long weekend is none."""
    read_within: timedelta = timedelta(hours=36)
    """Silence counts only where the carrier's page answered this recently."""
    forgotten: timedelta = timedelta(days=30)
    """A parcel that is silent for this long is its own case, and no storm's."""
    usual_of: int = 5
    """From so many delivered parcels on, a carrier's own silences are known."""
    beyond_usual: float = 1.5
    """A silence must be so many times longer than those that are usual for the carrier."""


@dataclass(frozen=True, kw_only=True)
class Incident:
    """One storm, as of now."""

    carrier: str | None
    """None: several carriers on one lane."""
    origin: str | None = None
    """Country codes, where all its parcels share them."""
    destination: str | None = None
    region: str | None = None
    place: str | None = None
    """Where all of them were last seen, as the carrier prints it."""
    since: datetime
    """The first of the last scans."""
    order_ids: tuple[str, ...]
    tracking_numbers: tuple[str, ...]
    under_way: int
    """Parcels of the same carrier or lane that are under way or were delivered since, stopped ones included."""
    covered: int = 0
    """Of the stopped ones: number given to eBay and physically scanned, no case before."""


@dataclass(frozen=True, slots=True)
class _Parcel:
    """A parcel that was read lately, as far as storms go."""

    order: Order
    shipment: Shipment
    carrier: str
    abroad: bool
    lanes: tuple[_Lane, ...]
    """Widest first."""
    last: datetime
    moves: bool
    """Delivered lately: it shows that the lane is open."""


def storms(
    orders: Iterable[Order], now: datetime, timers: Timers = DEFAULT, figures: Figures = Figures()
) -> tuple[Incident, ...]:
    """The storms of this moment, the largest first; they end when the parcels move again."""
    orders = list(orders)
    known = list(_known(orders, now, figures))
    usual = _usual_silences(orders, figures) if len(known) >= figures.parcels else {}
    stopped = [one for one in known if _stopped(one, now, timers, figures, usual)]
    if len(stopped) < figures.parcels:
        return ()
    found: list[Incident] = []
    taken: set[str] = set()
    for lane in _widest_first(stopped):
        here = [one for one in stopped if _is_on(one, lane) and one.shipment.tracking_number not in taken]
        cluster = _together(here, figures)
        if len(cluster) < figures.parcels:
            continue
        began = min(one.last for one in cluster)
        base = [one for one in known if lane in one.lanes and (not one.moves or one.last >= began)]
        if len(cluster) < figures.share * len(base):
            continue
        taken |= {one.shipment.tracking_number for one in cluster}
        found.append(_incident(lane, cluster, len(base)))
    return tuple(sorted(found, key=lambda one: (-len(one.tracking_numbers), one.since, one.tracking_numbers)))


def _known(orders: Sequence[Order], now: datetime, figures: Figures) -> Iterable[_Parcel]:
    """Parcels under way whose pages were read lately, and those that arrived lately."""
    for order in orders:
        for shipment in order.shipments:
            last, carrier = shipment.last_scan_at, _carrier(shipment)
            if last is None or carrier is None or shipment.first_scan_at is None or now - last > figures.forgotten:
                continue
            moves = shipment.status is TrackingStatus.DELIVERED
            read = shipment.last_good_look_at
            if not moves and (is_settled(order) or shipment.status not in _UNDER_WAY):
                continue
            if not moves and (read is None or now - read > figures.read_within):
                continue
            abroad = is_abroad(order, shipment)
            lanes = tuple(_lanes(order, shipment, carrier, abroad))
            yield _Parcel(order, shipment, carrier, abroad, lanes, last, moves)


def _carrier(shipment: Shipment) -> str | None:
    """Who has it now."""
    seen = [leg.carrier for leg in shipment.legs if leg.last_scan_at is not None and leg.carrier]
    return seen[-1] if seen else shipment.carrier


def _lanes(order: Order, shipment: Shipment, carrier: str, abroad: bool) -> Iterable[_Lane]:
    yield ("carrier", carrier)
    origin, to = marketplace(order.site).country, _destination(order)
    if abroad and origin and to:
        yield ("lane", origin, to)
        yield ("lane", origin, to, carrier)
    elif to and order.ship_to is not None and order.ship_to.region:
        yield ("region", carrier, to, fold(order.ship_to.region))
    towns = dict.fromkeys(
        scan.location.city for scan in shipment.scans[:_SCANS] if scan.location and scan.location.city
    )
    for town in towns:  # those that came through show that a place is open
        yield ("place", carrier, fold(town))


def _is_on(one: _Parcel, lane: _Lane) -> bool:
    """Whether a stopped parcel is one of a lane's: where it only came through a place, it stopped elsewhere."""
    return lane in one.lanes and (lane[0] != "place" or fold(_place(one.shipment) or "") == lane[-1])


def _destination(order: Order) -> str | None:
    code = (order.ship_to.country if order.ship_to else None) or ""
    code = _COUNTRIES.get(code.upper(), code.upper())
    return code if len(code) == 2 else None


def _place(shipment: Shipment) -> str | None:
    """The town of the last scan."""
    for scan in shipment.scans:
        if scan.status is not TrackingStatus.INFO_RECEIVED and scan.occurred_at is not None:
            return scan.location.city if scan.location else None
    return None


def _usual_silences(orders: Sequence[Order], figures: Figures) -> Mapping[tuple[str, bool], timedelta]:
    """Carrier and whether abroad → the silence that four of five delivered parcels did not exceed."""
    longest: dict[tuple[str, bool], list[timedelta]] = defaultdict(list)
    for order in orders:
        for shipment in order.shipments:
            carrier = _carrier(shipment)
            if shipment.status is not TrackingStatus.DELIVERED or carrier is None:
                continue
            times = sorted(at for scan in shipment.scans if (at := scanned_at(scan, shipment)) is not None)
            gaps = [after - before for before, after in pairwise(times)]
            if gaps:
                longest[carrier, is_abroad(order, shipment)].append(max(gaps))
    return {
        which: sorted(gaps)[(len(gaps) * 4) // 5] for which, gaps in longest.items() if len(gaps) >= figures.usual_of
    }


def _stopped(
    one: _Parcel, now: datetime, timers: Timers, figures: Figures, usual: Mapping[tuple[str, bool], timedelta]
) -> bool:
    """Silent for longer than a parcel of its kind should be; a late one sooner than one that has time."""
    if one.moves:
        return False
    normal = timers.stalled_watch_abroad if one.abroad else timers.stalled_watch
    watch = max(normal, usual.get((one.carrier, one.abroad), timedelta(0)) * figures.beyond_usual)
    if business_days_after(one.last, figures.business_days, one.order.site) > now:
        return False
    if patience(one.last, watch, timers) <= now:
        return True
    return _is_late(one, now) and watch == normal and patience(one.last, watch / 2, timers) <= now


def _is_late(one: _Parcel, now: datetime) -> bool:
    window = one.order.estimated_delivery or one.shipment.estimated_delivery
    return window is not None and end_of(window.max, marketplace(one.order.site).zone) < now


def _widest_first(stopped: Sequence[_Parcel]) -> Sequence[_Lane]:
    """Every lane that stopped parcels are on, carriers first."""
    ranks = ("carrier", "lane", "region", "place")
    return sorted(
        {lane for one in stopped for lane in one.lanes}, key=lambda lane: (ranks.index(lane[0]), len(lane), lane)
    )


def _together(stopped: Sequence[_Parcel], figures: Figures) -> list[_Parcel]:
    """The most parcels whose last scans lie close together."""
    ordered = sorted(stopped, key=lambda one: (one.last, one.shipment.tracking_number))
    best: tuple[int, int] = (0, 0)
    start = 0
    for end in range(len(ordered)):
        while ordered[end].last - ordered[start].last > figures.together:
            start += 1
        if end + 1 - start > best[1] - best[0]:
            best = start, end + 1
    return ordered[best[0] : best[1]]


def _incident(lane: _Lane, cluster: Sequence[_Parcel], under_way: int) -> Incident:
    """What all of them share names it."""
    carriers = {one.carrier for one in cluster}
    ways = {(marketplace(one.order.site).country, _destination(one.order)) if one.abroad else None for one in cluster}
    way = ways.pop() if len(ways) == 1 else None
    places = {fold(place): place for one in cluster if (place := _place(one.shipment)) is not None}
    shared = len(places) == 1 and all(_place(one.shipment) for one in cluster)
    regions = {(one.order.ship_to.region or "") if one.order.ship_to else "" for one in cluster}
    return Incident(
        carrier=carriers.pop() if len(carriers) == 1 else None,
        origin=way[0] if way else None,
        destination=way[1] if way else None,
        region=regions.pop() or None if lane[0] == "region" and len(regions) == 1 else None,
        place=next(iter(places.values())) if shared else None,
        since=min(one.last for one in cluster),
        order_ids=tuple(dict.fromkeys(one.order.order_id for one in cluster)),
        tracking_numbers=tuple(one.shipment.tracking_number for one in cluster),
        under_way=under_way,
        covered=sum(_covered(one) for one in cluster),
    )


def _covered(one: _Parcel) -> bool:
    """Number uploaded and physically scanned before any case: what eBay asks where it protects sellers in an event."""
    first = min((case.opened_at for case in one.order.cases), default=None)
    uploaded, scanned = one.shipment.uploaded_at, one.shipment.first_scan_at
    return uploaded is not None and scanned is not None and (first is None or max(uploaded, scanned) < first)
