"""Stories: days in the life of a shop, each a YAML file of mails, pages and words, and what should come of them.

Mails are the sample shop's, or with `sample:` those of the readers' samples, told of an order of the story: numbers and
buyer are put in for the sample's own, and `words` (of the step, or of `shop/samples.yaml`) for others of its words.

`orders: N` copies the first order N times, and `order: every` means each of them. Between two steps the daemon runs
every `every` hours (4), unless the later step says `down: true`. Of `expect` only what is named is compared, and that
exactly: the open `cases` of an order, the replies by state of the `outbox`, what the postbox `sent`, the `notices`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.utils import format_datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from agent.config.settings import Settings
from agent.demo.mails import build
from agent.demo.story import ShopMail, ShopOrder, Story, story_of
from agent.desk import words
from agent.digest.day import Day
from agent.digest.text import render_text
from agent.pipeline import Round, run_round
from agent.steps.digest import current_day
from agent.store.log import Entry, append, load_order
from agent.store.orders import every, judge_all_again
from agent.store.outbox import rows
from agent.vocabulary import events as ev
from agent.vocabulary.data import parse_yaml
from agent.vocabulary.status import LookOutcome, Reason, TrackingStatus
from agent.vocabulary.values import Place
from scrapers.look import Onward, Scan, Tracked

HERE = Path(__file__).parent
STORIES = sorted(HERE.glob("*.yaml"))
SAMPLES = HERE.parent / "mails"
EVENTS = {cls.type: cls for cls in (ev.InrEscalated, ev.RefundIssued, ev.PaymentDisputeOpened, ev.PaymentDisputeClosed)}
"""Events that a mail adds nothing to; they enter through the log."""


def shop_of(copies: int) -> tuple[Story, dict[str, ShopOrder]]:
    """The shop and its orders by name; `copies` of the first under the names `1`, `2` …"""
    data: dict[str, Any] = dict(parse_yaml((HERE / "shop" / "shop.yaml").read_text(encoding="utf-8")))
    orders: dict[str, Any] = data["orders"]
    first = next(iter(orders.values()))
    for n in range(1, copies + 1):
        buyer = {**first["buyer"], "handle": f"collector_{n:02}"}
        items = [{**first["items"][0], "item_id": f"28770002{n:04}"}]
        parcel = {**first["parcel"], "number": usps_number(n)}
        orders[str(n)] = {**first, "id": f"31-30000-{n:05}", "buyer": buyer, "items": items, "parcel": parcel}
    whole = {**data, "clock": "2026-06-01T00:00Z", "passes": [], "orders": list(orders.values()), "other_mails": []}
    story = story_of(whole)
    return story, dict(zip(orders, story.orders, strict=True))


def usps_number(n: int) -> str:
    """A made-up number of USPS with its right check digit."""
    digits = f"94001112060{n:010}"
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return f"{digits}{-total % 10}"


@cache
def samples() -> dict[str, dict[str, str]]:
    """By sample, the words that make it tell of an order of the shop."""
    return dict(parse_yaml((HERE / "shop" / "samples.yaml").read_text(encoding="utf-8")))


@dataclass
class Teller:
    """Plays one story, step by step."""

    town: Any
    story: Story
    orders: Mapping[str, ShopOrder]
    told: Mapping[str, Any]
    mode: str = "draft"
    last: Round | None = None

    @property
    def settings(self) -> Settings:
        settings: Settings = self.town.settings(self.mode, self.told.get("policies", ""))
        return settings

    def play(self) -> None:
        self.mode = self.told.get("mode", "draft")
        before: datetime | None = None
        for step in self.told["steps"]:
            at = datetime.fromisoformat(step["at"])
            if before is not None and not step.get("down"):
                self._pass_time(before, at)
            self._step(step, at)
            before = at

    def _pass_time(self, start: datetime, end: datetime) -> None:
        pause = timedelta(hours=self.told.get("every", 4))
        moment = start + pause
        while moment < end:
            self.last = run_round(self.town.world(self.settings), moment)
            moment += pause

    def _step(self, step: Mapping[str, Any], at: datetime) -> None:
        if "mode" in step:
            self.mode = step["mode"]
            with self.town.store.begin() as connection:
                judge_all_again(connection, at)
        for mail in step.get("mails", ()):
            self._mail(dict(mail), at)
        for name, page in step.get("pages", {}).items():
            self.town.looker.pages[self._parcel(name)] = page_of(page)
        for word in step.get("human", ()):
            self._human(word, at)
        for event in step.get("events", ()):
            self._event(dict(event), at)
        self.mode = step.get("then_mode", self.mode)
        self.last = run_round(self.town.world(self.settings), at)
        for what, wanted in step.get("expect", {}).items():
            found = getattr(self, f"found_{what}")(wanted, at)
            assert found == wanted, f"at {step['at']}: {what}\n found  {found}\n wanted {wanted}"

    def _parcel(self, name: str) -> str:
        """The number of an order's parcel; a name that is no order's is a number itself."""
        if name not in self.orders:
            return name
        parcel = self.orders[name].parcel
        assert parcel
        return parcel.number

    def _names(self, given: str | None) -> list[str]:
        if given == "every":
            return [name for name in self.orders if name.isdigit()]
        return [given or next(iter(self.orders))]

    def _mail(self, told: dict[str, Any], step_at: datetime) -> None:
        at = datetime.fromisoformat(told.pop("at")) if "at" in told else step_at - timedelta(minutes=1)
        if "sample" in told:
            order = self.orders[self._names(told.get("order"))[0]]
            words = {**samples().get(told["sample"], {}), **told.get("words", {})}
            self.town.deliver(sample(told["sample"], order, at, told.get("request"), words), at)
            return
        arrives = datetime.fromisoformat(told.pop("arrives")) if "arrives" in told else at
        twice, unsigned, hide = told.pop("twice", False), told.pop("unsigned", False), told.pop("hide", ())
        layout, kind, number = told.pop("layout", ""), told.pop("kind"), told.pop("number_of", None)
        for name in self._names(told.pop("order", None)):
            order = self.orders[name]
            story = self.story
            if number is not None:  # this order's mail, and another one's parcel
                parcel = self.orders[number].parcel
                orders = (replace(one, parcel=parcel) if one is order else one for one in story.orders)
                story = replace(story, orders=tuple(orders))
            mail = ShopMail(kind=kind, at=at, arrives=arrives, order_id=order.order_id, layout=layout, details=told)
            raw = build(mail, story)
            if unsigned:
                raw = raw.replace(b"Authentication-Results:", b"X-Checked-By-Nobody:", 1)
            for what in hide:
                raw = without(raw, {"order_id": order.order_id, "item_id": order.items[0].item_id or ""}[what])
            for _ in range(2 if twice else 1):
                self.town.deliver(raw, arrives)

    def _human(self, word: Mapping[str, Any], at: datetime) -> None:
        store = self.town.store
        order_id = self.orders[self._names(word.get("order"))[0]].order_id
        if "handled" in word:
            words.handled(store, self.settings, order_id, word["handled"], at)
        elif "note" in word:
            words.note(store, self.settings, order_id, word["note"], at)
        else:
            with store.begin() as connection:
                waiting = [row.id for row in rows(connection, ["awaiting_approval"], order_id)]
            for id_ in waiting:
                words.approve(store, self.settings, id_, at)

    def _event(self, told: dict[str, Any], at: datetime) -> None:
        order_id = self.orders[self._names(told.pop("order", None))[0]].order_id
        event = EVENTS[told.pop("type")](
            occurred_at=at, seen_at=at, source=f"mail:{at:%d%H%M}", order_id=order_id, **told
        )
        with self.town.store.begin() as connection:
            append(connection, [Entry(id=f"story {at} {event.type}", event=event)], at)

    # What a step may expect, one function each: given what is wanted, the same of what is there.

    def found_cases(self, wanted: Mapping[str, Any], at: datetime) -> dict[str, Any]:
        """Order → its risks that are neither handled nor superseded, as `id severity`, or `id severity by act_by`."""
        with self.town.store.begin() as connection:
            judged = {one.order.order_id: one.risks for one in every(connection)}
        found = {}
        for name, lines in wanted.items():
            with_time = {line.split()[0] for line in lines if " by " in line}
            found[name] = [
                f"{risk.id} {risk.severity}"
                + (f" by {risk.deadline.act_by.isoformat()}" if risk.id in with_time and risk.deadline.act_by else "")
                for risk in judged.get(self.orders[name].order_id, ())
                if not risk.handled and not risk.superseded
            ]
        return found

    def found_outbox(self, wanted: Any, at: datetime) -> dict[str, list[str]]:
        """State → situations, of every reply that was ever written."""
        found: dict[str, list[str]] = {}
        with self.town.store.begin() as connection:
            for row in rows(connection):
                found.setdefault(row.state, []).append(row.situation)
        return found

    def found_languages(self, wanted: Any, at: datetime) -> list[str]:
        with self.town.store.begin() as connection:
            return [row.language for row in rows(connection)]

    def found_sent(self, wanted: Any, at: datetime) -> int:
        return len(self.town.postbox.sent)

    def found_parcels(self, wanted: Mapping[str, Any], at: datetime) -> dict[str, str | None]:
        """Order → the statuses of its parcels."""
        with self.town.store.begin() as connection:
            orders = {name: load_order(connection, self.orders[name].order_id) for name in wanted}
        return {
            name: " ".join(p.status.value for p in order.shipments) if order else None for name, order in orders.items()
        }

    def found_numbers(self, wanted: Mapping[str, Any], at: datetime) -> dict[str, str | None]:
        """Order → the numbers of its parcels, those of one parcel with `>` between them."""
        with self.town.store.begin() as connection:
            orders = {name: load_order(connection, self.orders[name].order_id) for name in wanted}
        return {
            name: " ".join(">".join(p.numbers) for p in order.shipments) if order else None
            for name, order in orders.items()
        }

    def found_looked(self, wanted: Mapping[str, bool], at: datetime) -> dict[str, bool]:
        """Number → whether it was looked at since the story began."""
        looked = {number for number, _ in self.town.looker.looks}
        return {name: self._parcel(name) in looked for name in wanted}

    def found_refused(self, wanted: Any, at: datetime) -> list[str]:
        return list(self._day(at).refused)

    def found_why_not(self, wanted: Mapping[str, str], at: datetime) -> dict[str, str | None]:
        """Order → why its reply was refused."""
        with self.town.store.begin() as connection:
            judged = {one.order.order_id: one.decisions for one in every(connection)}
        return {
            name: next((d.refused for d in judged[self.orders[name].order_id] if d.refused), None) for name in wanted
        }

    def found_notices(self, wanted: Any, at: datetime) -> list[str]:
        return sorted(notice.id for notice in self._day(at).notices)

    def found_unread(self, wanted: Any, at: datetime) -> int:
        return sum(mail.count for mail in self._day(at).unread)

    def found_mails(self, wanted: Any, at: datetime) -> int:
        """How many mails the last round read."""
        assert self.last
        return self.last.ingested.read

    def found_says(self, wanted: list[str], at: datetime) -> list[str]:
        text = " ".join(render_text(self._day(at)).split())
        return [words for words in wanted if words in text]

    def found_says_not(self, wanted: list[str], at: datetime) -> list[str]:
        text = " ".join(render_text(self._day(at)).split())
        return [words for words in wanted if words not in text]

    def found_drafted(self, wanted: list[str], at: datetime) -> list[str]:
        """Words that stand in a reply that waits."""
        with self.town.store.begin() as connection:
            bodies = " ".join(row.body for row in rows(connection, ["awaiting_approval", "observed"]))
        return [words for words in wanted if words in " ".join(bodies.split())]

    def _day(self, at: datetime) -> Day:
        return current_day(self.town.store, self.town.world(self.settings).scope, at)


def sample(
    name: str, order: ShopOrder, at: datetime, request: str | None = None, words: Mapping[str, str] | None = None
) -> bytes:
    """A reader's sample, as if it were about an order of the story and sent at a time."""
    raw = (SAMPLES / f"{name}.eml").read_bytes()
    golden = json.loads((SAMPLES / f"{name}.expected.json").read_text(encoding="utf-8"))
    own = golden["events"][0]
    item = order.items[0].item_id
    parcel = order.parcel.number if order.parcel else None
    of = {"order_id": order.order_id, "item_id": item, "request_id": request, "buyer": order.buyer.handle}
    swaps = {own[key]: value for key, value in {**of, "tracking_number": parcel}.items() if own.get(key) and value}
    swaps |= words or {}
    message = message_from_bytes(raw, policy=policy.default)
    for name_ in ("Date", "Message-ID", "Subject"):
        value = message[name_]
        del message[name_]
        message[name_] = _swapped(value, swaps)
    message.replace_header("Date", format_datetime(at))
    message.replace_header("Message-ID", f"<{at:%m%d%H%M%S}.{message['Message-ID'].strip('<>')}>")
    for part in message.walk():
        if part.get_content_maintype() == "text":
            part.set_content(_swapped(part.get_content(), swaps), subtype=part.get_content_subtype(), cte="base64")
    return message.as_bytes()


