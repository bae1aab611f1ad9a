"""Every genuine sample, bent in every way a forger might: none may pass; and delivered honestly: all must."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from agent.vocabulary.status import Authenticity
from mail.genuine.authenticity import judge
from mail.genuine.domains import organisational
from mail.genuine.original import Original
from mail.genuine.trust import Trust
from mail.parsing.message import parse

SAMPLES = Path(__file__).resolve().parent.parent / "mails"
EVIL = "evil.example"
ROUTE = re.compile(r"(?:authentication-results|received|arc-[a-z-]+|dkim-signature|return-path)$", re.IGNORECASE)


@dataclass(frozen=True)
class Sample:
    """A genuine mail without what its first receiver wrote on it."""

    name: str
    headers: tuple[str, ...]
    body: bytes
    address: str

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]

    def but(self, **changed: str) -> Sample:
        """With headers replaced (`From`) or, where there are several lines in one value, doubled."""
        kept = [line for line in self.headers if line.partition(":")[0].replace("-", "_").lower() not in changed]
        return replace(self, headers=(*changed.values(), *kept))

    def headed(self, name: str) -> str:
        return next((line for line in self.headers if line.lower().startswith(f"{name.lower()}:")), f"{name}: Hello")


@dataclass(frozen=True)
class Outcome:
    """What a receiver finds."""

    header_from: str
    dmarc: str = "pass"
    dkim: str = "pass"
    signer: str = ""
    spf: str = "pass"
    mailfrom: str = ""

    def results(self) -> list[str]:
        signer = f" header.d={self.signer or self.header_from}" if self.dkim != "none" else ""
        return [
            f"spf={self.spf} smtp.mailfrom={self.mailfrom or 'bounce@' + self.header_from}",
            f"dkim={self.dkim}{signer}",
            f"dmarc={self.dmarc} header.from={self.header_from}",
        ]


HOP = "Received: from mx9.sender.example (mx9.sender.example [203.0.113.9])\r\n by {} with ESMTPS; Wed, 18 Nov 2026"


def gmail(o: Outcome) -> list[str]:
    spf, dkim, dmarc = o.results()
    dkim = dkim.replace("header.d=", "header.i=@") + " header.s=k1 header.b=Ab/Cd"
    said = f"mx.google.com;\r\n       {dkim};\r\n       {spf.replace(' ', ' (google.com: domain of x (y)) ', 1)};"
    said += f"\r\n       {dmarc.replace(' ', ' (p=REJECT sp=REJECT dis=NONE) ', 1)}"
    return [
        "Delivered-To: seller@shop.example",
        "Received: by 2002:a05:6402:2341:b0:5c4 with SMTP id r1csp1; Wed, 18 Nov 2026 02:04:01 -0800 (PST)",
        f"ARC-Authentication-Results: i=1; {said}",
        HOP.format("mx.google.com"),
        f"Authentication-Results: {said}",
    ]


def microsoft365(o: Outcome) -> list[str]:
    spf, dkim, dmarc = o.results()
    dmarc = dmarc.replace(" ", " action=none ", 1)
    return [
        "Received: from AM0PR.eurprd01.prod.outlook.com (2603:10a6:20b:45e::6)\r\n by DB9P.eurprd01.prod.outlook.com "
        "with HTTPS; Wed, 18 Nov 2026",
        f"Authentication-Results: {spf.replace(' ', ' (sender IP is 203.0.113.9) ', 1)}; "
        f"{dkim.replace(' ', ' (signature was verified) ', 1)};{dmarc};compauth=pass reason=100",
        HOP.format("DB5PEPF.mail.protection.outlook.com (10.1.2.3)"),
    ]


def postfix(o: Outcome) -> list[str]:
    spf, dkim, dmarc = o.results()
    return [
        "Received: from mx.example.com ([127.0.0.1])\r\n by mailstore with LMTP id x; Wed, 18 Nov 2026",
        f"Authentication-Results: mx.example.com; {spf}",
        f"Authentication-Results: mx.example.com; {dmarc}",
        f"Authentication-Results: mx.example.com;\r\n\t{dkim.replace(' ', ' (2048-bit key; unprotected) ', 1)}",
        HOP.format("mx.example.com (Postfix)"),
    ]


def one_header(authserv_id: str, host: str, version: str = "") -> Callable[[Outcome], list[str]]:
    return lambda o: [
        HOP.format(host),
        f"Authentication-Results: {authserv_id}{version};\r\n " + ";\r\n ".join(reversed(o.results())),
    ]


def icloud(o: Outcome) -> list[str]:
    spf, dkim, dmarc = o.results()
    return [
        "Received: from p00-mailgateway by p51-mailgateway (mailgateway 2413B37) with SMTP id 1; Wed, 18 Nov 2026",
        HOP.format("p00-icloudmta-asmtp.me.com (icloudmta)"),
        "Authentication-Results: bimi.icloud.com; bimi=skipped",
        f"Authentication-Results: dmarc.icloud.com; {dmarc}",
        "X-DMARC-Info: pass=pass",
        f"Authentication-Results: dkim-verifier.icloud.com;\r\n\t{dkim}",
        f"Authentication-Results: spf.icloud.com; {spf}",
    ]


def proton(o: Outcome) -> list[str]:
    return [
        *(f"Authentication-Results: mail.protonmail.ch; {one}" for one in o.results()),
        HOP.format("mailin042.protonmail.ch (Postfix)"),
    ]


RECEIVERS: dict[str, tuple[str, Callable[[Outcome], list[str]]]] = {
    "gmail": ("gmail", gmail),
    "microsoft365": ("microsoft365", microsoft365),
    "postfix": ("mx.example.com", postfix),
    "yahoo": ("yahoo", one_header("atlas-production.v2-mail-prod1-gq1.omega.yahoo.com", "10.217.151.74")),
    "fastmail": ("fastmail", one_header("mx6.messagingengine.com", "mx6.messagingengine.com", " 1")),
    "gmx": ("gmx", one_header("gmx.net", "mx-ha.gmx.net (mxgmx016 [212.227.15.9])")),
    "icloud": ("icloud", icloud),
    "zoho": ("zoho", one_header("mx.zohomail.com", "mx.zohomail.com")),
    "proton": ("proton", proton),
}


def identity(receiver: str) -> str:
    """The start of what this receiver's header says, as a forger writes it."""
    return {
        "gmail": "mx.google.com; ",
        "microsoft365": "",
        "postfix": "mx.example.com; ",
        "yahoo": "atlas-production.v2-mail-prod1-gq1.omega.yahoo.com; ",
        "fastmail": "mx6.messagingengine.com; ",
        "gmx": "gmx.net; ",
        "icloud": "dmarc.icloud.com; ",
        "zoho": "mx.zohomail.com; ",
        "proton": "mail.protonmail.ch; ",
    }[receiver]


