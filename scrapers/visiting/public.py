"""Which addresses are public: the only ones that are ever connected to. Pure."""

from __future__ import annotations

import ipaddress

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_NOT_PUBLIC = tuple(
    ipaddress.ip_network(text)
    for text in (
        "192.0.0.0/24",  # IETF protocol assignments
        "192.88.99.0/24",  # 6to4 relays, withdrawn (RFC 7526)
        "::/96",  # IPv4-compatible, withdrawn (RFC 4291)
        "64:ff9b:1::/48",  # a network's own NAT64 (RFC 8215)
        "2001::/23",  # IETF protocol assignments, Teredo among them
        "3fff::/20",  # documentation (RFC 9637)
        "5f00::/16",  # segment routing (RFC 9602)
        "fec0::/10",  # site-local, withdrawn (RFC 3879)
    )
)
"""Special ranges (IANA's registries) that older versions of Python's `is_global` let through."""


def is_public(address: str) -> bool:
    """Whether an address may be connected to: global in every sense, and what is wrapped in it as well."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.scope_id is not None:  # fe80::1%eth0: of one link only, whatever stands before the sign
            return False
        inner = ip.ipv4_mapped or ip.sixtofour
        if ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    if any(ip in network for network in _NOT_PUBLIC if network.version == ip.version):
        return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified or ip.is_loopback)
