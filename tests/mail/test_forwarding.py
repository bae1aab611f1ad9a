"""Forwarded mail and our own look at signatures: only where it is asked for, and only what nobody could have bent."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import dkim
import pytest
import yaml
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from agent.vocabulary.status import Authenticity
from mail.genuine import signatures as mail_signatures
from mail.genuine.authenticity import Verdict, judge
from mail.genuine.keys import Keys
from mail.genuine.original import Lookup, LookupFailed, NotCheckable, Original
from mail.genuine.signatures import check_chain, check_signatures
from mail.genuine.trust import Trust, trust_from_json, trust_to_json
from mail.parsing.message import parse
from mail.reader import read
from mail.worker.isolation import IsolatedReader

VERIFIED, UNVERIFIED, HOSTILE = Authenticity.VERIFIED, Authenticity.UNVERIFIED, Authenticity.HOSTILE
SEALER = "seals.example"
MAIL = (
    b"From: eBay <ebay@ebay.com>\r\nTo: seller@shop.example\r\nSubject: You made the sale for Brass bell\r\n"
    b"Date: Wed, 18 Nov 2026 10:04:00 +0000\r\nMessage-ID: <a1@ebay.com>\r\nMIME-Version: 1.0\r\n"
    b"Content-Type: text/html; charset=UTF-8\r\n\r\n<p>Order: 08-12121-34343</p>\r\n"
)
EVIL = MAIL.replace(b"08-12121-34343", b"99-99999-99999")
FAILED = b"Authentication-Results: mx.example.com; dmarc=fail header.from=ebay.com; dkim=fail header.d=ebay.com\r\n"
PASSED = b"Authentication-Results: mx.example.com; dmarc=pass header.from=ebay.com; dkim=pass header.d=ebay.com\r\n"
FORWARDED = Trust(receiver="mx.example.com", forwarders=(SEALER,))
OWN = Trust(receiver="mx.example.com", own_dkim=True)


@cache
def key(domain: str) -> tuple[bytes, bytes]:
    """A private key as PEM, and its TXT record."""
    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = made.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    shown = made.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )  # fmt: skip
    return pem, b"v=DKIM1; k=rsa; p=" + b"".join(shown.split(b"\n")[1:-2])


def lookup(name: str) -> bytes | None:
    return key(name.partition("._domainkey.")[2])[1]


def no_dns(name: str) -> bytes | None:
    raise LookupFailed(f"the DNS gave no key for {name}")


def signed(mail: bytes, domain: str, **how: object) -> bytes:
    how = {"include_headers": [b"from", b"to", b"subject", b"date", b"content-type"], **how}
    how["canonicalize"] = (b"relaxed", b"relaxed")
    added: bytes = dkim.sign(mail, b"s1", domain.encode(), key(domain)[0], **how)
    return added + mail


def sealed(mail: bytes, sealer: str = SEALER, results: str = "dmarc=pass header.from=ebay.com", cv: str = "") -> bytes:
    """As a forwarder passes it on: with what it found, sealed, and without its signature holding any more."""
    found = f"Authentication-Results: mx.{sealer}; {results}{f'; arc={cv}' if cv else ''}\r\n".encode()
    added = dkim.arc_sign(
        found + mail, b"s1", sealer.encode(), key(sealer)[0], f"mx.{sealer}".encode(),
        include_headers=[b"from", b"to", b"subject", b"date"],
    )  # fmt: skip
    assert added
    return b"".join(added) + mail


def verdict(mail: bytes, trust: Trust, keys: Lookup = lookup) -> Verdict:
    return judge(parse(mail), trust, Original(mail, keys))


# --- forwarded -------------------------------------------------------------------------------------------------------


def test_mail_sealed_by_a_listed_forwarder_is_verified() -> None:
    """What it found when the mail arrived there counts, and the reason says so."""
    found = verdict(FAILED + sealed(MAIL), FORWARDED)

    assert found.authenticity is VERIFIED
    assert SEALER in found.reason
    assert "DMARC pass for ebay.com" in found.reason


@pytest.mark.parametrize("listed", ["mx.seals.example", "SEALS.example"])
def test_forwarder_is_listed_by_domain_or_authserv_id(listed: str) -> None:
    """Either is what a seller can read in his mails."""
    trust = Trust(receiver="mx.example.com", forwarders=(listed,))

    assert verdict(FAILED + sealed(MAIL), trust).authenticity is VERIFIED


def test_receivers_own_seal_may_stand_above() -> None:
    """A provider that seals what it receives does not hide the forwarder below; alone its seal vouches for nothing."""
    trust = Trust(receiver="fastmail", forwarders=(SEALER,))
    twice = sealed(sealed(MAIL), "messagingengine.com", "dmarc=fail header.from=ebay.com", "pass")
    alone = sealed(MAIL, "messagingengine.com")

    assert verdict(twice, trust).authenticity is VERIFIED
    assert verdict(alone, trust).authenticity is not VERIFIED


BENT: dict[str, Callable[[], tuple[bytes, Trust]]] = {
    "nobody is listed": lambda: (sealed(MAIL), Trust(receiver="mx.example.com")),
    "another is listed": lambda: (sealed(MAIL), Trust(receiver="mx.example.com", forwarders=("other.example",))),
    "the list names a domain above": lambda: (sealed(MAIL), Trust(forwarders=("example",))),
    "the sealer found a failure": lambda: (sealed(MAIL, results="dmarc=fail header.from=ebay.com"), FORWARDED),
    "the sealer found another sender": lambda: (sealed(MAIL, results="dmarc=pass header.from=evil.example"), FORWARDED),
    "the sealer found SPF alone": lambda: (sealed(MAIL, results="spf=pass smtp.mailfrom=ebay.com"), FORWARDED),
    "the text was changed": lambda: (sealed(MAIL).replace(b"08-12121", b"99-12121"), FORWARDED),
    "the subject was changed": lambda: (sealed(MAIL).replace(b"Brass", b"Other"), FORWARDED),
    "the sender was changed": lambda: (sealed(MAIL).replace(b"ebay@ebay.com", b"members@ebay.de"), FORWARDED),
    "the results were changed": lambda: (
        sealed(MAIL, results="dmarc=fail header.from=ebay.com").replace(b"dmarc=fail", b"dmarc=pass"),
        FORWARDED,
    ),
    "a second subject was put above": lambda: (b"Subject: Pay now\r\n" + sealed(MAIL), FORWARDED),
    "another content type was put in": lambda: (
        sealed(MAIL).replace(b"text/html; charset=UTF-8", b'multipart/mixed; boundary="p"'),
        FORWARDED,
    ),
    "another character set was put in": lambda: (sealed(MAIL).replace(b"charset=UTF-8", b"charset=utf-7"), FORWARDED),
    "the newest seal is a stranger's": lambda: (
        sealed(sealed(MAIL), "evil.example", "dmarc=pass header.from=ebay.com", "pass"),
        FORWARDED,
    ),
    "the seal below a stranger's, whose mail it is": lambda: (
        sealed(sealed(EVIL, "evil.example"), SEALER, "dmarc=fail header.from=ebay.com", "pass"),
        FORWARDED,
    ),
    "a seal of somebody else in the sealer's name": lambda: (
        sealed(MAIL, "evil.example").replace(b"evil.example", b"seals.example"),
        FORWARDED,
    ),
    "a chain that failed": lambda: (
        sealed(sealed(MAIL), SEALER, "dmarc=pass header.from=ebay.com", "fail").replace(b"08-1", b"09-1"),
        FORWARDED,
    ),
    "a set was dropped": lambda: (sealed(MAIL).partition(b"ARC-Message-Signature")[2], FORWARDED),
}


@pytest.mark.parametrize("name", BENT)
def test_bent_chain_verifies_nothing(name: str) -> None:
    """Whatever is changed, dropped, added or sealed by somebody else."""
    mail, trust = BENT[name]()

    assert verdict(mail, trust).authenticity is not VERIFIED
    assert verdict(FAILED + mail, trust).authenticity is not VERIFIED


def test_dns_failure_leaves_forwarded_mail_unverified() -> None:
    """Not hostile: nobody could tell."""
    found = verdict(FAILED + sealed(MAIL), FORWARDED, no_dns)

    assert found.authenticity is UNVERIFIED
    assert "DNS" in found.reason


# --- our own DKIM check ----------------------------------------------------------------------------------------------


def test_own_check_verifies_where_the_provider_adds_nothing() -> None:
    """A signature of an exact listed domain, for a mail without any results."""
    mail = signed(MAIL, "ebay.com")

    assert verdict(mail, Trust(own_dkim=True)).authenticity is VERIFIED
    assert verdict(mail, OWN).authenticity is VERIFIED
    assert verdict(mail, Trust()).authenticity is UNVERIFIED


PROVES_NOTHING: dict[str, Callable[[], bytes]] = {
    "no signature": lambda: MAIL,
    "the text was changed": lambda: signed(MAIL, "ebay.com").replace(b"08-12121", b"99-12121"),
    "a stranger signed": lambda: signed(MAIL, "evil.example"),
    "a domain that only ends like it": lambda: signed(MAIL, "notebay.com"),
    "a subdomain that sends nothing": lambda: signed(MAIL, "shop.ebay.com"),
    "another brand signed": lambda: signed(MAIL, "usps.com"),
    "part of the text only": lambda: signed(MAIL, "ebay.com", length=True) + b"<p>and more</p>\r\n",
    "the subject is not covered": lambda: signed(MAIL, "ebay.com", include_headers=[b"from", b"to"]),
    "a second subject": lambda: b"Subject: x\r\n" + signed(MAIL, "ebay.com"),
    "a second From": lambda: b"From: x@evil.example\r\n" + signed(MAIL, "ebay.com"),
    "a header that ends twice": lambda: b"X-A: b\r\n \r\n" + signed(MAIL, "ebay.com"),
    "a lone carriage return": lambda: b"X-A: b\rFrom: x@evil.example\r\n" + signed(MAIL, "ebay.com"),
    "a NUL": lambda: b"X-A: \x00\r\n" + signed(MAIL, "ebay.com"),
    "expired": lambda: signed(MAIL, "ebay.com").replace(b"v=1;", b"v=1; x=1600000000;"),
    "another From was signed": lambda: signed(
        MAIL.replace(b"eBay <ebay@ebay.com>", b"x@evil.example"), "ebay.com"
    ).replace(b"x@evil.example", b"ebay@ebay.com"),
}


@pytest.mark.parametrize("name", PROVES_NOTHING)
def test_own_check_is_strict(name: str) -> None:
    """What a signature does not wholly cover, anybody may have written."""
    assert verdict(PROVES_NOTHING[name](), OWN).authenticity is not VERIFIED


def test_short_keys_prove_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key below the smallest size is as good as none."""
    mail = signed(MAIL, "ebay.com")
    assert verdict(mail, OWN).authenticity is VERIFIED
    assert mail_signatures._SMALLEST_KEY == 1024
    monkeypatch.setattr(mail_signatures, "_SMALLEST_KEY", 4096)

    assert verdict(mail, OWN).authenticity is UNVERIFIED


