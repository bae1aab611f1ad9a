"""What buyers ask for, and what eBay says that they asked for: goods, money, or nothing that is plain."""

from __future__ import annotations

import pytest

from agent.vocabulary.remedies import remedy_of, told_remedy


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("Nothing came. I want my money back!", "refund"),
        ("It never arrived and I would like a full refund please", "refund"),
        ("I do not need it any more, please refund me", "refund"),
        ("I still want the lamp, please send it again", "item"),
        ("Could you send a replacement?", "item"),
        ("Please do not refund, send me another one", "item"),
        ("Das Paket kam nie an, ich bitte um Rückerstattung", "refund"),
        ("Bitte schicken Sie den Artikel noch einmal", "item"),
        ("Je voudrais être remboursée", "refund"),
        ("Pouvez-vous me renvoyer un autre exemplaire ?", "item"),
        ("Vorrei il rimborso", "refund"),
        ("Potete spedirmene un altro?", "item"),
        ("Quiero que me devuelvan el dinero", "refund"),
        ("¿Pueden enviarme otro?", "item"),
        ("Ik wil mijn geld terug", "refund"),
        ("Proszę o zwrot pieniędzy", "refund"),
    ],
)
def test_plain_words_tell_it(text: str, remedy: str) -> None:
    """A wish with the money or the goods behind it, in seven languages."""
    assert remedy_of(text) == remedy


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Where is my parcel?",
        "If it is not here by Friday I want a refund",
        "Falls es nicht kommt, möchte ich mein Geld zurück",
        "I don't want a refund",
        "Ich möchte keine Erstattung",
        "Non voglio un rimborso",
        "I want a refund or a replacement",
        "I want my money back. Or send another.",
        "Thanks for the refund",
        "Bitte prüfen Sie das nochmal",
        "Can you check with the carrier again",
        "It was just refunded",
    ],
)
def test_the_rest_tells_nothing(text: str) -> None:
    """Questions, conditions, denials, both at once, and thanks."""
    assert remedy_of(text) is None


@pytest.mark.parametrize(
    ("lines", "remedy"),
    [
        (["Your buyer wants a full refund."], "refund"),
        (["What the buyer wants", "Full refund"], "refund"),
        (["Buyer's preferred solution: Refund"], "refund"),
        (["The buyer would still like the item."], "item"),
        (["Requested resolution: Item"], "item"),
        (["Der Käufer möchte den Artikel weiterhin erhalten"], "item"),
        (["L'acheteur souhaite un remboursement intégral"], "refund"),
        (["L'acquirente chiede il rimborso"], "refund"),
        (["El comprador desea recibir el artículo"], "item"),
        (["If the buyer would like a refund, give it"], None),
        (["Refund the buyer", "You can send a refund"], None),
        (["The buyer requested", "an update on the item"], None),
        (["The buyer would like a refund", "The buyer still wants the item"], None),
    ],
)
def test_ebays_word_of_it(lines: list[str], remedy: str | None) -> None:
    """In a sentence, beside a label or below it; what eBay advises the seller is no wish of the buyer's."""
    assert told_remedy(lines) == remedy


@pytest.mark.parametrize("text", ["want " * 20_000, "send me " * 9_000, "i want a b c " * 9_000, "," * 90_000])
def test_endless_text_is_read_in_part(text: str) -> None:
    """Whatever a stranger writes, no more than the beginning is looked at."""
    assert remedy_of(text) is None
    assert told_remedy([text] * 50) is None
