"""Every command over the sample shop: what it prints, its exit code, its JSON."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from agent.store import open_store, outbox
from agent.store.outbox import NewRow

ROOT = Path(__file__).resolve().parents[2]
MAILS = ROOT / "tests" / "mails"
PAGES = ROOT / "tests" / "pages"
REQUESTED, ASKED_TO_CANCEL = "27-14044-25716", "14-14064-27751"

Command = Callable[..., Any]


def test_once_counts_what_it_did(shop: Path) -> None:
    """The counts of a pass, by the names that users script against."""
    done = json.loads((shop.parent / "once.json").read_text())

    assert done["mails"] == done["read"] == 88
    assert done["judged"] == 30
    assert done["drafts"] == 1
    assert done["mailboxes_down"] == []
    assert done["digest"] == {"made": True, "sent": 1, "failed": 0}
    assert done["answers"] == {"understood": 0, "refused": 0}
    assert done["drafts_folder"] == {"put": 0, "taken_back": 0, "trouble": None}
    assert len(list((shop.parent / "sent" / "new").iterdir())) == 2  # what is urgent at once, and the digest


def test_a_second_pass_finds_nothing_new(command: Command, shop: Path) -> None:
    """Nothing is read, drafted or sent twice."""
    done = command("once", "--json", "--config", shop)

    assert done.code == 0
    assert [done.json[name] for name in ("mails", "drafts", "sent")] == [0, 0, 0]
    assert done.json["digest"]["sent"] == 0


def test_orders_have_the_shape_of_the_contract(command: Command, shop: Path) -> None:
    """Keys as promised; every time carries its offset or is a bare date."""
    shape = command("orders", "--json", "--config", shop).json

    assert set(shape) == {"orders", "notices"}
    assert len(shape["orders"]) == 30
    promised = {"order_id", "site", "buyer", "total", "items", "shipments", "risks", "protection"}
    for order in shape["orders"]:
        assert promised <= set(order)
        assert {"verdict", "clauses", "why", "repairs"} == set(order["protection"])
        for parcel in order["shipments"]:
            keys = {"carrier", "tracking_number", "status", "reason", "last_scan_at", "last_look"}
            assert keys <= set(parcel)
        for risk in order["risks"]:
            assert {"id", "severity", "since", "superseded", "deadline", "because"} <= set(risk)
            assert set(risk["deadline"]) == {"conservative", "nominal", "printed", "act_by"}
            assert datetime.fromisoformat(risk["since"]).tzinfo
            assert all(source.partition(":")[0] in ("mail", "look", "human", "outbox") for source in risk["because"])
    assert all({"id", "severity", "because", "text"} <= set(notice) for notice in shape["notices"])


def test_at_risk_leaves_the_quiet_orders_out(command: Command, shop: Path) -> None:
    """`--at-risk` shows only orders with an open risk."""
    shape = command("orders", "--at-risk", "--json", "--config", shop).json

    assert 0 < len(shape["orders"]) < 30
    assert all(order["risks"] for order in shape["orders"])


def test_orders_are_listed_by_urgency(command: Command, shop: Path) -> None:
    """A human sees what is most urgent first."""
    listed = command("orders", "--config", shop).out.splitlines()

    assert listed[1].startswith("11-15327-83654")
    assert "P1" in listed[1]


def test_a_story_is_told_in_the_order_of_time(command: Command, shop: Path) -> None:
    """However the mails came in, events stand by when they happened, each with its source."""
    shape = command("show", ASKED_TO_CANCEL, "--json", "--config", shop).json

    assert [event["type"] for event in shape["events"]] == ["order_sold", "cancellation_requested"]
    assert all(event["source"] in shape["sources"] for event in shape["events"])
    assert shape["decisions"][0]["policy"] == "cancel-before-ship"


def test_a_story_reads_well(command: Command, shop: Path) -> None:
    """No braces or quotes of nested data, no machine's words, each losing policy once."""
    said = command("show", REQUESTED, "--config", shop).out

    assert "{" not in said
    assert "order_id" not in said
    assert "Thu 05 Nov 08:46  sold: USD 91.30 · paid" in said
    assert "← mail of 24 Nov" in said
    assert said.count("not-received-in-transit") == 1
    assert max(map(len, said.splitlines())) <= 140