def _swapped(text: str, swaps: Mapping[str, str]) -> str:
    for old, new in swaps.items():
        text = text.replace(old, new)
    return text


def page_of(told: Mapping[str, Any]) -> tuple[LookOutcome, Tracked | None]:
    """A page: `outcome`, or its rows as [time, status or status/reason, words, town, postcode], oldest first.

    Its headline is the newest row's status, or `status`, likewise as status or status/reason.
    `onward` is [number, carrier] of a hand-over, `destination` [town, postcode].
    """
    outcome = LookOutcome(told.get("outcome", "read"))
    if outcome is not LookOutcome.READ:
        return outcome, None
    scans = tuple(_scans(told.get("rows", ())))[::-1]
    status, _, reason = str(told.get("status", scans[0].status.value if scans else "")).partition("/")
    onward = Onward(tracking_number=told["onward"][0], carrier=told["onward"][1]) if "onward" in told else None
    destination = Place(city=told["destination"][0], postcode=told["destination"][1]) if "destination" in told else None
    return outcome, Tracked(
        tracking_number=None,
        carrier=None,
        status=TrackingStatus(status),
        reason=Reason(reason) if reason else None,
        scans=scans,
        onward=onward,
        destination=destination,
    )


def _scans(told: Any) -> Iterator[Scan]:
    for at, status, description, city, *postcode in told:
        name, _, reason = status.partition("/")
        yield Scan(
            description=description,
            occurred_at=datetime.fromisoformat(at),
            raw_time=at,
            place=Place(city=city, postcode=postcode[0] if postcode else None),
            location=city,
            status=TrackingStatus(name),
            reason=Reason(reason) if reason else None,
        )


def without(raw: bytes, words: str) -> bytes:
    """The mail with some words taken out of its text."""
    message = message_from_bytes(raw, policy=policy.default)
    body = message.get_body(("html",))
    assert body is not None
    kept = body.get_content().replace(words, "")
    body.set_content(kept, subtype="html", cte="quoted-printable")
    return message.as_bytes()


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_story(path: Path, new_town: Callable[[], Any]) -> None:
    """Each story comes out as its file says."""
    told = parse_yaml(path.read_text(encoding="utf-8"))
    story, orders = shop_of(told.get("orders", 0))
    Teller(town=new_town(), story=story, orders=orders, told=told).play()


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_story_is_drawn(path: Path) -> None:
    """A story's first line draws its days, for whoever reads it."""
    first = path.read_text(encoding="utf-8").splitlines()[0]

    assert first.startswith("# ")
    assert "·" in first
