"""How single values of a configuration are read: durations, times, zones, addresses of mailboxes and servers."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BeforeValidator, ValidationInfo, WithJsonSchema
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from agent.config.problems import Told
from agent.policies.arguments import HOURS
from agent.policies.duration import duration
from agent.policies.hours import Hours, hours
from agent.policies.nearest import did_you_mean, hint, nearest
from agent.vocabulary.marketplaces import marketplaces

_ALONE = "write the address alone: you@example.com"
_MAIL = re.compile(r"[^\s@<>,;\"]{1,64}@[A-Za-z0-9.-]{1,253}")
_SERVER_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,252}")
_HOST_PORT = re.compile(r"(127\.\d{1,3}\.\d{1,3}\.\d{1,3}|localhost|\[::1\]):(\d{1,5})")

_CURRENCY = re.compile(r"[A-Z]{3}")

SOURCES = ("imaps", "imap", "maildir", "mbox")
TRANSPORTS = ("smtps", "smtp", "maildir")
LARGEST_AMOUNT = 1_000_000
STORES = ("sqlite", "postgresql")
SHORTEST_PAUSE, LONGEST_PAUSE = timedelta(seconds=10), timedelta(days=1)


def _duration(value: Any) -> Any:
    if isinstance(value, timedelta):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        raise Told(f'bad duration "{value}"', f"did you mean {value}h or {value}m?")
    try:
        return duration(value)
    except ValueError as bad:
        raise Told(str(bad)) from None


def _quiet_hours(value: Any) -> Any:
    if value is None or isinstance(value, Hours):
        return value
    try:
        return hours(value)
    except ValueError as bad:
        raise Told(str(bad)) from None


def _pause(value: Any) -> Any:
    """Often enough to be of use, seldom enough to be no burden."""
    span = _duration(value)
    if not SHORTEST_PAUSE <= span <= LONGEST_PAUSE:
        raise Told(f'"{value}" is out of range: write 10s to 1d, such as 5m')
    return span


def _clock_time(value: Any) -> Any:
    if isinstance(value, time):
        return value
    found = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", value.strip()) if isinstance(value, str) else None
    if found is None:
        raise Told(f'"{value}" is no time of day: write "07:30"')
    return time(int(found[1]), int(found[2]))


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _zone(value: Any) -> Any:
    if isinstance(value, ZoneInfo):
        return value
    if not isinstance(value, str) or value not in _zones():
        cities = {name.rpartition("/")[2]: name for name in sorted(_zones())}
        meant = nearest(value, _zones()) or cities.get(nearest(value, cities) or "")
        close = f'did you mean "{meant}"?' if meant else ""
        raise Told(f'unknown time zone "{value}": write one such as Europe/Berlin', close)
    return ZoneInfo(value)


def _aware(value: Any) -> Any:
    if isinstance(value, datetime):
        moment = value
    else:
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            raise Told(f'"{value}" is no time: write 2026-11-25T07:30:00-08:00') from None
    if moment.tzinfo is None:
        raise Told(f'"{value}" names no offset: write 2026-11-25T07:30:00-08:00')
    return moment


def _mail_address(value: Any) -> Any:
    if not isinstance(value, str) or not _MAIL.fullmatch(value.strip()):
        raise Told("expected one mail address" if isinstance(value, list) else f'"{value}" is no mail address', _ALONE)
    return value.strip()


def _site(value: Any) -> Any:
    if not isinstance(value, str) or value not in marketplaces():
        wanted = str(value).upper().replace("-", "_").replace("EBAY_UK", "EBAY_GB")
        raise Told(f'unknown site "{value}"', hint(wanted, marketplaces()))
    return value


def _receiver(value: Any) -> Any:
    if not isinstance(value, str) or not _SERVER_ID.fullmatch(value):
        header = "the first word after Authentication-Results: in a mail of this mailbox"
        raise Told(f'"{value}" is no receiver: write a provider such as gmail, or {header}')
    return value


def _loopback(value: Any) -> Any:
    found = _HOST_PORT.fullmatch(value) if isinstance(value, str) else None
    if found is None or not 0 < int(found[2]) < 65536:
        raise Told(f'"{value}" is no local address: write 127.0.0.1:8099')
    return value


def _source(value: Any, info: ValidationInfo) -> Any:
    return _address(value, SOURCES, info, "imaps://you@example.com@imap.example.com/INBOX, maildir:PATH or mbox:PATH")


def _transport(value: Any, info: ValidationInfo) -> Any:
    return _address(value, TRANSPORTS, info, "smtps://you@example.com@smtp.example.com or maildir:PATH")


def _address(value: Any, schemes: tuple[str, ...], info: ValidationInfo, example: str) -> str:
    """A server's address as it is, or a path made absolute from the configuration's folder."""
    if not isinstance(value, str) or ":" not in value:
        raise Told(f'"{value}" is no address: write {example}')
    scheme, _, rest = value.partition(":")
    if scheme not in schemes:
        raise Told(f'unknown kind of address "{scheme}:": write {example}', did_you_mean(scheme, schemes))
    if scheme in ("maildir", "mbox"):
        if not rest or rest.startswith("//"):
            raise Told(f'"{value}" is no path: write {scheme}:PATH')
        return f"{scheme}:{_folder(info) / rest}"
    return _server(value, needs_user=scheme.startswith("imap"))


def _server(value: str, *, needs_user: bool) -> str:
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise Told(f'"{value}" has no valid host and port') from None
    user = parts.netloc.rpartition("@")[0]
    if not host or not (":" in host or _SERVER_ID.fullmatch(host)):  # urlsplit has checked an IPv6 address
        example = f"{parts.scheme}://you@example.com@{'imap' if needs_user else 'smtp'}.example.com"
        raise Told(f'"{value}" names no server', f"such as {example}{'/INBOX' if needs_user else ''}")
    if ":" in user:
        raise Told("a password does not belong in an address", "write password: {env: NAME} instead")
    if needs_user and not user:
        raise Told(f'"{value}" names no user', f"write {parts.scheme}://you@example.com@{host}/INBOX")
    return value


def _store(value: Any, info: ValidationInfo) -> Any:
    scheme, colon, rest = str(value).partition("://")
    kind, _, driver = scheme.partition("+")
    if kind not in STORES or not colon or (kind == "sqlite" and driver):
        raise Told(f'"{value}" is no store: write sqlite:///orderwatch.db', did_you_mean(scheme, STORES))
    if kind == "sqlite":
        path = rest.removeprefix("/")
        if not path or path == rest:
            raise Told("the store names no file: write sqlite:///orderwatch.db")
        return value if path == ":memory:" else f"sqlite:///{_folder(info) / path}"
    try:
        make_url(str(value))
    except (SQLAlchemyError, ValueError):
        raise Told("the store's address cannot be read: write postgresql://user@host:5432/name") from None
    return value


def _folder(info: ValidationInfo) -> Path:
    context: Any = info.context
    return Path(context["folder"]) if context else Path()


def _amount(value: Any) -> Any:
    """A number as it is written: a text or a truth value is none."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal) or not 0 <= value <= LARGEST_AMOUNT:
        raise Told(f'"{value}" is no amount: write a number such as 4.90')
    return Decimal(str(value))


