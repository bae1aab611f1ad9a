"""The shipped reply templates, each rendered, and what a seller's own may and may not do."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from agent.orders.order import Order
from agent.replies.compose import MissingFacts, compose, template_for
from agent.replies.facts import FACTS, facts
from agent.replies.prepare import NoReply, Prepared, check, prepare
from agent.replies.templates import BadTemplate, read_template, situations, templates
from agent.vocabulary.languages import fold
from agent.vocabulary.values import Address, Item
from tests.replies.samples import NOW, ORDER_ID, SHOPS, sample

# What each reply must hold, in the sample's values: days, counts, and the names of facts.
MUST = {
    "inr_in_transit": ["13", "carrier", "tracking_number", "16", "last_scan_place", "25"],
    "inr_no_scan": ["carrier", "tracking_number", "12", "23"],
    "inr_delivered_check": ["carrier", "tracking_number", "18", "delivered_place", "left_with", "22"],
    "inr_trace_opened": ["carrier", "19", "30"],
    "inr_refund_done": ["refund_amount", "84", "19", "3", "5"],
    "inr_reship": ["replacement_carrier", "replacement_number", "18", "replaced_number"],
    "cancel_ack": ["22"],
    "cancel_shipped": ["13", "carrier", "tracking_number"],
    "late_proactive": ["carrier", "tracking_number", "16", "23", "25"],
    "customs_action": ["carrier", "tracking_number", "customs_need", "25"],
    "rts_notice": ["carrier", "tracking_number", "returning", "return_reason", "22"],
    "address_confirm": ["22", "ship_to_place"],
    "signature_notice": ["carrier", "tracking_number", "25"],
    "partial_delivery": ["1", "2", "missing_number", "missing_carrier"],
    "return_ack": ["24"],
    "number_corrected": ["corrected_number", "corrected_carrier", "old_number"],
}

# Words that a reply must not hold, folded, in any of its languages (DOMAIN: "must not contain").
NEVER = [
    *("guarantee", "garanti", "garanzia", "garantia", "versprechen", "promettons", "promettiamo", "prometemos"),
    *("feedback", "bewertung", "evaluation", "valutazione", "valoracion", "case", "fall ", "litige", "controversia"),
    *("fraud", "betrug", "fraude", "frode", "your fault", "schuld", "faute", "colpa", "culpa"),
    *("phone", "telefon", "telephone", "http", "www"),
]
FAMILIAR = {
    "de": [" du ", " dir ", " dich ", " dein"],
    "fr": [" tu ", " ton ", " ta ", " tes ", " toi "],
    "it": [" tu ", " tuo", " tua", " ti "],
    "es": [" tu ", " tus ", " ti ", " te "],
}
MUST_NOT = {
    "inr_no_scan": ["has been shipped", "verschickt", "a ete expedie", "e stato spedito", "salio", "left us"],
    "inr_delivered_check": ["elm st", "gartenweg", "lilas", "tigli", "olmo", "mill row"],
    "cancel_ack": ["approve", "genehmig", "accept", "akzept", "is cancelled", "est annulee", "e annullato"],
    "cancel_shipped": ["cannot", "konnen nicht", "ne pouvons pas", "non possiamo", "no podemos", "final"],
    "late_proactive": ["money back", "erstatt", "rembours", "rimbors", "reembols", "refund"],
    "customs_action": ["gift", "lower value", "geschenk", "cadeau", "regalo", "niedriger"],
    "address_confirm": ["e-mail", "correo electronico", "new address here"],
    "inr_refund_done": ["close", "schliess", "fermer", "chiud", "cerrar"],
}
RIGHTS = {
    "en-GB": "statutory right of withdrawal",
    "de": "Widerrufsrecht",
    "fr": "droit légal de rétractation",
    "it": "diritto di recesso",
    "es": "derecho legal de desistimiento",
}

FRONT = "---\nsituation: thanks\nlanguage: en\nfacts: [shop]\n---\n"

EVERY = pytest.mark.parametrize(("situation", "language"), [(one, other) for one in sorted(MUST) for other in SHOPS])


def told(situation: str, language: str) -> dict[str, str]:
    """The sample's facts."""
    order, risk = sample(situation, language)
    return dict(facts(order, risk, NOW, SHOPS[language].name, language))


def test_sixteen_situations_in_five_languages() -> None:
    """Each shipped situation speaks them all; American English where its words differ."""
    assert situations() == tuple(sorted(MUST))
    languages = {language for _, language in templates()}
    assert languages == {"en", "en-US", "de", "fr", "it", "es"}
    for language in languages - {"en-US"}:
        assert {situation for situation, spoken in templates() if spoken == language} == set(MUST)


@EVERY
def test_every_template_holds_its_facts(situation: str, language: str) -> None:
    """What the situation asks for, in full words; greeted by name, signed by the shop alone, within its length."""
    known = told(situation, language)
    reply = compose(situation, language, known)
    shop = SHOPS[language]
    for fact in (*MUST[situation], "buyer_name", "item", "order"):
        assert known.get(fact, fact) in reply.text
    assert ORDER_ID in reply.text
    assert "2026-11" not in reply.text
    assert reply.text.endswith(f"\n{shop.name}")
    assert len(reply.text) <= 900
    order, _ = sample(situation, language)
    assert check(reply.text, order, max_length=reply.max_length) == ()