def test_disagreement_is_unverified_and_names_both() -> None:
    """One of the two must be wrong, and it is not known which."""
    changed = verdict(PASSED + signed(MAIL, "ebay.com").replace(b"08-12121", b"99-12121"), OWN)
    refused = verdict(FAILED + signed(MAIL, "ebay.com"), OWN)

    for found in (changed, refused):
        assert found.authenticity is UNVERIFIED
        assert "mx.example.com says" in found.reason
        assert "our own DKIM check says" in found.reason


@pytest.mark.parametrize("keys", [no_dns, lambda _name: None], ids=["DNS fails", "key withdrawn"])
def test_own_check_without_a_key_is_no_opinion(keys: Lookup) -> None:
    """The receiver's finding stands; without one the mail is unverified."""
    mail = signed(MAIL, "ebay.com")

    assert verdict(PASSED + mail, OWN, keys).authenticity is VERIFIED
    assert verdict(FAILED + mail, OWN, keys).authenticity is HOSTILE
    assert verdict(mail, OWN, keys).authenticity is UNVERIFIED


def test_agreement_changes_nothing() -> None:
    """Both say that it is genuine."""
    assert verdict(PASSED + signed(MAIL, "ebay.com"), OWN).reason == "DMARC pass for ebay.com"


def test_nothing_is_looked_up_unless_asked_for() -> None:
    """Off by default, and never for a mail that is none of ours."""

    def never(name: str) -> bytes | None:
        raise AssertionError(f"{name} was looked up")

    mail = signed(sealed(MAIL), "ebay.com")
    stranger = signed(MAIL.replace(b"ebay@ebay.com", b"a@shop.example"), "shop.example")

    assert judge(parse(mail), "mx.example.com", Original(mail, never)).authenticity is UNVERIFIED
    assert judge(parse(stranger), OWN, Original(stranger, never)).authenticity is not VERIFIED
    assert verdict(FAILED + sealed(MAIL, "evil.example"), FORWARDED, never).authenticity is HOSTILE


