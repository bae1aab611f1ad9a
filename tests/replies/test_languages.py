"""Which language a buyer is written to in."""

from __future__ import annotations

from dataclasses import replace

import pytest

from agent.orders.order import Order, Received
from agent.replies.languages import buyers_dialect, buyers_language
from agent.replies.prepare import Prepared, prepare
from agent.replies.shown_language import shown_language
from agent.vocabulary.values import Address
from tests.replies.samples import NOW

LONG = "wort " * 25


@pytest.mark.parametrize(
    ("text", "language", "alias", "country", "site", "expected"),
    [
        (LONG, "de", "x123@members.ebay.com", "US", "EBAY_US", "de"),
        ("Hallo?", "de", "x123@members.ebay.co.uk", "DE", "EBAY_DE", "en"),
        ("", None, "x123@members.ebay.de", "US", "EBAY_US", "de"),
        ("", None, None, "FR", "EBAY_US", "fr"),
        ("", None, None, None, "EBAY_DE", "de"),
        ("", None, None, "CH", "EBAY_FR", "fr"),
        ("", None, None, "CH", "EBAY_US", "de"),
        ("", None, None, "JP", None, "en"),
        ("", None, None, None, None, "en"),
        ("Wo ist denn mein Paket? Ich habe es noch nicht und warte sehr.", None, None, "US", "EBAY_US", "de"),
    ],
)
def test_the_best_sign_decides(
    text: str,
    language: str | None,
    alias: str | None,
    country: str | None,
    site: str | None,
    expected: str,
    order: Order,
    message: Received,
) -> None:
    """Enough own words, else the alias, else the country, else the site, else English."""
    last = replace(message, text=text, language=language, reply_to=alias)
    about = replace(order, messages=(last,), ship_to=Address(country=country), site=site)
    assert buyers_language(about) == expected


SHORT = {
    "en": ["Where is my parcel?", "Not arrived yet", "Please cancel", "Any news on this?"],
    "de": ["Wo bleibt mein Paket?", "Noch nichts da!", "Bitte stornieren", "Ist das schon verschickt?"],
    "fr": ["Où est mon colis ?", "Rien reçu à ce jour", "Je veux annuler", "C'est parti quand ?"],
    "it": ["Dov'è il mio pacco?", "Non è ancora arrivato nulla", "Vorrei annullare", "Quando arriva il pacco?"],
    "es": ["¿Dónde está mi paquete?", "No me ha llegado", "Quiero cancelar el pedido", "¿Cuándo llega?"],
    "nl": ["Waar blijft mijn pakket?", "Ik heb nog niets ontvangen", "Graag annuleren, verkeerd adres"],
    "pl": ["Gdzie jest moja paczka?", "Dzień dobry, kiedy dojdzie przesyłka?", "Proszę anulować zamówienie"],
    "pt": ["Onde está a minha encomenda?", "Ainda não recebi o produto", "Quero cancelar a compra por favor"],
}


@pytest.mark.parametrize(("language", "text"), [(name, text) for name, texts in SHORT.items() for text in texts])
def test_short_messages_show_their_language(language: str, text: str) -> None:
    """A handful of words is enough where they are a language's own."""
    assert shown_language(text) == language


@pytest.mark.parametrize(
    "text", ["", "ok", "???", "27-13930-98148", "Lamp Brass 1930", "なぜまだ届きませんか", "no", "👍"]
)
def test_what_shows_no_language_is_not_guessed(text: str) -> None:
    """Numbers, titles, single words and scripts that nobody weighs leave it to the alias and the country."""
    assert shown_language(text) is None


@pytest.mark.parametrize(
    ("country", "site", "alias", "dialect"),
    [
        ("US", "EBAY_GB", "x123@members.ebay.co.uk", "en-US"),
        ("GB", "EBAY_US", "x123@members.ebay.com", "en-GB"),
        ("AU", "EBAY_AU", "x123@members.ebay.com.au", "en-GB"),
        ("CA", "EBAY_CA", "x123@members.ebay.ca", "en-US"),
        ("SE", "EBAY_US", "x123@members.ebay.com", "en-US"),
        (None, "EBAY_GB", None, "en-GB"),
        (None, None, None, "en-GB"),
    ],
)
def test_english_has_a_region(
    country: str | None, site: str | None, alias: str | None, dialect: str, order: Order, message: Received
) -> None:
    """The ship-to country decides, else the buyer's own site; without either the dates cannot be misread."""
    last = replace(message, text="", language=None, reply_to=alias)
    about = replace(order, messages=(last,), ship_to=Address(country=country), site=site)
    assert buyers_dialect(about) == dialect


def test_a_language_without_templates_is_answered_in_english(order: Order, message: Received) -> None:
    """Polish is recognised, and no German site is taken for the buyer's language."""
    last = replace(message, text="Dzień dobry, gdzie jest moja paczka?", language=None)
    made = prepare("inr_in_transit", replace(order, messages=(last,), site="EBAY_DE"), None, NOW, "Harbour Lane")
    assert isinstance(made, Prepared)
    assert made.language == "en"
    assert "13 November 2026" in made.text
