"""The shipped reply templates, each rendered, and what a seller's own may and may not do."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from agent.orders.order import Order
from agent.replies.compose import MissingFacts, compose
from agent.replies.facts import FACTS, facts
from agent.replies.prepare import NoReply, Prepared, check, prepare
from agent.replies.templates import BadTemplate, read_template, situations, templates
from agent.vocabulary.values import Item

SITUATIONS = ("cancel_ack", "cancel_shipped", "inr_delivered_check", "inr_in_transit", "late_proactive")

# What DOMAIN asks each reply to hold, in the sample's values.
MUST = {
    "inr_in_transit": ["13", "USPS", "9400111899223197428490", "16", "Memphis", "25"],
    "inr_delivered_check": ["18", "Portland", "97201", "22"],
    "cancel_shipped": ["13", "USPS", "9400111899223197428490"],
    "cancel_ack": ["22"],
    "late_proactive": ["USPS", "9400111899223197428490", "16", "23"],
}

FRONT = "---\nsituation: thanks\nlanguage: en\nfacts: [shop]\n---\n"


def sample(situation: str, order: Order, delivered: Order, cancelling: Order) -> Order:
    """The order that a situation is about."""
    return {"inr_delivered_check": delivered, "cancel_ack": cancelling}.get(situation, order)


def test_five_situations_in_two_languages() -> None:
    """Each shipped situation speaks English and German."""
    assert situations() == SITUATIONS
    assert set(templates()) == {(situation, language) for situation in SITUATIONS for language in ("en", "de")}


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("situation", SITUATIONS)
def test_every_template_renders_whole_and_clean(
    situation: str, language: str, order: Order, delivered: Order, cancelling: Order, now: datetime
) -> None:
    """A rendered template holds its facts in full words, signs with the shop only, and passes the lint."""
    about = sample(situation, order, delivered, cancelling)
    known = facts(about, None, now, "Harbour Lane", language)
    reply = compose(situation, language, known)
    assert (reply.situation, reply.language) == (situation, language)
    for fact in (*MUST[situation], "Brass desk lamp", "27-13930-98148", "Anna"):
        assert fact in reply.text
    assert "November" in reply.text
    assert "2026-11" not in reply.text
    assert reply.text.endswith("Harbour Lane")
    assert len(reply.text) <= 900
    assert check(reply.text, about, max_length=reply.max_length) == ()
    assert "Du " not in reply.text
    assert "dein" not in reply.text.lower()


@pytest.mark.parametrize(("situation", "language"), sorted(templates()))
def test_a_required_fact_that_is_absent_refuses_the_reply(
    situation: str, language: str, order: Order, delivered: Order, cancelling: Order, now: datetime
) -> None:
    """Without any single required fact nothing is written; without the others the text still reads."""
    about = sample(situation, order, delivered, cancelling)
    known = facts(about, None, now, "Harbour Lane", language)
    template = templates()[situation, language]
    for fact in template.facts:
        with pytest.raises(MissingFacts) as missing:
            compose(situation, language, {name: value for name, value in known.items() if name != fact})
        assert missing.value.facts == (fact,)
    bare = compose(situation, language, {fact: known[fact] for fact in template.facts})
    assert " Anna" not in bare.text.replace("Annahme", "")
    assert " ." not in bare.text
    assert "  " not in bare.text


def test_templates_use_known_facts_only() -> None:
    """Every fact that a shipped template names is one that orderwatch can know."""
    for template in templates().values():
        assert set(template.facts) | set(template.may_use) <= set(FACTS)


@pytest.mark.parametrize(
    "naughty",
    [
        "{{ 7*7 }}",
        "{% for x in range(10**9) %}x{% endfor %}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "<script>alert(1)</script>",
        "${7*7} #{7*7} <%= 7*7 %>",
        "Robert'); DROP TABLE orders;--",
        "%s%n%d",
        "Ω≈ç√ 田中さん 😀",
    ],
)
def test_strangers_words_stand_verbatim_and_never_run(naughty: str, order: Order, now: datetime) -> None:
    """A title that looks like a template is only text."""
    odd = replace(order, items=(Item(title=naughty),))
    known = facts(odd, None, now, "Harbour Lane", "en")
    assert known["item"] in compose("late_proactive", "en", known).text
    assert known["item"] == naughty or len(naughty) > 60


def test_control_characters_never_reach_a_reply(order: Order, now: datetime) -> None:
    """Line breaks, bidi overrides and zero-width characters are gone from titles, places and names."""
    odd = replace(order, items=(Item(title="Lamp\r\nBcc: x\u202egnp\u200b\x00!"),))
    assert facts(odd, None, now, "shop", "en")["item"] == "Lamp Bcc: xgnp!"


def test_an_unknown_language_falls_back_to_english(order: Order, now: datetime) -> None:
    """Where no template speaks the buyer's language, English does."""
    known = facts(order, None, now, "Harbour Lane", "en")
    assert compose("late_proactive", "fi", known).language == "en"


