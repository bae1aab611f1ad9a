"""How carriers work: their hours, working days and habits, made up, and as different as theirs."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo


@dataclass(frozen=True, kw_only=True)
class House:
    """How one carrier works in one country."""

    carrier: str
    country: str
    zone: ZoneInfo
    loads: tuple[float, float]
    """Hours at which vans are loaded and "out for delivery" is scanned."""
    hands_over: tuple[float, float, float]
    """Hours of delivery: first, most likely, last."""
    closed: tuple[int, ...] = (7,)
    """Days without delivery, Monday 1."""
    scans_loading: float = 0.8
    page_lag: tuple[float, float] = (2, 20)
    """Minutes until the page shows a scan."""
    mails: float = 0.3
    """Of how many parcels it writes to the seller."""


HOUSES = (
    House(
        carrier="usps",
        country="US",
        zone=ZoneInfo("America/New_York"),
        loads=(6, 10),
        hands_over=(9, 13, 19),
        closed=(7,),
        page_lag=(5, 60),
    ),
    House(
        carrier="ups",
        country="US",
        zone=ZoneInfo("America/Chicago"),
        loads=(6.5, 9.5),
        hands_over=(9, 15, 20),
        closed=(6, 7),
        page_lag=(2, 15),
        mails=0.5,
    ),
    House(
        carrier="fedex",
        country="US",
        zone=ZoneInfo("America/Los_Angeles"),
        loads=(5, 9),
        hands_over=(8, 12, 20),
        closed=(7,),
        scans_loading=0.9,
    ),
    House(
        carrier="dhl-paket-de",
        country="DE",
        zone=ZoneInfo("Europe/Berlin"),
        loads=(7, 10),
        hands_over=(9.5, 12.5, 18),
        scans_loading=0.85,
    ),
    House(
        carrier="gls-de",
        country="DE",
        zone=ZoneInfo("Europe/Berlin"),
        loads=(5, 9),
        hands_over=(9, 13, 17),
        closed=(6, 7),
        page_lag=(10, 90),
    ),
    House(
        carrier="royal-mail",
        country="GB",
        zone=ZoneInfo("Europe/London"),
        loads=(7, 10),
        hands_over=(9, 12, 16),
        scans_loading=0.5,
        page_lag=(20, 180),
    ),
    House(
        carrier="evri", country="GB", zone=ZoneInfo("Europe/London"), loads=(8, 12), hands_over=(10, 16, 21), closed=()
    ),
    House(
        carrier="laposte",
        country="FR",
        zone=ZoneInfo("Europe/Paris"),
        loads=(6, 9),
        hands_over=(8.5, 11, 17),
        scans_loading=0.6,
        page_lag=(10, 240),
    ),
    House(
        carrier="postnl",
        country="NL",
        zone=ZoneInfo("Europe/Amsterdam"),
        loads=(8, 12),
        hands_over=(11, 15, 21.5),
        mails=0.6,
    ),
    House(
        carrier="australia-post",
        country="AU",
        zone=ZoneInfo("Australia/Sydney"),
        loads=(6, 9),
        hands_over=(8, 11, 17),
        closed=(6, 7),
        scans_loading=0.9,
    ),
    House(
        carrier="japan-post",
        country="JP",
        zone=ZoneInfo("Asia/Tokyo"),
        loads=(7, 17),
        hands_over=(9, 14, 21),
        closed=(),
        page_lag=(10, 120),
    ),
)
