"""Who really sent a mail: what the seller's own provider found, and nothing that came with the mail."""

from __future__ import annotations

import pytest

from agent.vocabulary.carriers import carriers
from agent.vocabulary.status import Authenticity
from mail.genuine.authenticity import judge
from mail.genuine.domains import organisational, skeleton
from mail.genuine.senders import ebay_domains, look_alike, named_in, owners
from mail.parsing.message import parse

VERIFIED, UNVERIFIED, HOSTILE = Authenticity.VERIFIED, Authenticity.UNVERIFIED, Authenticity.HOSTILE
US = "From: eBay <ebay@ebay.com>"
RECEIVED = "Received: from mx1.ebay.com (mx1.ebay.com [66.211.184.74]) by mx.example.com with ESMTPS; Tue, 10 Nov 2026"
PASS = "Authentication-Results: mx.example.com; dmarc=pass header.from=ebay.com; dkim=pass header.d=ebay.com"
FAIL = "Authentication-Results: mx.example.com; dmarc=fail header.from=ebay.com; dkim=none; spf=fail"
EVIL = "Authentication-Results: mx.example.com; dmarc=pass header.from={0}; dkim=pass header.d={0}; spf=pass"


def mail(*headers: str, body: str = "Hello", html: bool = False) -> bytes:
    kind = "Content-Type: text/html; charset=utf-8" if html else "Content-Type: text/plain; charset=utf-8"
    return "\r\n".join((*headers, "Subject: Hello", kind, "", body)).encode()


