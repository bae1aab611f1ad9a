"""What buyers want, told from their own words, and in which language."""

from __future__ import annotations

import pytest

from mail.wish_model import model, pieces
from mail.wishes import buyer_intent, language_of, wish_of


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        # English
        ("hey mate wheres my parcel", "where_is_it"),
        ("Tracking hasn't moved since Tuesday, is everything alright?", "where_is_it"),
        ("It says delivered on Friday but there is nothing here", "not_received"),
        ("I want my money back, it never turned up", "not_received"),
        ("i havnt recieved my order yet", "not_received"),
        ("My kid pressed buy, please cancel", "cancel"),
        ("Please don't cancel, I only want to know when it ships", "where_is_it"),
        ("We've moved, can it go to 5 Hill Road instead?", "change_address"),
        ("The vase came smashed to bits", "damaged"),
        ("You sent the wrong colour, I ordered green", "damaged"),
        ("It doesn't fit me, how do I send it back?", "return"),
        ("I sent the shoes back ten days ago and still no refund", "return"),
        ("Got it today, lovely, thank you!", "thanks"),
        ("Does this fit a 2012 Fiesta?", "question"),
        # German
        ("Wo ist mein Paket?", "where_is_it"),
        ("Laut DHL zugestellt, aber hier ist nichts angekommen", "not_received"),
        ("hab mich verklickt, bitte stornieren", "cancel"),
        ("Ich bin umgezogen, bitte an die neue Adresse schicken", "change_address"),
        ("Das Glas ist leider zerbrochen angekommen", "damaged"),
        ("Passt mir leider nicht, ich möchte es zurückgeben", "return"),
        ("Alles gut angekommen, vielen Dank!", "thanks"),
        ("Liefern Sie auch nach Österreich?", "question"),
        # French
        ("bonjour ou est mon colis svp", "where_is_it"),
        ("Le suivi dit livré mais je n'ai rien reçu", "not_received"),
        ("J'ai commandé par erreur, merci d'annuler", "cancel"),
        ("Pouvez-vous changer l'adresse de livraison ? J'ai déménagé", "change_address"),
        ("Le vase est arrivé cassé", "damaged"),
        ("Trop petit, je voudrais le renvoyer", "return"),
        ("Bien reçu, merci beaucoup !", "thanks"),
        # Italian
        ("Buongiorno, quando arriva il mio pacco?", "where_is_it"),
        ("Risulta consegnato ma non ho ricevuto niente", "not_received"),
        ("Ho comprato per sbaglio, si può annullare?", "cancel"),
        ("Ho traslocato, potete spedirlo al nuovo indirizzo?", "change_address"),
        ("Il piatto è arrivato rotto", "damaged"),
        ("Mi va stretto, vorrei fare il reso", "return"),
        ("Tutto perfetto, grazie mille", "thanks"),
        # Spanish
        ("Hola, ¿cuándo llega mi pedido?", "where_is_it"),
        ("Pone entregado pero no he recibido nada", "not_received"),
        ("Lo compré sin querer, quiero anularlo", "cancel"),
        ("Me he mudado, ¿puede enviarlo a otra dirección?", "change_address"),
        ("La lámpara llegó rota", "damaged"),
        ("No me vale, quisiera devolverlo", "return"),
        ("Todo perfecto, muchas gracias", "thanks"),
    ],
)
def test_a_wish_is_told_from_everyday_words(text: str, intent: str) -> None:
    """With typos and without accents too."""
    assert buyer_intent(text) == intent


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        (
            "Hello, I bought this for my nephew and I have always been happy with your shop. Sadly the box arrived "
            "crushed and the clock inside is broken. I know it is not your fault. Kind regards, Ann",
            "damaged",
        ),
        (
            "Guten Tag, ich habe die Lampe vor drei Wochen gekauft und sofort bezahlt. Bis heute ist nichts da. "
            "Ich weiß, Sie haben viel zu tun. Vielen Dank und schönes Wochenende",
            "not_received",
        ),
        (
            "Bonjour, j'habite au troisième étage et je travaille beaucoup. Finalement j'ai changé d'avis, merci "
            "d'annuler ma commande. Bonne journée",
            "cancel",
        ),
    ],
)
def test_a_story_around_the_wish_does_not_hide_it(text: str, intent: str) -> None:
    """Greetings, thanks and explanations ask for nothing."""
    assert buyer_intent(text) == intent


@pytest.mark.parametrize("text", ["", "   ", "\x00\x01\x02", "😀😀", "?", "ok", "12345", "....", "ねこ"])
def test_what_says_nothing_asks_for_nothing(text: str) -> None:
    """Nothing that a rule acts upon is read into signs and single words."""
    assert wish_of(text).intent in {"other", "question", "thanks"}


def test_a_doubt_between_two_ways_to_miss_it_hides_neither() -> None:
    """That it did not come, and where it is: each unlikely alone, together likelier than all else, and not sure."""
    wish = wish_of("Leider ist das Regal bis heute nicht bei mir angekommen. Können Sie bitte nachsehen, wo es steckt?")

    assert wish.intent in ("not_received", "where_is_it")
    assert wish.confidence >= 0.5


def test_an_unclear_message_is_unsure() -> None:
    """What no word speaks for has little probability, what is said plainly has much."""
    assert wish_of("xylophone quartz").probability < 0.7
    assert wish_of("Where is my parcel? Please send me the tracking number").probability > 0.9


@pytest.mark.parametrize("text", ["cancel " * 150_000, "x" * 1_000_000, "é́" * 500_000, "😀" * 300_000, "a?" * 400_000])
def test_a_huge_text_is_read_by_its_beginning(text: str) -> None:
    """However long a message is, no more than its first few thousand characters are looked at."""
    assert wish_of(text) == wish_of(text[:4000])
    assert language_of(text) == language_of(text[:4000])


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Wo ist mein Paket?", "de"),
        ("where is my parcel", "en"),
        ("Où est mon colis ?", "fr"),
        ("Dov'è il mio pacco?", "it"),
        ("¿Dónde está mi paquete?", "es"),
        ("donde esta mi paquete", "es"),
        ("paket noch nicht da, was ist los", "de"),
        ("Waar blijft mijn pakket? Ik heb nog niets ontvangen", None),
        ("Gdzie jest moja paczka? Jeszcze nic nie dostałem", None),
        ("Onde está a minha encomenda? Ainda não recebi nada", None),
        ("Var är mitt paket? Jag har inte fått något", None),
        ("Где моя посылка?", None),
        ("商品はまだ届いていません", None),
        ("", None),
        ("???", None),
    ],
)
def test_the_language_of_a_message(text: str, language: str | None) -> None:
    """One of the five, or none of them; neighbours of theirs are not taken for one."""
    assert language_of(text) == language


def test_probabilities_are_of_every_label() -> None:
    """They add up, for a text without words too."""
    for name in ("intent", "language"):
        for text in ("where is it", ""):
            assert sum(model(name).probabilities(text).values()) == pytest.approx(1)


def test_pieces_stay_within_their_buckets() -> None:
    """Each bucket once, whatever the text."""
    found = pieces("Where, where is MY parcel?", 64)

    assert found == sorted(set(found))
    assert all(0 <= bucket < 64 for bucket in found)
