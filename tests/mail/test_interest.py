"""Which mails are fetched whole, judged from their headers."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.vocabulary.carriers import carriers
from mail.boxes.interest import could_be_ours, is_interesting
from mail.parsing.message import parse_headers

OURS = [
    ("eBay <ebay@ebay.com>", "You made the sale for Old radio"),
    ("eBay <ebay@ebay.de>", "Artikel verkauft"),
    ("ebay@reply.ebay.co.uk", "Deals"),
    ("kaeufer_b42 <74684c24ca049e0c2e13@members.ebay.de>", "Frage"),
    ("someone <x@members.ebay.evil.example>", "Frage"),
    ("alerts@new-subdomain.ebay.com", "Something new"),
    ("auto-reply@usps.com", "USPS Item Delivered"),
    ("UPS <mcinfo@ups.com>", "Your package"),
    ("no-reply@royalmail.com", "On its way"),
    ("Royal Mail <x@parcel-fee.example>", "Pay now"),
    ("eBay Support <help@mail.example>", "Your account"),
    ("x@ebay-case-centre.example", "Respond now"),
    ("x@mysteryboxbyusps.com", "Prize"),
    ("eBаy <x@mail.example>", "Cyrillic a in the name"),
    ("shop@forwarder.example", "Fwd: Your eBay item sold"),
    ("friend@mail.example", "Order 27-13930-98148?"),
    ("tool@shipping.example", "Your label 9400 1118 9956 2854 0577 25"),
    ("x@mail.example", "your parcel 1Z5R89390357567127"),
    ("undecipherable eBay <", "x"),
]

NOT_OURS = [
    ("Mum <mum@family.example>", "Sunday dinner at 7?"),
    ("Anna <anna@family.example>", "Photos of the trip, call me +49 170 1234567"),
    ("Newsletter <news@garden.example>", "20% off everything until 30.11.2026"),
    ("Bank <service@bank.example>", "Your statement for November 2026"),
    ("Doctor <praxis@doctor.example>", "Termin am 25.11.2026 um 14:30"),
    ("GitHub <noreply@github.example>", "[repo] Pull request #12345 merged"),
    ("Ursula <ursula@family.example>", "Groups and ups and downs"),
    ("Club <mail@club.example>", "Invoice 2026-1042"),
    ("Post Malone <tour@music.example>", "Tickets on sale"),
]


def headers(sender: str, subject: str) -> bytes:
    return f"From: {sender}\r\nTo: me@example.com\r\nSubject: {subject}\r\n\r\n".encode()


@pytest.mark.parametrize(("sender", "subject"), OURS)
def test_what_could_be_ours_is_fetched(sender: str, subject: str) -> None:
    """Senders, look-alikes, names, aliases and numbers in the subject; a mail left out is lost."""
    assert could_be_ours(parse_headers(headers(sender, subject)))


@pytest.mark.parametrize(("sender", "subject"), NOT_OURS)
def test_private_mail_is_left_alone(sender: str, subject: str) -> None:
    """Family, newsletters, bank, doctor: nothing of it is fetched or kept."""
    assert not could_be_ours(parse_headers(headers(sender, subject)))


def test_ebays_own_headers_are_enough() -> None:
    """A forwarded notification keeps eBay's tracker header."""
    assert could_be_ours(parse_headers(b"From: a@example.com\nX-eBay-MailTracker: 11400.000.0.0.abc\n\n"))


def test_the_reply_address_counts() -> None:
    """A member's message is known by where its answer goes."""
    assert could_be_ours(parse_headers(b"From: a@example.com\nReply-To: ab12@members.ebay.fr\nSubject: x\n\n"))