CASES: dict[str, tuple[tuple[str, ...], str | None, Authenticity, str | None]] = {
    # --- genuine ---
    "DMARC pass for the From domain": ((PASS, RECEIVED, US), "mx.example.com", VERIFIED, "ebay"),
    "the receiver's own Received stands above its result": ((RECEIVED, PASS, US), "mx.example.com", VERIFIED, "ebay"),
    "an internal hop stands above": (
        ("Received: from mx by mailstore with LMTP; Tue", RECEIVED, PASS, US),
        "mx.example.com",
        VERIFIED,
        "ebay",
    ),
    "the authserv-id is compared in any case": (
        (PASS.replace("mx.example.com", "MX.Example.COM"), US),
        "mx.example.com",
        VERIFIED,
        "ebay",
    ),
    "DKIM pass by the very domain": (
        ("Authentication-Results: mx.example.com; dkim=pass header.d=ebay.de; spf=softfail", "From: ebay@ebay.de"),
        "mx.example.com",
        VERIFIED,
        "ebay",
    ),
    "DKIM pass by header.i": (
        ("Authentication-Results: mx.example.com 1; dkim=pass (2048-bit key) header.i=@ebay.com header.s=dkim1k", US),
        "mx.example.com",
        VERIFIED,
        "ebay",
    ),
    "member mail signed by the parent domain": (
        (
            "Authentication-Results: mx.example.com; dkim=pass header.d=ebay.co.uk",
            'From: "eBay - bob" <abc@members.ebay.co.uk>',
        ),
        "mx.example.com",
        VERIFIED,
        "ebay",
    ),
    "a carrier": (
        ("Authentication-Results: mx.example.com; dmarc=pass header.from=usps.com", "From: auto-reply@usps.com"),
        "mx.example.com",
        VERIFIED,
        "usps",
    ),
    "Gmail by its name": (
        (
            "Received: by 2002:a05:6402:1234 with SMTP id x; Tue",
            "ARC-Authentication-Results: i=1; mx.google.com; dmarc=fail",
            "Received: from mx1.ebay.com by mx.google.com with ESMTPS; Tue",
            "Authentication-Results: mx.google.com; dkim=pass header.i=@ebay.com; spf=pass (google.com: domain of a@b "
            "designates 1.2.3.4) smtp.mailfrom=a@ebay.com; dmarc=pass (p=REJECT dis=NONE) header.from=ebay.com",
            US,
        ),
        "gmail",
        VERIFIED,
        "ebay",
    ),
    "Microsoft's form without an authserv-id": (
        (
            "Received: from DB9P.eurprd01.prod.outlook.com by AM0.eurprd01.prod.outlook.com with HTTPS; Tue",
            "Authentication-Results: spf=pass (sender IP is 66.211.184.74) smtp.mailfrom=ebay.com; dkim=pass "
            "(signature was verified) header.d=ebay.com;dmarc=pass action=none header.from=ebay.com;compauth=pass",
            US,
        ),
        "microsoft365",
        VERIFIED,
        "ebay",
    ),
    "iCloud writes one header for each check": (
        (
            "Authentication-Results: spf.icloud.com; spf=pass smtp.mailfrom=ebay.com",
            "Authentication-Results: dmarc.icloud.com; dmarc=pass header.from=ebay.com",
            US,
        ),
        "icloud",
        VERIFIED,
        "ebay",
    ),
    # --- nobody looked, or could ---
    "no results at all": ((RECEIVED, US), "mx.example.com", UNVERIFIED, "ebay"),
    "no receiver is configured": ((PASS, US), None, UNVERIFIED, "ebay"),
    "an empty receiver": ((PASS, US), "  ", UNVERIFIED, "ebay"),
    "only results of a stranger": (
        (PASS.replace("mx.example.com", "mx.other.example"), US),
        "mx.example.com",
        UNVERIFIED,
        "ebay",
    ),
    "an authserv-id that only ends like the receiver's": (
        (PASS.replace("mx.example.com", "evilmx.example.com.attacker.test"), US),
        "mx.example.com",
        UNVERIFIED,
        "ebay",
    ),
    "ARC alone": (
        ("ARC-Authentication-Results: i=1; mx.example.com; dmarc=pass header.from=ebay.com", US),
        "mx.example.com",
        UNVERIFIED,
        "ebay",
    ),
    "DNS failed": (
        ("Authentication-Results: mx.example.com; dkim=temperror header.d=ebay.com; dmarc=temperror", US),
        "mx.example.com",
        UNVERIFIED,
        "ebay",
    ),
    "SPF alone never verifies": (
        ("Authentication-Results: mx.example.com; spf=pass smtp.mailfrom=x@ebay.com", US),
        "mx.example.com",
        UNVERIFIED,
        "ebay",
    ),
    "a forged result below a stranger's Received": (
        ("Received: from evil by mx.example.com; Tue", "Received: from a by relay.evil.example; Tue", PASS, US),
        "mx.example.com",
        UNVERIFIED,
        "ebay",
    ),
    "Microsoft's form counts for Microsoft only": (
        ("Authentication-Results: spf=pass smtp.mailfrom=ebay.com; dkim=pass header.d=ebay.com;dmarc=pass", US),
        "mx.example.com",
        UNVERIFIED,
        "ebay",
    ),
    "a forged Microsoft form below another header": (
        (
            "Authentication-Results: relay.example; spf=none",
            "Authentication-Results: spf=pass; dkim=pass header.d=ebay.com; dmarc=pass header.from=ebay.com",
            US,
        ),
        "microsoft365",
        UNVERIFIED,
        "ebay",
    ),
    "a carrier's mail passed on by a marketplace": (
        ('From: "Kurier DPD (via Poczta)" <powiadomienia@allegromail.pl>',),
        "mx.example.com",
        UNVERIFIED,
        "dpd",
    ),
    "a marketplace's own pass makes it no carrier's": (
        (EVIL.format("allegromail.pl"), 'From: "Kurier DPD" <powiadomienia@allegromail.pl>'),
        "mx.example.com",
        UNVERIFIED,
        "dpd",
    ),
    "a stranger who claims nothing": (
        (EVIL.format("shop.example"), "From: Anna <anna@shop.example>"),
        "mx.example.com",
        UNVERIFIED,
        None,
    ),
    # --- hostile ---
    "DMARC failed": ((FAIL, US), "mx.example.com", HOSTILE, "ebay"),
    "a forged pass below the receiver's fail": ((FAIL, RECEIVED, PASS, US), "mx.example.com", HOSTILE, "ebay"),
    "a pass within a comment": (
        (
            "Authentication-Results: mx.example.com; dmarc=fail (dmarc=pass header.from=ebay.com (x)); dkim=fail "
            "(dkim=pass header.d=ebay.com)",
            US,
        ),
        "mx.example.com",
        HOSTILE,
        "ebay",
    ),
    "a pass within a quoted value": (
        (
            'Authentication-Results: mx.example.com; spf=fail reason="; dkim=pass header.d=ebay.com" '
            'smtp.mailfrom="a; dmarc=pass header.from=ebay.com"@evil.example',
            US,
        ),
        "mx.example.com",
        HOSTILE,
        "ebay",
    ),
    "a signature of somebody else": (
        ("Authentication-Results: mx.example.com; dkim=pass header.d=evil.example", US),
        "mx.example.com",
        HOSTILE,
        "ebay",
    ),
    "a signer that ends like eBay": (
        ("Authentication-Results: mx.example.com; dkim=pass header.d=notebay.com", US),
        "mx.example.com",
        HOSTILE,
        "ebay",
    ),
    "DMARC pass for another From": (
        ("Authentication-Results: mx.example.com; dmarc=pass header.from=evil.example; dkim=none", US),
        "mx.example.com",
        HOSTILE,
        "ebay",
    ),
    "eBay's domain as the start of another": (
        (EVIL.format("ebay.com.evil.example"), "From: eBay <ebay@ebay.com.evil.example>"),
        "mx.example.com",
        HOSTILE,
        "ebay",
    ),
    "members.ebay under another domain": (
        (EVIL.format("members.ebay.evil.com"), "From: x@members.ebay.evil.com"),
        "mx.example.com",
        HOSTILE,
        "ebay",
    ),
    "a brand as a word of the domain": (
        (EVIL.format("usps-redelivery.top"), "From: info@usps-redelivery.top"),
        "mx.example.com",
        HOSTILE,
        "usps",
    ),
    "Cyrillic letters in the domain": (
        (EVIL.format("xn--eby-7cd.com"), "From: ebay@xn--eby-7cd.com"),
        "mx.example.com",
        HOSTILE,
        "ebay",
    ),
    "digits for letters": (
        (EVIL.format("r0yalmail.com"), "From: a@r0yalmail.com"),
        "mx.example.com",
        HOSTILE,
        "royal-mail",
    ),
    "the brand as the display name": (
        (EVIL.format("shop.example"), "From: eBay Customer Support <anna@shop.example>"),
        "mx.example.com",
        HOSTILE,
        "ebay",
    ),
    "the brand's address as the display name": (
        (EVIL.format("shop.example"), 'From: "ebay@ebay.com" <anna@shop.example>'),
        "mx.example.com",
        HOSTILE,
        "ebay",
    ),
    "two From headers": ((PASS, US, "From: x@evil.example"), "mx.example.com", HOSTILE, "ebay"),
    "two addresses in one From": (
        (PASS, "From: ebay@ebay.com, x@evil.example"),
        "mx.example.com",
        HOSTILE,
        "ebay",
    ),
    "a comment after the address": (
        (PASS, "From: ebay@ebay.com (<x@evil.example>)"),
        "mx.example.com",
        HOSTILE,
        "ebay",
    ),
    "two angle brackets": ((PASS, "From: <x@evil.example> <ebay@ebay.com>"), "mx.example.com", HOSTILE, "ebay"),
}