def claim(sample: Sample) -> str:
    return "; ".join(Outcome(sample.domain).results())


def bytes_of(top: list[str], sample: Sample) -> bytes:
    return "\r\n".join((*top, *sample.headers)).encode() + b"\r\n\r\n" + sample.body


def failed(sample: Sample) -> Outcome:
    return Outcome(sample.domain, dmarc="fail", dkim="none", spf="pass", mailfrom=f"x@{EVIL}")


def unpoliced(sample: Sample) -> Outcome:
    """A domain without a DMARC policy, the mail signed and sent by the forger."""
    return Outcome(sample.domain, dmarc="none", dkim="pass", signer=EVIL, spf="pass", mailfrom=f"x@{EVIL}")


Spoof = Callable[[Sample, str], bytes]
SPOOFS: dict[str, Spoof] = {}


def spoof(made: Spoof) -> Spoof:
    SPOOFS[made.__name__] = made
    return made


def forged(name: str, header: Callable[[str, str], str], above: bool = False, known: bool = False) -> None:
    """A spoof whose forger wrote a header of results himself, above or below the receiver's own finding."""

    def made(sample: Sample, receiver: str) -> bytes:
        line = header(identity(receiver), claim(sample))
        own = RECEIVERS[receiver][1]((unpoliced if known else failed)(sample))
        return bytes_of([line, *own] if above else [*own, line], sample)

    SPOOFS[name] = made


def sent_as(name: str, sender: Callable[[Sample], str], honest: bool = False, domain: str = EVIL) -> None:
    """A spoof with a From header of the forger's; `honest`: the receiver's pass is for his own domain."""

    def made(sample: Sample, receiver: str) -> bytes:
        found = Outcome(domain if honest else sample.domain)
        return bytes_of(RECEIVERS[receiver][1](found), sample.but(**{"from": sender(sample)}))

    SPOOFS[name] = made


