"""GLS in Europe: the answer behind the group's page, also its countries' (source: CARRIERS, row gls; of 2016 and 2018).

`progressBar.statusInfo` is the headline's code; `DELIVEREDPS` is a parcel that waits in a ParcelShop.
"""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote

from scrapers.carriers import Call, Visit, carrier
from scrapers.look import Tracked
from scrapers.reading.document import Document
from scrapers.reading.layout import Layout, read_one_of

_PAGE = Layout(
    carrier="gls",
    parcel="history.evtDscr|progressBar.statusInfo",
    rows="history",
    number="references.value|tuNo",
    headline="progressBar.statusText",
    code="progressBar.statusInfo",
    returned="progressBar.retourFlag",
    words="evtDscr|description",
    time="date",
    clock="time",
    place=("address.city", "address.countryName|address.countryCode"),
    country="address.countryCode",
    row_code=("evtNo",),
    destination="deliveryAddress.countryCode",
    absent={"lastError": ("E404", "E998")},
)
_API = Layout(
    carrier="gls",
    parcel="events.description|events.code",
    rows="events",
    number="requested|unitno|parcelNumber|trackId",
    headline="statusText",
    code="status",
    words="description",
    time="eventDateTime|timestamp|date",
    place=("city", "country"),
    postcode="postalCode",
    country="country",
    row_code=("code",),
    absent={"errorCode": ("NOT_FOUND",)},
)


@carrier("gls")
class Gls:
    def visit(self, number: str, postcode: str | None) -> Visit:
        return visit(number, postcode, "EU/en", "parcel-tracking")

    def parse(self, document: Document, number: str | None) -> tuple[Tracked, ...]:
        return parcels(document, number, "gls")


def visit(number: str, postcode: str | None, country: str, page: str) -> Visit:
    """A country's page of the group, and its data call; some countries tell more to whoever knows the postcode."""
    code = quote("".join((postcode or "").split()), safe="")
    more = f"&postalCode={code}" if code else ""
    return Visit(
        url=f"https://gls-group.eu/{country}/{page}?match={number}{more}",
        data=Call(url=f"https://gls-group.eu/app/service/open/rest/{country}/rstt001?match={number}{more}"),
        data_paths=("/rstt001", "/rstt028", "/rstt029"),
    )


def parcels(document: Document, number: str | None, name: str) -> tuple[Tracked, ...]:
    """The parcels of the group's answer, as a country's."""
    return read_one_of((replace(_PAGE, carrier=name), replace(_API, carrier=name)), document, number)