@pytest.mark.parametrize("name", CASES)
def test_judgement(name: str) -> None:
    """Only an exact domain with the receiver's own aligned pass is verified; a brand without it is hostile."""
    headers, receiver, expected, claims = CASES[name]

    verdict = judge(parse(mail(*headers)), receiver)

    assert (verdict.authenticity, verdict.claims) == (expected, claims), verdict.reason
    assert verdict.reason


def test_brand_in_a_name_that_only_contains_it_is_verified_for_nobody() -> None:
    """A stranger whose domain merely ends like a carrier's is not that carrier."""
    verdict = judge(
        parse(mail(EVIL.format("mysteryboxbyusps.com"), "From: Deals <a@mysteryboxbyusps.com>")), "mx.example.com"
    )

    assert verdict.authenticity is not VERIFIED
    assert owners("mysteryboxbyusps.com") == ()


def test_brand_with_a_call_to_pay_behind_a_strangers_link_is_hostile() -> None:
    """The commonest fraud: a carrier's name, a small fee, somebody else's address."""
    body = (
        '<p>Your USPS parcel is on hold.</p><p>Pay the customs fee.</p><a href="https://pay.bad.example/x">Pay now</a>'
    )
    headers = (EVIL.format("mailer.example"), "From: Notice <n@mailer.example>")

    verdict = judge(parse(mail(*headers, body=body, html=True)), "mx.example.com")

    assert (verdict.authenticity, verdict.claims) == (HOSTILE, "usps")


