"""How well tracking numbers are told, on collected formats with their valid and invalid test numbers.

python -m bench.numbers [--folder ../shared/corpus/numbers/couriers]

`among`: the right carrier is a candidate, its check digit right where the format has one. `first`: it stands first.
`sure`: with a confidence that is acted on. `refused`: invalid numbers that no format of the same carrier lets pass
(those that are valid in another format of that carrier are left out).
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from agent.vocabulary.carriers import carrier
from agent.vocabulary.numbers import ACT, Candidate, candidates, normalise

FOLDER = Path(os.environ.get("ORDERWATCH_CORPUS") or Path(__file__).parents[2] / "shared" / "corpus")
COLUMNS = ("valid", "among", "first", "sure", "invalid", "refused")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--folder", type=Path, default=FOLDER / "numbers" / "couriers")
    folder = parser.parse_args().folder
    if not folder.is_dir():
        parser.error(f"no collected numbers in {folder}: name their folder with --folder")
    total = dict.fromkeys(COLUMNS, 0)
    print(f"{'carrier':<14}" + "".join(f"{name:>9}" for name in COLUMNS))
    for path in sorted(folder.glob("*.json")):
        counted = score(path.stem, json.loads(path.read_text(encoding="utf-8"))["tracking_numbers"])
        print(f"{path.stem:<14}" + "".join(f"{counted[name]:>9}" for name in COLUMNS))
        total = {name: total[name] + counted[name] for name in COLUMNS}
    print(f"{'all':<14}" + "".join(f"{total[name]:>9}" for name in COLUMNS))
    share = {name: total[name] / max(1, total["valid"]) for name in ("among", "first", "sure")}
    print(", ".join(f"{name} {value:.1%}" for name, value in share.items()))


def score(courier: str, shapes: list[dict[str, Any]]) -> dict[str, int]:
    """Counts over all numbers of one carrier's formats."""
    counted = dict.fromkeys(COLUMNS, 0)
    valid = {normalise(number) for shape in shapes for number in shape["test_numbers"]["valid"]}
    for shape in shapes:
        wanted = ("ok",) if "checksum" in shape.get("validation", {}) else ("ok", "none")
        for number in shape["test_numbers"]["valid"]:
            ranked = candidates(number)
            own = list(_own(courier, ranked))
            first = bool(own) and own[0] is ranked[0]
            counted["valid"] += 1
            counted["among"] += any(one.checksum in wanted for one in own)
            counted["first"] += first
            counted["sure"] += first and own[0].confidence >= ACT
        for number in shape["test_numbers"]["invalid"]:
            if normalise(number) in valid:
                continue
            counted["invalid"] += 1
            counted["refused"] += all(one.checksum == "fail" for one in _own(courier, candidates(number)))
    return counted


def _own(courier: str, ranked: tuple[Candidate, ...]) -> Iterator[Candidate]:
    """The candidates that are this courier's or one of its services'; S10 is the format of every post."""
    wanted = carrier(courier) or carrier(courier.replace("_", "-"))
    for one in ranked:
        if courier == "s10":
            if one.format.startswith("s10"):
                yield one
            continue
        found = carrier(one.carrier)
        while found is not None and found != wanted:
            found = carrier(found.parent) if found.parent else None
        if found is not None:
            yield one


if __name__ == "__main__":
    main()
