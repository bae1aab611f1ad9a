"""Mail that somebody passed on: what a forwarder found when it arrived there, sealed by ARC (RFC 8617)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from mail.genuine.domains import organisational, under
from mail.genuine.original import LookupFailed, NotCheckable, Original
from mail.genuine.receivers import receiver_named
from mail.genuine.results import Result, parse
from mail.genuine.trust import Trust


@dataclass(frozen=True, slots=True)
class Vouched:
    """What a trusted forwarder says it found, or why nothing can be told."""

    results: tuple[Result, ...] = ()
    sealer: str | None = None
    unsure: str | None = None


def vouched_for(original: Original, trust: Trust) -> Sequence[Vouched]:
    """What those forwarders found that the owner trusts, newest first; empty where no chain holds.

    From the newest set down: the first seal of somebody not trusted ends it. The receiver's own seal may stand above
    a forwarder's, for its word is believed anyway; alone it vouches for nothing.
    """
    from mail.genuine.signatures import check_chain

    names = {name for one in trust.forwarders for name in receiver_named(one).sealers or (one.strip().lower(),)}
    holders = {organisational(name) for name in names}
    try:
        seals = check_chain(original, lambda sealer: organisational(sealer) in holders)
    except LookupFailed as why:
        return (Vouched(unsure=str(why)),)
    except NotCheckable:
        return ()
    own = receiver_named(trust.receiver).sealers if trust.receiver else ()
    found: list[Vouched] = []
    for seal in seals:
        authserv_id, results = parse(seal.results)
        if _listed(seal.domain, authserv_id, names):
            found.append(Vouched(results, seal.domain))
        elif seal.domain not in own:
            break
    return found


def _listed(sealer: str, authserv_id: str | None, names: Collection[str]) -> bool:
    """Whether a seal is of a listed domain, or of the holder of a listed authserv-id that its results bear."""
    return sealer in names or bool(authserv_id in names and authserv_id and under(authserv_id, organisational(sealer)))
