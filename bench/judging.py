"""What a tick costs: orders judged per second, beside folding the same orders from their logs.

python -m bench.judging
"""

from __future__ import annotations

import tempfile
import time
from dataclasses import replace
from pathlib import Path

from agent.demo.mails import build
from agent.demo.story import load_story
from agent.orders.fold import fold
from agent.risks.assess import assess
from agent.steps.ingest import Inbox, ingest, one_by_one
from agent.store import open_store
from agent.store.log import order_log
from agent.store.orders import due, every
from mail.boxes.maildir import MaildirSource
from mail.reader import read


def main(copies: int = 200) -> None:
    story = load_story()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for part in ("tmp", "new", "cur"):
            (folder / "box" / part).mkdir(parents=True)
        for index, mail in enumerate(story.mails):
            (folder / "box" / "new" / f"{index}").write_bytes(build(mail, story))
        store = open_store(f"sqlite:///{folder}/bench.db")
        inbox = Inbox(source=MaildirSource("shop", folder / "box"), receiver="mx.example.com", site="EBAY_US")
        ingest(store, (inbox,), one_by_one(read), story.clock)
        with store.begin() as connection:
            orders = [one.order for one in every(connection)]
            logs = [(order.order_id, order_log(connection, order.order_id)) for order in orders]
            start = time.perf_counter()
            for _ in range(copies):
                for order_id, log in logs:
                    fold(order_id, log)
            folded = (time.perf_counter() - start) / (copies * len(orders))
            start = time.perf_counter()
            for turn in range(copies):
                for order in orders:
                    assess(replace(order, order_id=f"{order.order_id}-{turn}"), story.clock)
            judged = (time.perf_counter() - start) / (copies * len(orders))
            start = time.perf_counter()
            for _ in range(copies):
                due(connection, story.clock.replace(year=2000))
            idle = (time.perf_counter() - start) / copies
        store.close()
    print(f"fold an order from its log (peer)   {1 / folded:8.0f} a second")
    print(f"judge an order                      {1 / judged:8.0f} a second   {judged / folded:5.2f} × the peer")
    print(f"a tick with nothing due             {1 / idle:8.0f} a second   {idle / folded:5.2f} × the peer")


if __name__ == "__main__":
    main()