def test_now_moves_the_judgement(command: Command, shop: Path) -> None:
    """With `--now` risks are those of that time; nothing is changed."""
    before = command("orders", "--at-risk", "--json", "--config", shop).json
    later = command("orders", "--at-risk", "--json", "--now", "2026-12-20T10:00:00+01:00", "--config", shop).json

    assert len(later["orders"]) > len(before["orders"])
    assert command("orders", "--at-risk", "--json", "--config", shop).json == before


@pytest.mark.parametrize("time", ["2026-12-20T10:00", "yesterday"])
def test_now_needs_an_offset(command: Command, shop: Path, time: str) -> None:
    """A time without an offset is refused with an example."""
    done = command("orders", "--now", time, "--config", shop)

    assert done.code == 2
    assert "+01:00" in done.err


def test_status_has_the_shape_of_the_contract(command: Command, shop: Path) -> None:
    """Mailboxes, carriers and outbox."""
    shape = command("status", "--json", "--config", shop).json

    (mailbox,) = shape["mailboxes"]
    assert {"name", "alive", "last_read_at", "unread", "hostile"} <= set(mailbox)
    assert mailbox["alive"] is True
    assert {"awaiting_approval", "queued", "unknown", "sent", "failed"} <= set(shape["outbox"])
    assert shape["carriers"] == []
    assert "88 read" in command("status", "--config", shop).out


def test_a_draft_is_shown_rejected_and_gone(command: Command, shop: Path) -> None:
    """`reject` ends it; a second word finds nothing that waits."""
    (draft,) = command("drafts", "--json", "--config", shop).json
    assert draft["order_id"] == ASKED_TO_CANCEL
    assert draft["recipient"] == ""  # every key is there, also those without a value

    assert command("reject", draft["id"], "--config", shop).code == 0
    again = command("reject", draft["id"], "--config", shop)

    assert again.code == 2
    assert "rejected" in again.err
    assert "No draft waits" in command("drafts", "--config", shop).out


def test_what_has_no_address_cannot_be_approved(command: Command, shop: Path) -> None:
    """A draft without an address is a text to copy into eBay, and says so."""
    done = command("approve", 1, "--config", shop)

    assert done.code == 2
    assert "copy its text into eBay" in done.err