SAMPLES = sorted((Path(__file__).parents[1] / "mails").rglob("*.eml"))
_FIELDS = st.sampled_from(
    ["From", "from", "REPLY-TO", "Subject", "SUBJECT ", "To", "X-eBay-Tracker", "Received", "no field"]
)
_VALUES = st.one_of(
    st.sampled_from([*(pair[0] for pair in (*OURS, *NOT_OURS)), *(pair[1] for pair in (*OURS, *NOT_OURS))]),
    st.sampled_from(
        ["Bring", "Bring it", "", "=?utf-8?q?eBay?=", "(eBay) a@b.example", '"eBay" <a@b.example>, c@d.example']
    ),
    st.text(max_size=40),
)
_ENDS = st.sampled_from(["\r\n", "\r\n", "\r\n", "\n", "\r", "\r\n ", "\r\n\t", "\n \n", "\r\n\r\n", " \r\n\x0c\r\n "])


@given(st.lists(st.tuples(_FIELDS, st.sampled_from([":", ": ", " :", ""]), _VALUES, _ENDS), max_size=8))
@settings(max_examples=1500, deadline=None)
def test_the_fast_judgement_never_leaves_out_a_mail(parts: list[tuple[str, str, str, str]]) -> None:
    """Headers in any order, doubled, folded, encoded or broken: where the parsed header could be ours, so is this."""
    header = "".join("".join(part) for part in parts).encode("utf-8", "replace")

    assert is_interesting(header) or not could_be_ours(parse_headers(header))


@pytest.mark.parametrize(("sender", "subject"), [*OURS, *NOT_OURS])
def test_the_fast_judgement_is_the_same_for_a_usual_header(sender: str, subject: str) -> None:
    """No private mail is fetched for speed's sake."""
    header = headers(sender, subject)

    assert is_interesting(header) == could_be_ours(parse_headers(header))


def test_the_fast_judgement_of_every_sample() -> None:
    """Real shapes of headers: the same answer."""
    for sample in SAMPLES:
        header = sample.read_bytes().replace(b"\r\n", b"\n").partition(b"\n\n")[0]
        assert is_interesting(header) == could_be_ours(parse_headers(header)), sample


@pytest.mark.corpus
@pytest.mark.slow
def test_the_fast_judgement_of_collected_mail(corpus: Path) -> None:
    """Collected mails, hostile ones too: none that could be ours is left out."""
    files = [path for folder in ("mail", "hostile") for path in sorted((corpus / folder).rglob("*")) if path.is_file()]
    assert files
    for path in files:
        header = path.read_bytes()[:262_144]
        for end in (b"\r\n\r\n", b"\n\n"):
            header = header.partition(end)[0]
        assert is_interesting(header) or not could_be_ours(parse_headers(header)), path


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_every_number_of_a_parcel_has_a_digit(data: st.DataObject) -> None:
    """What lets a subject without digits go unread holds for every format in the data."""
    shapes = [shape for carrier in carriers().values() for shape in carrier.numbers]
    pattern = data.draw(st.sampled_from(shapes)).pattern
    number = data.draw(st.from_regex(pattern, fullmatch=True, alphabet=st.characters(max_codepoint=127)))

    assert any(char in "0123456789" for char in number)


def test_an_answer_to_a_digest_is_fetched() -> None:
    """By the digest's reference in a subject, encoded or not, or in the thread; not by what only looks like one."""
    subject, words = b"Subject: Re: 2 to answer [ow-k3f7qx2a]", b"Subject: Hello ow-k3f7qx2"
    encoded = b"Subject: =?utf-8?B?UmU6IDIg4oCmIFtvdy1rM2Y3cXgyYV0=?="
    digest = b"<digest.2026-11-20.0f3a.ow-k3f7qx2a-abcdefghijklmnopqrstuvwxyz@x.example>"
    thread = b"Subject: Hello\nReferences: <a@b.example>\n " + digest
    for header in (subject, encoded, thread):
        assert is_interesting(b"From: June <june@shop.example>\n" + header)
        assert could_be_ours(parse_headers(b"From: June <june@shop.example>\n" + header))
    assert not is_interesting(b"From: June <june@shop.example>\n" + words)
