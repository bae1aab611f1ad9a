"""The seller's keys of tracking APIs, from where the configuration says they are. At the edge, as `passwords` is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from agent.config.passwords import NoPassword, resolve_password
from agent.config.settings import ApiClient, ApiKey, Looking, Password
from scrapers.official import Key


@dataclass(frozen=True, kw_only=True)
class FoundKeys:
    """Keys by source, and of the others why they cannot be had."""

    keys: Mapping[str, Key] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)


def find_keys(looking: Looking, env: Mapping[str, str], folder: Path) -> FoundKeys:
    """Every configured key. None is needed: one that cannot be had leaves its carrier to its page."""
    keys: dict[str, Key] = {}
    missing: dict[str, str] = {}
    for name, given in looking.keys.given.items():
        try:
            keys[name] = Key(secrets=_secrets(given, env, folder), a_day=given.a_day)
        except NoPassword as why:
            missing[name] = str(why)
    return FoundKeys(keys=keys, missing=missing)


def _secrets(given: ApiKey | ApiClient, env: Mapping[str, str], folder: Path) -> dict[str, str]:
    if isinstance(given, ApiKey):
        return {"key": _secret(given.key, "key", env, folder)}
    return {
        "client_id": _secret(given.client_id, "client_id", env, folder),
        "client_secret": _secret(given.client_secret, "client_secret", env, folder),
    }


def _secret(where: str | Password, what: str, env: Mapping[str, str], folder: Path) -> str:
    """Printable and long enough, else it is no key: it goes into headers and is looked for in what is kept."""
    found = (where if isinstance(where, str) else resolve_password(where, env, folder)).strip()
    if not found.isascii() or not found.isprintable() or not 4 <= len(found) <= 500:
        raise NoPassword(f"what was found is no {what}: 4 to 500 printable ASCII characters are expected")
    return found
