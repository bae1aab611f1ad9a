"""Whom a mailbox's owner trusts to tell genuine mail from forged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """What of a mail's own claims is believed. By default nothing."""

    receiver: str | None = None
    """Whose Authentication-Results are believed: an authserv-id, or a provider's name from receivers.yaml."""
    forwarders: tuple[str, ...] = ()
    """Who may vouch, by an ARC seal, for mail that was forwarded: domains of sealers, or their authserv-ids."""
    own_dkim: bool = False
    """Whether DKIM signatures are checked here too, which asks the DNS for every such mail."""

    @property
    def needs_keys(self) -> bool:
        """Whether anything of this asks the DNS."""
        return self.own_dkim or bool(self.forwarders)


Trusted = Trust | str | None
"""A receiver's name alone is enough where nothing else is trusted."""


def trust_of(said: Trusted) -> Trust:
    return said if isinstance(said, Trust) else Trust(receiver=said)


def trust_to_json(said: Trusted) -> str | dict[str, Any] | None:
    """What JSON can carry to another process."""
    if not isinstance(said, Trust):
        return said
    if not said.needs_keys:
        return said.receiver
    return {"receiver": said.receiver, "forwarders": list(said.forwarders), "own_dkim": said.own_dkim}


def trust_from_json(said: str | Mapping[str, Any] | None) -> Trust:
    if isinstance(said, Mapping):
        return Trust(receiver=said["receiver"], forwarders=tuple(said["forwarders"]), own_dkim=said["own_dkim"])
    return Trust(receiver=said)