AR = "Authentication-Results: "
forged("results below", lambda me, said: f"{AR}{me}{said}")
forged("results below, of a domain without policy", lambda me, said: f"{AR}{me}{said}", known=True)
forged("results below twice", lambda me, said: f"{AR}{me}{said}\r\n{AR}{me}{said}")
forged("results above", lambda me, said: f"{AR}{me}{said}", above=True)
forged("results above, of a domain without policy", lambda me, said: f"{AR}{me}{said}", above=True, known=True)
forged("a stranger's results above", lambda me, said: f"{AR}mx.{EVIL}; {said}", above=True)
forged("an id that ends like the receiver's", lambda me, said: f"{AR}x{me or 'outlook.com; '}{said}", above=True)
forged(
    "an id below another domain", lambda me, said: f"{AR}{me.strip('; ') or 'outlook.com'}.{EVIL}; {said}", above=True
)
forged("a comment before the id", lambda me, said: f"{AR}(x) {me}{said}")
forged("a quoted id", lambda me, said: f'{AR}"{me.strip("; ")}"; {said}')
forged("upper case", lambda me, said: f"{AR}{me}{said}".upper())
forged("folded", lambda me, said: f"{AR.strip()}\r\n {me}\r\n\t{said}")
forged("a version number", lambda me, said: f"{AR}{me.replace(';', ' 1;')}{said}")
forged("a blank before the colon", lambda me, said: f"Authentication-Results : {me}{said}")
forged("an encoded word", lambda me, said: f"{AR}=?utf-8?q?{me.strip('; ')}?=; {said}", above=True)
forged("ARC results without a seal", lambda me, said: f"ARC-Authentication-Results: i=9; {me}{said}", above=True)
forged("Microsoft's nameless form", lambda me, said: f"{AR}{said}")
forged(
    "its own ARC seal",
    lambda me, said: f"ARC-Seal: i=1; cv=none; d=google.com\r\nARC-Authentication-Results: i=1; {me}{said}",
)


@spoof
def results_of_a_relay_only(sample: Sample, receiver: str) -> bytes:
    top = [HOP.format("mx.relay.example"), f"{AR}{identity(receiver)}{claim(sample)}"]
    return bytes_of(top, sample)


def injected(name: str, **changed: str) -> None:
    """A spoof that gets syntax into what the receiver itself writes."""

    def made(sample: Sample, receiver: str) -> bytes:
        said = {key: value.format(sample.domain, organisational(sample.domain)) for key, value in changed.items()}
        return bytes_of(RECEIVERS[receiver][1](replace(unpoliced(sample), **said)), sample)

    SPOOFS[name] = made


injected(
    "results in a quoted envelope sender",
    mailfrom='"x; dkim=pass header.d={0}; dmarc=pass header.from={0}"@evil.example',
)
injected(
    "results in an encoded envelope sender", mailfrom="=?utf-8?q?x=3B_dkim=3Dpass_header.d=3D{0}=3B?=@evil.example"
)
injected("a property in the envelope sender", mailfrom="header.d={0}@evil.example", signer="evil.example")
injected("a signature in a reason", signer='evil.example reason="; dkim=pass header.d={0}; "')
injected("a second signer in one result", signer="evil.example header.d={0}")
injected("a signer in another's property", signer="evil.example x=header.d={0} policy.x=header.d={0}")
injected("results in a comment", signer="evil.example (dkim=pass header.d={0}; dmarc=pass header.from={0})")
injected("a comment that never closes", signer="evil.example (; dkim=pass header.d={0}")
injected(
    "a method that is none",
    dkim="none; x-dkim=pass header.d={0}; xdmarc=pass header.from={0}; dkim-adsp=pass header.d={0}",
)
injected(
    "a result that only starts like pass",
    dkim="passed header.d={0}; dmarc=pass_not header.from={0}; dkim=fail",
    signer="{0}",
)
injected("only SPF", dkim="none", mailfrom="x@{0}")
injected("a signer that ends like the sender", signer="not{1}")
injected("a signer above the sender", signer="com")
injected("a pass for another sender", dmarc="pass header.from=evil.example", dkim="none")
injected("two DMARC results", dmarc="pass header.from={0}; dmarc=fail", dkim="none")