def test_reading_process_knows_whom_to_trust() -> None:
    """It is told with each mail; a mail without a signature asks the DNS nothing."""
    with IsolatedReader() as reader:
        assert "our own DKIM check: no signature" in reader.read(MAIL, OWN).authenticity_reason
        assert reader.read(PASSED + MAIL, OWN).authenticity is VERIFIED
        assert reader.read(MAIL, "mx.example.com").authenticity_reason == "no Authentication-Results of mx.example.com"


def test_bombs_are_not_checked() -> None:
    """Blanks without end, a huge header or text: no time is spent on them."""
    bombs = [
        signed(MAIL, "ebay.com") + b" " * 200_000 + b"x",
        b"X-A: " + b" " * 50_000 + b"x\r\n" + signed(MAIL, "ebay.com"),
        b"X-A: b\r\n" * 40_000 + signed(MAIL, "ebay.com"),
        signed(MAIL, "ebay.com") + b"x" * 5_000_000,
    ]
    for bomb in bombs:
        found = check_signatures(Original(bomb, lookup), "ebay.com")
        assert (found.valid, found.broken) == ((), ()), found
        assert found.unsure


def test_reading_takes_a_lookup() -> None:
    """The frame hands the bytes and the lookup on."""
    mail = signed(MAIL, "ebay.com")

    assert read(mail, OWN, lookup=lookup).authenticity is VERIFIED
    assert read(mail, OWN).authenticity is UNVERIFIED