@EVERY
def test_no_template_says_what_it_must_not(situation: str, language: str) -> None:
    """No guarantee, no bargain, no blame, no familiar address, no contact data, nothing that the situation forbids."""
    known = told(situation, language)
    text = fold(compose(situation, language, known).text.replace(known["item"], ""))
    assert [word for word in (*NEVER, *FAMILIAR.get(language, ()), *MUST_NOT.get(situation, ())) if word in text] == []


@EVERY
def test_a_template_reads_with_required_facts_only(situation: str, language: str) -> None:
    """Without any optional fact there is no hole; without any required one, no reply."""
    known = told(situation, language)
    template = template_for(situation, language)
    bare = compose(situation, language, {fact: known[fact] for fact in template.facts}).text
    assert known["buyer_name"] not in bare
    for hole in (" .", " ,", "  ", "()", ",,", "..", "\n\n\n"):
        assert hole not in bare.replace("\u00a0", "")
    for fact in template.facts:
        with pytest.raises(MissingFacts) as missing:
            compose(situation, language, {name: value for name, value in known.items() if name != fact})
        assert missing.value.facts == (fact,)


@pytest.mark.parametrize(("language", "words"), RIGHTS.items())
def test_the_statutory_right_is_named_in_europe(language: str, words: str) -> None:
    """A declined cancellation takes nothing from a consumer of the EU or the UK; elsewhere nothing is said of it."""
    assert words in compose("cancel_shipped", language, told("cancel_shipped", language)).text
    order, risk = sample("cancel_shipped", language)
    far = replace(order, ship_to=Address(name="Anna Example", country="US"))
    known = facts(far, risk, NOW, "Harbour Lane", language)
    assert words not in compose("cancel_shipped", language, known).text


def test_languages_agree_on_facts() -> None:
    """A situation needs the same facts in every language."""
    for situation in situations():
        needs = {(one.facts, one.may_use) for (name, _), one in templates().items() if name == situation}
        assert len(needs) == 1, situation


def test_english_is_american_or_british(order: Order, now: datetime) -> None:
    """Words and dates follow the buyer's country."""
    american = prepare("inr_in_transit", order, None, now, "Harbour Lane")
    assert isinstance(american, Prepared)
    assert "package left us on November 13, 2026" in american.text
    british = prepare("inr_in_transit", replace(order, ship_to=Address(country="GB")), None, now, "Harbour Lane")
    assert isinstance(british, Prepared)
    assert "parcel left us on 13 November 2026" in british.text


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
        "{{config}} {{self}} {{request}}",
        "{{ lipsum.__globals__['os'] }}",
        "{%- include '/etc/passwd' -%}",
        "{# comment #}",
        "{{ shop }}",
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
        ("Hello {{ buyer_name }}", "which stands neither in facts nor in may_use"),
        ("Hello {{ shop ", "replies/thanks/en.md:6: unexpected end"),
        ("{{ shop|upper }}", "upper"),
        ("{% include 'x' %}{{ range(3) }}", "neither in facts"),
        ("{{ self }} {{ config }}", "neither in facts"),
        ("{{ lipsum.__globals__['os'].popen('id').read() }}", "neither in facts"),
        ("{{ cycler.__init__.__globals__ }}", "neither in facts"),
        ("{{ request.application }}", "neither in facts"),
        ("{{ shop is callable }}", "callable"),
        ("{% debug %}", "debug"),
    ],
)
def test_a_template_that_asks_for_more_is_an_error(body: str, told: str) -> None:
    """A template may use its facts, and nothing else of Jinja2's world."""
    with pytest.raises(BadTemplate, match=told):
        read_template(FRONT + body, "replies/thanks/en.md")


@pytest.mark.parametrize(
    "body",
    [
        "{{ shop.__class__ }}",
        "{{ shop.__class__.__mro__ }}",
        "{{ shop.nothing }}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ shop['__class__'] }}",
        "{{ [].__class__.__base__ }}",
        "{{ shop.format.__globals__ }}",
        "{{ '{0.__class__}'.format(shop) }}",
        "{% include 'late_proactive/en.md' %}",
        "{% import 'os' as os %}{{ os }}",
    ],
)
def test_a_template_cannot_reach_around_its_values(body: str, tmp_path: Path) -> None:
    """The sandbox turns attribute tricks into an error, never into text."""
    folder = tmp_path / "thanks"
    folder.mkdir()
    folder.joinpath("en.md").write_text(FRONT + body)
    with pytest.raises(BadTemplate):
        compose("thanks", "en", {"shop": "s"}, [tmp_path])


def test_a_sellers_english_is_every_english(tmp_path: Path, order: Order, now: datetime) -> None:
    """An own `en.md` also replaces the shipped American text; an own `en-US.md` goes before both."""
    folder = tmp_path / "inr_in_transit"
    folder.mkdir()
    front = "---\nsituation: inr_in_transit\nlanguage: {}\nfacts: [ship_date]\n---\n{} {{{{ ship_date }}}}"
    folder.joinpath("en.md").write_text(front.format("en", "Left"))
    made = prepare("inr_in_transit", order, None, now, "Harbour Lane", [tmp_path])
    assert isinstance(made, Prepared)
    assert made.text == "Left November 13, 2026"
    second = tmp_path / "more" / "inr_in_transit"
    second.mkdir(parents=True)
    second.joinpath("en-US.md").write_text(front.format("en-US", "Gone"))
    made = prepare("inr_in_transit", order, None, now, "Harbour Lane", [tmp_path, tmp_path / "more"])
    assert isinstance(made, Prepared)
    assert made.text == "Gone November 13, 2026"


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