def test_link_that_shows_ebay_and_leads_elsewhere_is_hostile() -> None:
    """What a link shows is a claim."""
    body = '<p>Hi</p><a href="https://bad.example/login">https://www.ebay.com/signin</a>'
    headers = (EVIL.format("mailer.example"), "From: Notice <n@mailer.example>")

    verdict = judge(parse(mail(*headers, body=body, html=True)), "mx.example.com")

    assert (verdict.authenticity, verdict.claims) == (HOSTILE, "ebay")


def test_a_shop_that_mentions_a_carrier_claims_nothing() -> None:
    """Mentioning a brand is no claim: shops name the carrier that brings their parcels."""
    body = '<p>Your order ships with USPS.</p><a href="https://shop.example/orders/1">See your order</a>'
    headers = (EVIL.format("shop.example"), "From: Little Shop <hello@shop.example>")

    verdict = judge(parse(mail(*headers, body=body, html=True)), "mx.example.com")

    assert (verdict.authenticity, verdict.claims) == (UNVERIFIED, None)


def test_no_from_header_with_a_brand_is_hostile() -> None:
    """A mail without a sender that names eBay is no honest one."""
    verdict = judge(parse(mail(PASS, body="Dear eBay member, your eBay account")), "mx.example.com")

    assert verdict.authenticity is HOSTILE


@pytest.mark.parametrize(
    "domain", sorted({*ebay_domains().sending, *(d for c in carriers().values() for d in c.mail_domains)})
)
def test_every_listed_domain_has_a_holder(domain: str) -> None:
    """Alignment compares holders: a public suffix taken for one would let strangers sign."""
    assert organisational(domain).partition(".")[0] not in {"co", "com", "net", "org", "gov", "go", "gob", "or", "ne"}
    assert look_alike(domain) is None


def test_lookalikes_share_a_skeleton() -> None:
    """Spelling that a human reads as the brand compares equal."""
    assert len({skeleton(name) for name in ("ebay", "eBay", "еbаy", "ebаy", "e\u200bbay")}) == 1
    assert named_in("ｅＢａｙ Support") == "ebay"
    assert named_in("Start ups weekly") is None


def test_a_payment_service_that_names_ebay_claims_nothing() -> None:
    """A receipt mentions eBay and asks to log in, but leads to the sender's own pages."""
    body = (
        '<p>You paid eBay. Log in to see your payment.</p><a href="https://www.pay.example/in">Log in</a>'
        '<a href="https://www.pay.example/help">Help</a><a href="https://social.example/pay">Follow us</a>'
    )
    headers = (EVIL.format("pay.example"), "From: Pay <service@pay.example>")

    verdict = judge(parse(mail(*headers, body=body, html=True)), "mx.example.com")

    assert (verdict.authenticity, verdict.claims) == (UNVERIFIED, None)


@pytest.mark.parametrize("name", ["comment", "quoted", "case", "colon"])
def test_forged_results_of_every_shape_verify_nothing(name: str) -> None:
    """Spoofs with a result of the attacker's writing below the receiver's own are hostile, however it is written."""
    forged = {
        "comment": "Authentication-Results: (mx.example.com) mx.example.com; dmarc=pass header.from=ebay.com",
        "quoted": 'Authentication-Results: "mx.example.com"; dmarc=pass header.from=ebay.com',
        "case": "AUTHENTICATION-RESULTS: MX.EXAMPLE.COM; DMARC=PASS HEADER.FROM=EBAY.COM",
        "colon": "Authentication-Results : mx.example.com; dmarc=pass header.from=ebay.com",
    }[name]

    verdict = judge(parse(mail(FAIL, RECEIVED, forged, US)), "mx.example.com")

    assert verdict.authenticity is HOSTILE