sent_as("two From, the forger's first", lambda s: f"From: x@{EVIL}\r\n{s.headed('From')}")
sent_as("two From, the forger's last", lambda s: f"{s.headed('From')}\r\nFrom: x@{EVIL}")
sent_as("two From, one with a blank before its colon", lambda s: f"From : x@{EVIL}\r\n{s.headed('From')}")
sent_as("two addresses", lambda s: f"From: {s.address}, x@{EVIL}")
sent_as("group syntax", lambda s: f"From: Team: x@{EVIL}, {s.address};")
sent_as("group of one", lambda s: f"From: Team: {s.address};")
sent_as("NUL in the address", lambda s: f"From: {s.address}\x00@{EVIL}")
sent_as("NUL behind the address", lambda s: f"From: <{s.address}>\x00<x@{EVIL}>")
sent_as("a comment with an address", lambda s: f"From: {s.address} (<x@{EVIL}>)")
sent_as("a comment within the address", lambda s: f"From: <x@{EVIL}(> <{s.address})>")
sent_as("an encoded address", lambda s: f"From: =?utf-8?q?{s.address.replace('@', '=40')}?= <x@{EVIL}>", honest=True)
sent_as("nothing but an encoded word", lambda s: f"From: =?utf-8?b?PGViYXlAZWJheS5jb20+?= {s.address} <x@{EVIL}>")
sent_as(
    "an encoded bracket", lambda s: f"From: =?utf-8?q?=3C{s.address.replace('@', '=40')}=3E?= <x@{EVIL}>", honest=True
)
sent_as("the address as display name", lambda s: f'From: "{s.address}" <x@{EVIL}>', honest=True)
sent_as("the brand as display name", lambda s: f"{s.headed('From').partition('<')[0]} <x@{EVIL}>", honest=True)
sent_as("two angle brackets", lambda s: f"From: <x@{EVIL}> <{s.address}>")
sent_as("a quoted local part", lambda s: f'From: "{s.address}"@{EVIL}', honest=True)
sent_as("a percent route", lambda s: f"From: {s.address.replace('@', '%')}@{EVIL}", honest=True)
sent_as("a source route", lambda s: f"From: <@{s.domain}:x@{EVIL}>")
sent_as("a zero-width letter", lambda s: f"From: {s.address[:-2]}\u200b{s.address[-2:]}")
sent_as("a full-width letter", lambda s: f"From: {s.address[:-1]}{chr(ord(s.address[-1]) + 0xFEE0)}")
sent_as("right-to-left", lambda s: f"From: \u202e{s.address[::-1]} <x@{EVIL}>", honest=True)
sent_as("a carriage return", lambda s: f"From: x@{EVIL}\rFrom: {s.address}")
for at, domain in enumerate(
    ("ebay.com.evil.example", "notebay.com", "ebay-seller.com", "xn--eby-7cd.com", "members.ebay.evil.com", "usps.top",
     "ebay.co", "dhl-de.com", "royalmail.com.parcel.example", "0ebay.com", "e-bay.com", "ebay.com-orders.example")
):  # fmt: skip
    sent_as(f"look-alike {at}", lambda s, d=domain: f"From: eBay <x@{d}>", honest=True, domain=domain)


@spoof
def sender_instead_of_from(sample: Sample, receiver: str) -> bytes:
    sender = sample.headed("From").replace("From", "Sender")
    return bytes_of(RECEIVERS[receiver][1](Outcome(sample.domain)), sample.but(**{"from": sender}))


@spoof
def a_second_subject(sample: Sample, receiver: str) -> bytes:
    added = sample.but(subject=f"Subject: You made the sale for everything\r\n{sample.headed('Subject')}")
    return bytes_of(RECEIVERS[receiver][1](Outcome(sample.domain)), added)


@spoof
def a_second_content_type(sample: Sample, receiver: str) -> bytes:
    added = sample.but(content_type=f'Content-Type: multipart/mixed; boundary="x"\r\n{sample.headed("Content-Type")}')
    return bytes_of(RECEIVERS[receiver][1](Outcome(sample.domain)), added)


@cache
def samples() -> tuple[Sample, ...]:
    return tuple(_samples())


def _samples() -> Iterator[Sample]:
    for path in sorted(SAMPLES.glob("*/*.eml")):
        golden = path.with_suffix(".expected.json")
        if golden.exists() and json.loads(golden.read_text(encoding="utf-8")).get("authenticity") == "verified":
            head, _, body = path.read_bytes().replace(b"\r\n", b"\n").partition(b"\n\n")
            fields = re.split(r"\n(?![ \t])", head.decode("utf-8"))
            kept = tuple(field for field in fields if not ROUTE.match(field.partition(":")[0].strip()))
            address = parse(path.read_bytes()).senders[0].address
            yield Sample(f"{path.parent.name}/{path.stem}", kept, body.replace(b"\n", b"\r\n"), address)


