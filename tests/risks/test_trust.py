"""What a buyer's words, record and feedback warn of; and what they do not."""

from __future__ import annotations

from datetime import date, timedelta
from types import ModuleType
from typing import Any

import pytest

from agent.orders.order import BuyerHistory, Feedback, PastRequest
from agent.risks.assess import assess

THREATS = [
    "Refund me 20 pounds or I will leave negative feedback.",
    "I want half of my money back. Otherwise you will get a one star review!",
    "Unless you send me a discount I'll leave you a bad review",
    "Erstatten Sie mir die Hälfte, sonst bewerte ich Sie negativ.",
    "Wenn ich keinen Rabatt bekomme, gibt es eine schlechte Bewertung.",
    "Si vous ne me remboursez pas, je laisserai une évaluation négative.",
    "Faites-moi une remise, sinon vous aurez un avis négatif.",
    "Se non mi rimborsa le lascio un feedback negativo.",
    "Si no me devuelve el dinero le pondré un voto negativo.",
    "Als ik geen korting krijg, geef ik een slechte beoordeling.",
    "Jeśli nie zwróci mi pan pieniędzy, wystawię negatywny komentarz.",
]
NO_THREATS = [
    "I will leave good feedback when it arrives.",
    "If it does not come by Friday I would like a refund, please.",
    "I never leave negative feedback, but if it does not come I would like a refund.",
    "You have so much positive feedback, so I am sure it will come. If not, can I get my money back?",
    "I left negative feedback because it never came.",
    "Wenn das Paket da ist, bewerte ich Sie gern positiv.",
    "Wenn das Paket nicht kommt, möchte ich mein Geld zurück.",
    "Je laisserai une évaluation positive si le colis arrive demain.",
    "Se arriva domani lascio un feedback positivo.",
    "Si llega mañana le dejo un voto positivo.",
    "Als het morgen komt, geef ik een goede beoordeling.",
    "Jeśli paczka dojdzie jutro, wystawię dobrą opinię.",
]
OFFERS = [
    "Podemos anularlo aquí y le mando un giro, así se ahorra la comisión.",
    "Lei risparmia le commissioni se ci mettiamo d'accordo tra noi.",
    "Payez-vous vraiment tout cela ? Entre nous, vous économisez la commission.",
    "Can we do this outside of eBay? I would pay cash.",
    "Could I pay you by bank transfer to save the fees?",
    "What's your phone number? It is easier to talk.",
    "Message me on WhatsApp please",
    "Könnten wir das an eBay vorbei machen?",
    "Nehmen Sie auch Überweisung?",
    "Puis-je payer par virement ?",
    "Acceptez-vous PayPal, hors eBay ?",
    "Posso pagare con bonifico?",
    "¿Puedo pagarle por Bizum?",
    "Kan ik buiten eBay om betalen?",
    "Czy mogę zapłacić blikiem?",
]
NO_OFFERS = [
    "I bought it off eBay last week and it never came.",
    "I paid with PayPal on Monday, when do you ship?",
    "The courier has my phone number, he can call me.",
    "It is a gift for friends and family, when does it come?",
    "Do you have a tracking number?",
    "Ich habe per PayPal bezahlt, haben Sie das Geld?",
    "Der Fahrer soll mich anrufen, meine Telefonnummer steht auf dem Paket.",
    "J'ai payé par PayPal, avez-vous expédié ?",
    "Ho pagato con PayPal, ha un numero di spedizione?",
    "Ya he pagado con PayPal, ¿tiene el número de seguimiento?",
    "Ik heb betaald met PayPal, heeft u het verzonden?",
    "Zapłaciłem przez PayPal, czy ma pan numer przesyłki?",
]


def words(orders: ModuleType, text: str, days: float = 1) -> Any:
    return orders.complaint(orders.ago(days), intent="question", text=text)


@pytest.mark.parametrize("text", THREATS)
def test_feedback_for_money_is_flagged(orders: ModuleType, text: str) -> None:
    """In seven languages, and whichever of the sentences holds the demand."""
    risk = orders.risks(orders.order(messages=(words(orders, text),)))["feedback_extortion"]
    assert (risk.severity, risk.since, risk.deadline.act_by) == ("P2", orders.ago(1), None)
    assert risk.because == ("mail:complaint",)
    assert text[:20] not in risk.summary + risk.advice


@pytest.mark.parametrize("text", NO_THREATS)
def test_polite_words_about_feedback_are_no_threat(orders: ModuleType, text: str) -> None:
    """Praise, a plain wish for a refund, feedback that was left already."""
    assert "feedback_extortion" not in orders.risks(orders.order(messages=(words(orders, text),)))


