"""Cases: stories whose every word to the seller and the buyer is kept beside them, to be read as both would.

A case is a story of `cases/`; its golden tells, after each step that changed something, each open order's risks with
advice, its plan, and the replies as they would leave.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from agent.desk import questions
from agent.desk.plans import print_plan
from agent.digest.names import risk_name
from agent.store.orders import every
from agent.store.outbox import rows
from agent.vocabulary.data import parse_yaml
from tests.stories.test_stories import Teller, shop_of

HERE = Path(__file__).parent / "cases"
CASES = sorted(HERE.glob("*.yaml"))


class Reader(Teller):
    """Plays a case and writes down what is read of it."""

    def __init__(self, **what: Any) -> None:
        super().__init__(**what)
        self.pages: list[str] = []

    def _step(self, step: Any, at: datetime) -> None:
        super()._step(step, at)
        page = self._page(at)
        if page and page not in (known.partition("\n")[2] for known in self.pages):
            self.pages.append(f"=== {at:%a %d %b %H:%M}\n{page}")

    def _page(self, at: datetime) -> str:
        names = {order.order_id: name for name, order in self.orders.items()}
        told: list[str] = []
        with self.town.store.begin() as connection:
            judged = [one for one in every(connection) if one.risks]
            written = rows(connection)
        for one in judged:
            told.append(f"--- {names.get(one.order.order_id, one.order.order_id)}")
            for risk in one.risks:
                marks = [word for word in ("superseded", "handled") if getattr(risk, word)]
                by = f" · act by {risk.deadline.act_by:%a %d %b %H:%M}" if risk.deadline.act_by else ""
                told.append(f"{risk.severity} {risk_name(risk.id)} ({risk.id}){by}{''.join(f' · {m}' for m in marks)}")
                if not marks:
                    told.append(f"   {risk.summary}\n   → {risk.advice}")
            told.append(self._plan(one.order.order_id, at))
            told.extend(f"   ! {decision.refused}" for decision in one.decisions if decision.refused)
        for row in written:
            if row.state in ("awaiting_approval", "queued", "sent", "observed"):
                head = f"--- {row.state}: {row.situation} in {row.language}, “{row.subject}”"
                told.append(f"{head}\n{row.body.rstrip()}")
        return "\n".join(line.rstrip() for line in "\n".join(told).splitlines() if line.strip() or told)

    def _plan(self, order_id: str, at: datetime) -> str:
        """The plan as `orderwatch show` prints it."""
        shape = questions.story(self.town.store, self.settings, order_id, at)["plan"]
        if not shape:
            return ""
        console = Console(file=StringIO(), width=110, color_system=None)
        print_plan(console, shape, lambda text: text[:16].replace("T", " "))
        assert isinstance(console.file, StringIO)
        return console.file.getvalue()


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case(path: Path, new_town: Callable[[], Any], request: pytest.FixtureRequest) -> None:
    """Each case is judged, planned and answered in the words that were read and found good."""
    told = parse_yaml(path.read_text(encoding="utf-8"))
    story, orders = shop_of(told.get("orders", 0))
    reader = Reader(town=new_town(), story=story, orders=orders, told=told)
    reader.play()
    said = "\n\n".join(reader.pages) + "\n"
    golden = path.with_suffix(".txt")
    if request.config.getoption("--bless"):
        golden.write_text(said, encoding="utf-8")
    assert said == golden.read_text(encoding="utf-8"), f"pytest --bless -k {path.stem} writes it anew: read it"


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case_is_drawn(path: Path) -> None:
    """A case's first line draws its days, for whoever reads it."""
    first = path.read_text(encoding="utf-8").splitlines()[0]

    assert first.startswith("# ")
    assert "·" in first