def _share(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal) or not 0 <= value <= 1:
        raise Told(f'"{value}" is no share: write a number from 0 to 1, such as 0.4')
    return Decimal(str(value))


def _currency(value: Any) -> Any:
    if not isinstance(value, str) or not _CURRENCY.fullmatch(value):
        raise Told(f'"{value}" is no currency: write its ISO code, such as EUR')
    return value


def _text(pattern: str | None = None, **more: Any) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", **({"pattern": pattern} if pattern else {}), **more})


def _number(most: int) -> WithJsonSchema:
    return WithJsonSchema({"type": "number", "minimum": 0, "maximum": most})


Duration = Annotated[timedelta, BeforeValidator(_duration), _text(r"^(\d+\s*[smhdw]\s*)+$")]
Pause = Annotated[timedelta, BeforeValidator(_pause), _text(r"^(\d+\s*[smhdw]\s*)+$")]
QuietHours = Annotated[
    Hours | None, BeforeValidator(_quiet_hours), WithJsonSchema({"anyOf": [dict(HOURS), {"type": "null"}]})
]
ClockTime = Annotated[time, BeforeValidator(_clock_time), _text(r"^\d?\d:\d\d$")]
Zone = Annotated[ZoneInfo, BeforeValidator(_zone), _text()]
Moment = Annotated[datetime, BeforeValidator(_aware), _text(format="date-time")]
MailAddress = Annotated[str, BeforeValidator(_mail_address), _text(format="email")]
Currency = Annotated[str, BeforeValidator(_currency), _text(r"^[A-Z]{3}$")]
Amount = Annotated[Decimal, BeforeValidator(_amount), _number(LARGEST_AMOUNT)]
Share = Annotated[Decimal, BeforeValidator(_share), _number(1)]
Site = Annotated[str, BeforeValidator(_site), _text(r"^EBAY_[A-Z]+$")]
Receiver = Annotated[str, BeforeValidator(_receiver)]
Loopback = Annotated[str, BeforeValidator(_loopback)]
SourceAddress = Annotated[str, BeforeValidator(_source)]
TransportAddress = Annotated[str, BeforeValidator(_transport)]
StoreAddress = Annotated[str, BeforeValidator(_store)]