def test_edit_keeps_what_the_editor_wrote(command: Command, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The text of $EDITOR replaces the draft's."""
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", "sed -i s/Thank.you/Kind-regards/")

    assert command("edit", 1, "--config", shop).code == 0

    assert "Kind-regards" in command("drafts", "--config", shop).out


def test_edit_without_an_editor_says_so(command: Command, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An editor that fails changes nothing, and is not passed over."""
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", "/nonexistent/editor")

    done = command("edit", 1, "--config", shop)

    assert done.code == 2
    assert "EDITOR" in done.err


@pytest.mark.parametrize("word", ["approve", "reject", "edit"])
def test_an_unknown_draft_is_named(command: Command, shop: Path, word: str) -> None:
    """One line that says how to find those that exist."""
    done = command(word, 999, "--config", shop)

    assert done.code == 2
    assert "999" in done.err
    assert "orderwatch drafts" in done.err


@pytest.mark.parametrize(
    "words", [("show", "X"), ("handled", "X"), ("note", "X", "hello"), ("evidence", "X", "--out", "none")]
)
def test_an_unknown_order_is_named(command: Command, shop: Path, words: tuple[str, ...]) -> None:
    """One line that says how to find those that exist."""
    done = command(*words, "--config", shop)

    assert done.code == 2
    assert done.err == "orderwatch: no order 'X' is known: `orderwatch orders` lists them\n"


def test_handled_ends_the_episode(command: Command, shop: Path) -> None:
    """The order leaves the list of those at risk; the word stands in its story."""
    assert command("handled", REQUESTED, "inr_opened", "--config", shop).code == 0

    shape = command("orders", "--at-risk", "--json", "--config", shop).json
    assert REQUESTED not in [order["order_id"] for order in shape["orders"]]
    assert "you: handled: Buyer says it has not arrived" in command("show", REQUESTED, "--config", shop).out


def test_nothing_to_handle_is_said(command: Command, shop: Path) -> None:
    """A risk that the order does not have, or none at all."""
    other = command("handled", REQUESTED, "late_ship", "--config", shop)
    assert 'no risk "late_ship" now; it has: inr_opened (Buyer says it has not arrived)' in other.err
    quiet = command("handled", "27-14011-50218", "--config", shop)
    assert (quiet.code, "has no risk now: there is nothing to handle" in quiet.err) == (2, True)


def test_a_note_is_kept_without_what_controls_a_terminal(command: Command, shop: Path) -> None:
    """Escape sequences of any text do not reach the screen."""
    assert command("note", REQUESTED, "called \x1b[2J\x1b]0;x\x07the carrier", "--config", shop).code == 0

    said = command("show", REQUESTED, "--config", shop).out
    assert "the carrier" in said
    assert "\x1b" not in said


def test_digest_goes_where_it_is_told(command: Command, shop: Path, tmp_path: Path) -> None:
    """Files, a mail, or the screen."""
    html, text = tmp_path / "d.html", tmp_path / "d.txt"

    assert command("digest", "--html", html, "--text", text, "--config", shop).out == ""
    assert command("digest", "--send", "--config", shop).code == 0

    assert "stargazer_ann" in html.read_text()
    assert text.read_text().strip() == command("digest", "--config", shop).out.strip()
    assert len(list((shop.parent / "sent" / "new").iterdir())) == 3


def test_a_digest_that_cannot_be_written_is_named(command: Command, shop: Path) -> None:
    """A folder that does not exist is one line, not a traceback."""
    done = command("digest", "--html", "/nonexistent/d.html", "--config", shop)

    assert done.code == 2
    assert done.err == "orderwatch: cannot read or write /nonexistent/d.html: No such file or directory\n"


def test_evidence_of_an_order_without_looks_is_an_empty_folder(command: Command, shop: Path, tmp_path: Path) -> None:
    """Nothing was looked at, and that is said."""
    done = command("evidence", REQUESTED, "--out", tmp_path / "out", "--config", shop)

    assert done.code == 0
    assert done.out.startswith("0 snapshots")


def test_rebuild_changes_nothing(command: Command, shop: Path) -> None:
    """Folded again from the log, every order is what it was."""
    before = command("orders", "--json", "--config", shop).json

    assert "30 orders" in command("rebuild", "--config", shop).out
    assert command("orders", "--json", "--config", shop).json == before


def test_backfill_reads_and_sends_nothing(command: Command, shop: Path) -> None:
    """Into a new store: all mails, no digest, no reply."""
    (shop.parent / "orderwatch.db").unlink()
    sent = len(list((shop.parent / "sent" / "new").iterdir()))

    done = command("backfill", "--since", "400d", "--config", shop)

    assert done.code == 0
    assert "88 mails read" in done.out
    assert len(list((shop.parent / "sent" / "new").iterdir())) == sent
    assert "Invalid value for --since" in command("backfill", "--since", "soon", "--config", shop).err


def test_check_warns_with_code_1(command: Command, shop: Path) -> None:
    """All reachable, looking is off: a warning."""
    done = command("check", "--json", "--config", shop)

    assert done.code == 1
    assert {finding["verdict"] for finding in done.json["findings"]} == {"ok", "warning"}
    assert "looking is off" in command("check", "--config", shop).out


def test_the_schema_needs_no_configuration(command: Command) -> None:
    """For editors."""
    assert "mailboxes" in command("config", "schema").json["properties"]


def test_read_prints_a_line_a_file_in_the_order_given(command: Command, tmp_path: Path) -> None:
    """Also of a file that is not there; then the exit code says that something was wrong."""
    sold, request = MAILS / "ebay_sale" / "us_paid.en.eml", MAILS / "ebay_case" / "inr_opened_us.en.eml"
    gone = tmp_path / "gone.eml"

    done = command("read", sold, gone, request, "--json")

    assert done.code == 2
    assert [line["file"] for line in done.lines] == [str(sold), str(gone), str(request)]
    assert [line["unread"] for line in done.lines] == [None, "unreadable", None]
    assert "No such file" in done.lines[1]["error"]
    keys = {"file", "message_id", "from", "subject", "date", "authenticity", "authenticity_reason", "reader", "unread"}
    assert all(keys | {"events"} <= set(line) for line in done.lines)
    assert done.lines[2]["events"][0]["type"] == "inr_opened"


def test_read_believes_the_receiver_of_the_configuration(command: Command, shop: Path) -> None:
    """Without a receiver or a configuration nothing is verified."""
    mail = next((shop.parent / "mailbox" / "new").iterdir())

    assert command("read", mail, "--json").json["authenticity"] == "unverified"
    assert command("read", mail, "--json", "--config", shop).json["authenticity"] == "verified"
    assert command("read", mail, "--json", "--receiver", "mx.example.com").json["authenticity"] == "verified"


def test_read_says_why(command: Command) -> None:
    """`--why` tells the steps, in words and as JSON; a path is printed as it was given."""
    mail = MAILS / "ebay_sale" / "us_paid.en.eml"

    assert command("read", mail, "--json", "--why").json["trace"]
    said = command("read", mail, "--why").out
    assert str(mail) in said
    assert "why" in said
    assert "{" not in said


def test_output_is_utf8_whatever_the_locale(tmp_path: Path) -> None:
    """Also of a file whose name is no text."""
    odd = tmp_path / os.fsdecode(b"k\xc3\xbc\xff.eml")
    odd.write_bytes((MAILS / "ebay_message" / "nicht_erhalten.de.eml").read_bytes())
    done = subprocess.run(
        [sys.executable, "-c", "from agent.cli import main; main()", "read", str(odd), "--json"],
        env={**os.environ, "PYTHONIOENCODING": "latin-1"},
        capture_output=True,
        check=True,
    )

    assert json.loads(done.stdout.decode("utf-8"))["file"] == str(odd)
    assert "ü".encode() in done.stdout


def test_number_prints_a_line_a_number(command: Command) -> None:
    """Also for what is no number."""
    first, second = command("number", "9400 1112 0605 3491 0810 00", "hello", "--json").lines

    assert first["normalized"] == "9400111206053491081000"
    assert first["candidates"][0]["carrier"] == "usps"
    assert set(first["candidates"][0]) == {"carrier", "format", "checksum", "confidence", "country", "service"}
    assert second["candidates"] == []
    assert "no carrier's numbers" in command("number", "hello").out


def test_page_prints_a_line_a_parcel(command: Command, tmp_path: Path) -> None:
    """A page of two parcels is two lines, a file that is not there one."""
    done = command("page", PAGES / "usps" / "two_parcels.html", tmp_path / "gone.html", "--json")

    assert done.code == 2
    assert [line["outcome"] for line in done.lines] == ["read", "read", "unreachable"]
    keys = {"file", "url", "carrier", "reader", "outcome", "outcome_reason", "tracking_number", "status", "reason"}
    assert all(keys | {"estimated_delivery", "events"} <= set(line) for line in done.lines)
    assert "delivered" in command("page", PAGES / "usps" / "delivered.html").out


@pytest.mark.parametrize("words", [("page", "x.html"), ("look", "9400111206053491081000")])
def test_an_unknown_carrier_is_refused(command: Command, words: tuple[str, ...]) -> None:
    """Before anything is read or visited."""
    done = command(*words, "--carrier", "pigeon")

    assert done.code == 2
    assert "pigeon" in done.err


def test_look_wants_to_know_whom_to_ask(command: Command) -> None:
    """A number that no carrier would give is refused before any visit."""
    done = command("look", "hello")

    assert done.code == 2
    assert "--carrier" in done.err


def test_a_draft_with_an_address_leaves_once_it_is_approved(
    command: Command, write_config: Callable[..., Path], tmp_path: Path
) -> None:
    """The whole way in mode draft: it waits, is approved, and leaves with the next round; not in mode observe."""
    config = write_config()
    (tmp_path / "mailbox" / "new" / "1.shop").write_bytes((MAILS / "ebay_sale" / "us_paid.en.eml").read_bytes())
    assert command("once", "--config", config).code == 0
    (order,) = command("orders", "--json", "--config", config).json["orders"]
    words = dict.fromkeys(("key", "policy", "risk", "episode", "situation"), "x")
    row = NewRow(
        **words,
        order_id=order["order_id"],
        buyer=order["buyer"],
        language="en",
        state="awaiting_approval",
        recipient="abc@members.ebay.com",
        subject="Order",
        body="Hello",
        in_reply_to=None,
        message_id="<1@harbourlane.example>",
    )
    store = open_store(f"sqlite:///{tmp_path / 'orderwatch.db'}")
    with store.begin() as connection:
        outbox.put(connection, row, datetime(2026, 11, 25, 7, tzinfo=UTC))
    store.close()

    observe = tmp_path / "observe.yaml"
    observe.write_text(config.read_text().replace("mode: draft", "mode: observe"))
    refused = command("approve", 1, "--config", observe)
    assert (refused.code, "mode observe sends nothing" in refused.err) == (2, True)

    assert "abc@members.ebay.com" in command("approve", 1, "--config", config).out
    assert command("once", "--json", "--config", config).json["sent"] == 1
    assert command("once", "--json", "--config", config).json["sent"] == 0
    assert "is sent" in command("approve", 1, "--config", config).err