@pytest.mark.parametrize("text", OFFERS)
def test_a_way_outside_ebay_is_flagged(orders: ModuleType, text: str) -> None:
    """Payment, a deal or a talk elsewhere; the flag repeats no contact data."""
    risk = orders.risks(orders.order(messages=(words(orders, text),)))["off_ebay_offer"]
    assert (risk.severity, risk.deadline.act_by) == ("P2", None)
    assert text[:20] not in risk.summary + risk.advice


@pytest.mark.parametrize("text", NO_OFFERS)
def test_paying_and_asking_as_usual_is_no_offer(orders: ModuleType, text: str) -> None:
    """What was paid, the courier's business, where it was bought."""
    assert "off_ebay_offer" not in orders.risks(orders.order(messages=(words(orders, text),)))


def test_words_only_flag_and_lapse(orders: ModuleType) -> None:
    """Answered they are watched, after a month forgotten; a running request supersedes them not, nor they it."""
    threat = words(orders, THREATS[0], 2)
    answered = orders.order(messages=(threat,), contacts=(orders.answer(orders.ago(1)),))
    assert orders.risks(answered)["feedback_extortion"].severity == "P3"
    assert "feedback_extortion" not in orders.risks(orders.order(messages=(words(orders, THREATS[0], 31),)))
    beside = orders.risks(orders.order(messages=(threat,), cases=(orders.request(orders.ago(1)),)))
    assert not beside["feedback_extortion"].superseded
    assert not beside["inr_opened"].superseded


def past(orders: ModuleType, days: float, **facts: Any) -> PastRequest:
    plain: dict[str, Any] = {"order_id": "11-11111-11111", "kind": "inr", "opened_at": orders.ago(days)}
    return PastRequest(**{**plain, **facts})


def test_the_second_report_in_half_a_year_is_a_pattern(orders: ModuleType) -> None:
    """Shown with its count while a request is open; of another kind or older it is none."""
    now = past(orders, 1, order_id="12-34567-89012")
    case = orders.request(orders.ago(1))

    def found(*requests: PastRequest, **facts: Any) -> dict[str, Any]:
        history = BuyerHistory(orders=3, requests=requests)
        return orders.risks(orders.order(**{"cases": (case,), "history": history, **facts}))  # type: ignore[no-any-return]

    risk = found(past(orders, 100), now)["abusive_buyer_pattern"]
    assert (risk.severity, risk.deadline.act_by, risk.since) == ("P3", None, orders.ago(1))
    assert "2 item-not-received requests in 180 days, in 3 orders" in risk.summary
    assert not risk.superseded
    assert "abusive_buyer_pattern" not in found(now)
    assert "abusive_buyer_pattern" not in found(past(orders, 181), now)
    assert "abusive_buyer_pattern" not in found(past(orders, 100, kind="return"), now)
    assert "abusive_buyer_pattern" not in found(past(orders, 100), now, cases=())
    assert "abusive_buyer_pattern" not in found(past(orders, 100), now, history=None)


def test_a_pattern_ends_when_its_first_request_is_old(orders: ModuleType) -> None:
    """The order is due again at that instant."""
    history = BuyerHistory(orders=2, requests=(past(orders, 179), past(orders, 1)))
    subject = orders.order(cases=(orders.request(orders.ago(1), state="on_hold"),), history=history)
    due = assess(subject, orders.NOW).next_due_at
    assert due is not None
    assert due <= orders.ago(179) + timedelta(days=180)


def test_feedback_below_positive_names_a_ground_to_remove_it(orders: ModuleType) -> None:
    """Scanned by the last day to ship is one; positive feedback is no risk."""
    left = Feedback(at=orders.ago(1), rating="negative", source="mail:feedback")
    shipped = orders.moving(orders.ago(2), first_scan_at=orders.ago(13.5))
    risk = orders.risks(orders.order(feedback=(left,), shipments=(shipped,), ship_by=date(2026, 2, 20)))
    assert risk["negative_feedback"].severity == "P3"
    assert "scanned in time" in risk["negative_feedback"].summary
    late = orders.risks(orders.order(feedback=(left,), shipments=(shipped,), ship_by=date(2026, 2, 18)))
    assert "scanned in time" not in late["negative_feedback"].summary
    for other in (Feedback(at=orders.ago(1), rating="positive"), Feedback(at=orders.ago(31), rating="neutral")):
        assert "negative_feedback" not in orders.risks(orders.order(feedback=(other,)))
