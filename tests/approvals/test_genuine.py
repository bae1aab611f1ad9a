"""Answers that sellers really write are understood, in any program's way of quoting; what is unsure is refused."""

from __future__ import annotations

import os
from email import message_from_bytes
from pathlib import Path

import pytest

from agent.approvals.answer import take
from agent.approvals.saying import NotTaken, Word, read_words
from agent.steps.approve import read_answer
from tests.approvals.letters import (
    CODE,
    DIGEST,
    INTRODUCTIONS,
    KEY,
    NOW,
    SELLER,
    TRUSTED,
    Letter,
    button,
    genuine,
    marked,
    offers,
)

TALON = Path(os.environ.get("HOSTILE_CORPUS", "../shared/corpus/hostile")) / "talon/tests/fixtures/standard_replies"


def meaning(letter: Letter) -> dict[int, str]:
    """What an answer to the sample digest decides, by number."""
    answer = read_answer(letter.raw(), SELLER, TRUSTED)
    taken = take(answer, {offers()[0].reference: offers()}, KEY, SELLER, NOW)
    return {one.offer.number: one.verb for one in taken}


def test_nearly_all_are_understood_and_none_is_misunderstood() -> None:
    """Programs, languages, places of the quote and signatures, crossed: whole mails, at least 98 in 100 understood."""
    total = refused = 0
    for name, text, meant in genuine():
        total += 1
        try:
            got = meaning(Letter(text=text))
        except NotTaken:
            refused += 1
            continue
        assert got == meant, name
    assert total > 200
    assert refused <= total * 0.02


def test_a_button_sends_its_word() -> None:
    """Its own code in the subject is enough; nothing is quoted."""
    letter = Letter(text="2 no\n\n-- \nJune", subject=f"2 no [{button(2, 'reject')}]", thread=None)

    assert meaning(letter) == {2: "reject"}


def test_a_server_that_renames_messages_is_no_hindrance() -> None:
    """Where the thread names another Message-ID, the code that the quote holds proves the same."""
    letter = Letter(text=f"1 ok\n\n{INTRODUCTIONS['gmail-en']}\n{marked(DIGEST)}", thread="<renamed@server.example>")

    assert CODE in letter.raw().decode()
    assert meaning(letter) == {1: "approve"}


def test_a_word_alone_is_enough_for_one_draft() -> None:
    """`ok` says which where there is no choice, and nothing where there is."""
    assert read_words("ok", {1}) == (Word(1, "approve"),)
    with pytest.raises(NotTaken, match="names no draft"):
        read_words("ok", {1, 2})


def test_an_edit_takes_the_text_up_to_the_quote() -> None:
    """Several lines, the writer's own greeting with them; the device's line and the quote without."""
    letter = "Dear Ana,\n\nyour lamp is on its way.\n\nBest regards\nJune"
    quoted = f"{INTRODUCTIONS['apple-en']}\n{marked(DIGEST)}"
    text = f"1 ok\n2 edit: {letter}\n\nSent from my iPhone\n\n{quoted}"

    assert read_words(text, {1, 2}) == (
        Word(1, "approve"),
        Word(2, "edit", letter),
    )


@pytest.mark.parametrize(
    "text",
    [
        "1 ok\n1 no",  # two things about one
        "1 ok, but not the second sentence",
        "1 ok\nbut please wait until Monday",
        "1 ok\n\nWait",
        "1 ok\n\nThanks, but not yet",
        "Hello,\n1 ok",  # not the first line
        "ok then",
        "1 ok 2 no",
        "1 maybe",
        "1",
        "4 edit:",
        "not 1 ok",
        "1 edit",
        "\uff11 ok",  # full-width digit
        "1 \u043ek",  # Cyrillic o
        "1 o\u212a",  # Kelvin sign
        "1 o\u200bk",  # a sign without width
        "\u0661 ok",  # Arabic digit
        "",
        "   \n\n",
    ],
)
def test_what_is_unsure_is_refused(text: str) -> None:
    """Nothing is guessed: no text that says more, less, or something like a word."""
    with pytest.raises(NotTaken):
        read_words(text, {1, 2, 3}, "June Alder")


def test_words_in_two_places_are_refused() -> None:
    """One above the quote and one below: which was meant cannot be told."""
    with pytest.raises(NotTaken, match="above and below"):
        read_words(f"1 ok\n\n{INTRODUCTIONS['gmail-en']}\n{marked(DIGEST)}\n\n1 no\n", {1})


@pytest.mark.skipif(not TALON.is_dir(), reason="the corpus is not here")
@pytest.mark.parametrize("path", sorted(TALON.glob("*.eml")), ids=lambda path: path.stem)
def test_real_programs_quotes(path: Path) -> None:
    """Replies that real programs wrote, their one word of greeting taken for ours."""
    message = message_from_bytes(path.read_bytes())
    part = next(part for part in message.walk() if part.get_content_type() == "text/plain")
    text = bytes(part.get_payload(decode=True)).decode(part.get_content_charset() or "utf-8", "replace")
    own = text.replace("\r\n", "\n").replace("Hello", "1 ok", 1)

    assert read_words(own, {1, 2, 3}, "xxx") == (Word(1, "approve"),)
