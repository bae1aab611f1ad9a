"""What carriers of Europe write in their own languages: number, status and day by words that no template fixes.

Each mail of the table in tests/mail/phrases is read as plain text and as HTML.
"""

from __future__ import annotations

from datetime import date, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from agent.vocabulary.events import TrackingUpdate
from mail.reader import Reading, read

TABLE = (Path(__file__).parent / "phrases" / "carriers.txt").read_text(encoding="utf-8")
MAILS = [tuple(row.split(" | ")) for row in TABLE.splitlines() if row and not row.startswith("#")]


def of_lines(sender: str, subject: str, lines: list[str], *, html: bool = False) -> Reading:
    """A mail of these lines as its receiver read it."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, "seller@example.com", subject
    mail["Date"] = "Wed, 18 Nov 2026 09:00:00 +0100"
    mail["Authentication-Results"] = f"mx.example.com; dmarc=pass header.from={sender.partition('@')[2]}"
    if html:
        mail.set_content("<html><body>" + "".join(f"<div>{line}</div>" for line in lines) + "</body></html>", "html")
    else:
        mail.set_content("\n\n".join(lines))
    return read(mail.as_bytes(), "mx.example.com")


def update_of(reading: Reading) -> TrackingUpdate:
    (event,) = reading.events
    assert isinstance(event, TrackingUpdate)
    return event


@pytest.mark.parametrize("html", [False, True], ids=["text", "html"])
@pytest.mark.parametrize(("number", "status", "day", "sender", "words"), MAILS, ids=[row[0] for row in MAILS])
def test_words_of_carriers_are_read(number: str, status: str, day: str, sender: str, words: str, html: bool) -> None:
    """The parcel's own number, where it is, and the day that the mail promises."""
    subject, *lines = words.split(" // ")
    event = update_of(of_lines(sender, subject, lines, html=html))

    assert (event.tracking_number, event.status) == (number, status)
    if day != "-":
        assert event.estimated_delivery is not None
        first = event.estimated_delivery.min
        assert (first.date() if isinstance(first, datetime) else first) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("sender", "words", "clock"),
    [
        ("noreply@dpd.fr", "Votre colis 01605054400300 a été livré le 17 novembre 2026 à 16h40.", "16:40"),
        ("noreply@dpd.de", "Ihr Paket 01605054400300 wurde am 17.11.2026 um 16.40 Uhr zugestellt.", "16:40"),
        ("noreply@postnord.se", "Paketet 00373012345678901236 levererades den 17 november 2026 kl. 16.40.", "16:40"),
        ("powiadomienia@inpost.pl", "Paczka 612345000987654321003344 odebrana 17.11.2026 o godz. 16:40.", "16:40"),
        (
            "noreply@gls-italy.com",
            "La spedizione 65012239999 è stata consegnata il 17/11/2026 alle ore 16:40.",
            "16:40",
        ),
        ("noreply@correos.com", "El envío RR470123458ES ha sido entregado el 17/11/2026 a las 16:40.", "16:40"),
        ("noreply@postnl.nl", "Pakket 3SABCD9988776 is bezorgd op 17 november 2026 om 16:40 uur.", "16:40"),
    ],
)
def test_clocks_of_all_languages(sender: str, words: str, clock: str) -> None:
    """The time of a delivery stays local, however its language writes it."""
    event = update_of(of_lines(sender, "Info", [words]))

    assert event.occurred_at is not None
    assert event.occurred_at.isoformat() == f"2026-11-17T{clock}:00"


@pytest.mark.parametrize(
    ("words", "hours"),
    [
        ("Ihr Paket 01605052781234 kommt heute zwischen 10.15 und 11.15 Uhr.", ("10:15", "11:15")),
        ("Votre colis 01605052781234 arrive aujourd'hui entre 9h30 et 12h.", ("09:30", "12:00")),
        ("Il tuo pacco 01605052781234 arriva oggi tra le 10:00 e le 13:00.", ("10:00", "13:00")),
        ("Tu paquete 01605052781234 llega hoy entre las 10:00 y las 14:00.", ("10:00", "14:00")),
        ("Je pakket 01605052781234 komt vandaag tussen 13:05 en 14:05.", ("13:05", "14:05")),
        ("Kurier doręczy paczkę 01605052781234 dziś w godz. 12:00–14:00.", ("12:00", "14:00")),
    ],
)
def test_hours_of_today(words: str, hours: tuple[str, str]) -> None:
    """A span of hours on the day of delivery makes the window."""
    window = update_of(of_lines("noreply@dpd.de", "DPD", [words])).estimated_delivery

    assert window is not None
    assert (window.min.isoformat()[11:16], window.max.isoformat()[11:16]) == hours


@pytest.mark.parametrize(
    ("sender", "subject", "words", "number"),
    [
        ("noreply@post.ch", "Zustellung", "Ihre Sendung 99.34.123456.11112222 wurde zugestellt.", "993412345611112222"),
        ("noreply@bpost.be", "Afgeleverd", "Zending LX412345676NL is afgeleverd.", "LX412345676NL"),
        ("noreply@chronopost.fr", "Livré", "Votre colis XX654321987FR est livré.", "XX654321987FR"),
        ("noreply@postnord.dk", "Klar", "Pakke 00373012345678905555 ligger klar. Kode: 4411", "00373012345678905555"),
    ],
)
def test_numbers_as_they_are_printed(sender: str, subject: str, words: str, number: str) -> None:
    """With dots between groups, of a foreign post, with a wrong check digit, or before a code of another kind."""
    assert update_of(of_lines(sender, subject, [words])).tracking_number == number


def test_where_it_waits_goes_over_the_failed_attempt() -> None:
    """A buyer can act on the shop that keeps the parcel; the attempt stays as the reason, the shop as the place."""
    lines = [
        "Je was niet thuis.",
        "Je pakket 3SABCD9988776 ligt klaar bij Primera, Stationsplein 3, 3818 LE Amersfoort.",
    ]
    event = update_of(of_lines("noreply@postnl.nl", "Je was niet thuis", lines))

    assert (event.status, event.reason) == ("available_for_pickup", "no_one_home")
    assert event.location is not None
    assert (event.location.postcode, event.location.city) == ("3818 LE", "Amersfoort")


def test_a_refused_parcel_that_comes_back_is_returning() -> None:
    """Why it comes back is the reason, not the status."""
    lines = ["Il pacco 65012239999 è stato rifiutato dal destinatario.", "Verrà restituito al mittente."]
    event = update_of(of_lines("noreply@gls-italy.com", "Il destinatario ha rifiutato la consegna", lines))

    assert (event.status, event.reason) == ("returning", "refused")


@pytest.mark.parametrize(
    ("sender", "subject"),
    [
        ("noreply@myhermes.de", "Wie zufrieden waren Sie mit der Lieferung?"),
        ("noreply@dpd.fr", "Donnez votre avis sur notre service"),
        ("noreply@gls-italy.com", "La tua fattura è disponibile"),
        ("noreply@correos.com", "Encuesta de satisfacción"),
        ("noreply@postnl.nl", "Je wachtwoord wijzigen"),
        ("noreply@inpost.pl", "Twoja e-faktura za październik"),
        ("noreply@post.ch", "Ihre Briefpost von heute"),
    ],
)
def test_surveys_bills_and_letters_are_no_parcels(sender: str, subject: str) -> None:
    """Not even where they name a number of one."""
    reading = of_lines(sender, subject, ["01605052781234", "RR470123458ES"])

    assert (reading.events, reading.unread) == ((), "not_ours")