def test_a_sellers_own_template_wins(tmp_path: Path, order: Order, now: datetime) -> None:
    """`replies/<situation>/<language>.md` beside the configuration replaces the shipped text."""
    folder = tmp_path / "late_proactive"
    folder.mkdir()
    folder.joinpath("en.md").write_text(
        "---\nsituation: late_proactive\nlanguage: en\nfacts: [order, shop]\n---\nSoon, {{ order }}!\n{{ shop }}\n"
    )
    made = prepare("late_proactive", order, None, now, "Harbour Lane", [tmp_path])
    assert isinstance(made, Prepared)
    assert made.text == "Soon, 27-13930-98148!\nHarbour Lane"


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("Hello {{ buyer_name }}", "stand neither in facts nor in may_use"),
        ("Hello {{ shop ", "line 1"),
        ("{{ shop|upper }}", "upper"),
        ("{% include 'x' %}{{ range(3) }}", "neither in facts"),
    ],
)
def test_a_template_that_asks_for_more_is_an_error(body: str, told: str) -> None:
    """A template may use its facts, and nothing else of Jinja2's world."""
    with pytest.raises(BadTemplate, match=told):
        read_template(FRONT + body, "replies/thanks/en.md")


@pytest.mark.parametrize("body", ["{{ shop.__class__ }}", "{{ shop.__class__.__mro__ }}", "{{ shop.nothing }}"])
def test_a_template_cannot_reach_around_its_values(body: str, tmp_path: Path) -> None:
    """The sandbox turns attribute tricks into an error, never into text."""
    folder = tmp_path / "thanks"
    folder.mkdir()
    folder.joinpath("en.md").write_text(FRONT + body)
    with pytest.raises(BadTemplate):
        compose("thanks", "en", {"shop": "s"}, [tmp_path])


def test_front_matter_must_be_there() -> None:
    """A file without front matter, or with a stranger's key, names itself."""
    with pytest.raises(BadTemplate, match="front matter"):
        read_template("Hello", "replies/x/en.md")
    with pytest.raises(BadTemplate, match="front matter"):
        read_template("---\nsituation: x\nlanguage: en\nfacts: []\nsubject: hi\n---\nHello", "replies/x/en.md")


def test_what_fails_the_lint_is_not_written(tmp_path: Path, order: Order, now: datetime) -> None:
    """A seller's template that names a phone number gives no reply, and says why."""
    folder = tmp_path / "late_proactive"
    folder.mkdir()
    folder.joinpath("en.md").write_text(
        "---\nsituation: late_proactive\nlanguage: en\nfacts: [shop]\n---\nCall us: 020 7946 0018\n{{ shop }}\n"
    )
    made = prepare("late_proactive", order, None, now, "Harbour Lane", [tmp_path])
    assert isinstance(made, NoReply)
    assert "020 7946 0018" in made.reason