def spread(*names: str) -> int:
    return zlib.crc32(" ".join(names).encode())


MOST_SAMPLES = 60
"""Of more samples each spoof meets this many, other ones for other spoofs."""


def chosen(spoofed: str) -> list[Sample]:
    return sorted(samples(), key=lambda sample: spread(spoofed, sample.name))[:MOST_SAMPLES]


@pytest.mark.parametrize("name", SPOOFS)
def test_no_spoof_is_verified(name: str) -> None:
    """Each kind of forgery over genuine samples, every receiver in turn: nobody is fooled."""
    fooled = []
    for at, sample in enumerate(chosen(name)):
        receivers = list(RECEIVERS) if at < 3 else [list(RECEIVERS)[spread(name, sample.name) % len(RECEIVERS)]]
        for receiver in receivers:
            verdict = judge(parse(SPOOFS[name](sample, receiver)), RECEIVERS[receiver][0])
            if verdict.authenticity is Authenticity.VERIFIED:
                fooled.append((receiver, sample.name, verdict.reason))
    assert fooled == []


def test_there_are_spoofs_and_samples_enough() -> None:
    """At least two dozen kinds, and more samples than a handful."""
    assert len(SPOOFS) >= 24
    assert len(samples()) >= 40


@pytest.mark.parametrize("receiver", RECEIVERS)
def test_genuine_mail_is_verified(receiver: str) -> None:
    """As each provider delivers it, and after a forwarder that left its signature whole."""
    name, write = RECEIVERS[receiver]
    missed = []
    for sample in samples():
        direct = write(Outcome(sample.domain))
        forwarded = write(Outcome(sample.domain, spf="softfail", mailfrom="srs0=x@forwarder.example"))
        forwarded += [
            HOP.format("mx.forwarder.example"),
            f"{AR}mx.forwarder.example; dkim=pass header.d={sample.domain}",
        ]
        for top in (direct, forwarded):
            verdict = judge(parse(bytes_of(top, sample)), name)
            if verdict.authenticity is not Authenticity.VERIFIED:
                missed.append((sample.name, verdict.reason))
    assert missed == []


def test_forgeries_of_a_listed_sender_are_hostile() -> None:
    """Where the receiver says so plainly, the seller is warned and not just left unsure."""
    for sample in samples():
        for name, write in RECEIVERS.values():
            verdict = judge(parse(bytes_of(write(failed(sample)), sample)), name)
            assert verdict.authenticity is Authenticity.HOSTILE, (name, verdict.reason)


@cache
def sealing_key() -> tuple[bytes, bytes]:
    """A forwarder's private key, and its TXT record."""
    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = made.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    shown = made.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )  # fmt: skip
    return pem, b"v=DKIM1; k=rsa; p=" + b"".join(shown.split(b"\n")[1:-2])


def sealed(sample: Sample, header_from: str) -> bytes:
    """As a mailing list passes it on: a footer breaks the signature, but what the list found is sealed."""
    changed = replace(sample, body=sample.body.rstrip() + b"\r\n<!-- passed on by the list -->\r\n")
    found = f"Authentication-Results: mx.list.example; dmarc=pass header.from={header_from}"
    return b"".join(
        dkim.arc_sign(
            bytes_of([found], changed), b"k1", b"list.example", sealing_key()[0], b"mx.list.example",
            include_headers=[b"from", b"to", b"subject", b"date", b"content-type"],
        )
    ) + bytes_of([], changed)  # fmt: skip


def test_genuine_mail_that_a_listed_forwarder_sealed_is_verified() -> None:
    """Although its own signature no longer holds; bent after the seal, or sealed for another sender, it is not."""
    trust = Trust(receiver="gmail", forwarders=("list.example",))
    for sample in chosen("sealed")[:20]:
        lines = [line for line in gmail(replace(failed(sample), dkim="fail")) if not line.startswith("ARC-")]
        top = "\r\n".join(lines).encode() + b"\r\n"
        good, other = top + sealed(sample, sample.domain), top + sealed(sample, EVIL)
        bent = good.replace(b"passed on by", b"Order: 99-99999-99999")

        judged = [
            judge(parse(mail), trust, Original(mail, lambda _name: sealing_key()[1])).authenticity
            for mail in (good, bent, other)
        ]

        assert judged[0] is Authenticity.VERIFIED, sample.name
        assert Authenticity.VERIFIED not in judged[1:], sample.name
