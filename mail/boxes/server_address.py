"""Addresses of mail servers as configured: `imaps://seller@example.com@imap.example.com/INBOX`."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote

_HOST = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::(?P<port>\d{1,5}))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerAddress:
    scheme: str
    user: str | None
    host: str
    port: int
    path: str

    @property
    def is_loopback(self) -> bool:
        """Whether it is this machine, where nobody listens on the way."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"


def server_address(url: str, ports: Mapping[str, int]) -> ServerAddress:
    """The parts of `scheme://[user@]host[:port][/path]`; the user may hold an `@`. Raises ValueError."""
    scheme, separator, rest = url.partition("://")
    if not separator or scheme not in ports:
        raise ValueError(f"{url!r} does not start with {' or '.join(f'{name}://' for name in ports)}")
    authority, _, path = rest.partition("/")
    user, _, server = authority.rpartition("@")
    found = _HOST.fullmatch(server)
    if found is None or ":" in user:
        hint = "the password stands apart, under `password:`" if ":" in user else f"{server!r} is no host"
        raise ValueError(f"{scheme} address not understood: {hint}")
    port = int(found["port"] or ports[scheme])
    return ServerAddress(
        scheme=scheme, user=unquote(user) or None, host=found["host"].strip("[]"), port=port, path=unquote(path)
    )
