"""What another set of policies would have done otherwise. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from agent.simulation.deeds import Deed, Replay

Change = Literal["only_here", "only_there", "changed"]
_About = tuple[str, str, str, str, int]


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One action on one case, under the policies at hand (`here`) and under the others (`there`)."""

    change: Change
    here: Deed | None
    there: Deed | None
    what: tuple[str, ...] = ()
    """Of a change: `policy`, `time`, `outcome`, `text`."""

    @property
    def deed(self) -> Deed:
        """The action where it is: here, or else there."""
        found = self.here or self.there
        if found is None:
            raise ValueError("a difference is of at least one action")
        return found


def differences(here: Replay, there: Replay) -> tuple[Difference, ...]:
    """Action by action, in time; what both do alike is left out."""
    one, other = _by_case(here.deeds), _by_case(there.deeds)
    found = []
    for about in one.keys() | other.keys():
        ours, theirs = one.get(about), other.get(about)
        if ours is not None and theirs is not None:
            if what := _changed(ours, theirs):
                found.append(Difference(change="changed", here=ours, there=theirs, what=what))
        else:
            found.append(Difference(change="only_here" if ours else "only_there", here=ours, there=theirs))
    return tuple(sorted(found, key=lambda one: (one.deed.at, one.deed.key, one.change)))


def _by_case(deeds: Iterable[Deed]) -> dict[_About, Deed]:
    """Several actions of one kind on one case are told apart by their order."""
    found: dict[_About, Deed] = {}
    times: dict[tuple[str, ...], int] = defaultdict(int)
    for deed in deeds:
        kind = "text" if deed.situation is not None else deed.action
        about = (*deed.case, kind)
        found[*about, times[about]] = deed
        times[about] += 1
    return found


def _changed(ours: Deed, theirs: Deed) -> tuple[str, ...]:
    pairs = {
        "policy": (ours.policy, theirs.policy),
        "time": (ours.at, theirs.at),
        "outcome": (ours.outcome, theirs.outcome),
        "text": ((ours.body, ours.note), (theirs.body, theirs.note)),
    }
    return tuple(name for name, (one, other) in pairs.items() if one != other)