# --- around it -------------------------------------------------------------------------------------------------------


def test_keys_are_few_and_remembered() -> None:
    """A mail may ask for a dozen names; what is known is not asked again; a new mail starts afresh."""
    asked: list[str] = []

    def ask(name: str, seconds: float) -> bytes | None:
        asked.append(name)
        return b"p="

    keys = Keys(ask)
    assert [keys("a.example"), keys("a.example")] == [b"p=", b"p="]
    assert asked == ["a.example"]
    with pytest.raises(LookupFailed):
        [keys(f"{at}.example") for at in range(20)]
    keys.begin()
    assert keys("z.example") == b"p="


@pytest.mark.parametrize("trust", [None, "gmail", Trust(receiver="gmail"), FORWARDED, OWN])
def test_trust_travels(trust: Trust | str | None) -> None:
    """What is trusted reaches the reading process as it was configured."""
    wanted = trust if isinstance(trust, Trust) else Trust(receiver=trust)

    assert trust_from_json(trust_to_json(trust)) == wanted


@pytest.mark.corpus
def test_published_vectors_of_arc(corpus: Path) -> None:
    """No chain that must fail holds; of those that must hold all do but two, which we refuse on purpose."""
    text = (corpus / "hostile/arc_test_suite/tests/arc-draft-validation-tests.yml").read_text(encoding="utf-8")
    refused, held = set(), 0
    for scenario in yaml.safe_load_all(text):
        records = {name.lower(): value.encode() for name, value in (scenario.get("txt-records") or {}).items()}
        for name, case in scenario["tests"].items():
            try:
                seals = check_chain(Original((case["message"] or "").encode(), records.get))
            except NotCheckable:
                seals = ()
            if case["cv"] == "Pass" and not seals:
                refused.add(name)
            held += bool(seals)
            assert not seals or case["cv"] == "Pass", name
    assert refused == {
        "ams_fields_h_empty",
        "ams_as_diff_s_d",
    }  # no From signed; signed and sealed by different holders
    assert held >= 50
