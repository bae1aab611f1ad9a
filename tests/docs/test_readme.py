"""README's table of what is read is made of the readers' claims; `--bless` writes it anew."""

from __future__ import annotations

from pathlib import Path

from agent.desk.readable import table
from agent.vocabulary.carriers import carriers
from agent.vocabulary.events import EVENT_TYPES
from mail.reader import load

README = Path(__file__).resolve().parents[2] / "README.md"
START, END = "<!-- what is read: made by the tests -->\n", "\n<!-- end of what is read -->"
SPOKEN = {"tracking_update", "parcel_looked", "reply_sent", "handled", "note_added", "trace_opened", "trace_replied"}
SPOKEN |= {"reply_bounced"}


def test_the_table_is_what_readers_claim(bless: bool) -> None:
    """A reader that learns a language, or loses one, changes README."""
    text = README.read_text(encoding="utf-8")
    before, _, rest = text.partition(START)
    _, _, after = rest.partition(END)
    wanted = f"{before}{START}{table(load(), carriers().values())}{END}{after}"
    if bless:
        README.write_text(wanted, encoding="utf-8")

    assert README.read_text(encoding="utf-8") == wanted


def test_every_event_of_ebay_has_words_in_the_table() -> None:
    """No claimed event is left out of the table for want of words."""
    claimed = {event for reader in load() for event in reader.events} - SPOKEN

    assert claimed <= EVENT_TYPES
    rows = table(load(), ()).count("\n")
    assert rows >= len(claimed)
