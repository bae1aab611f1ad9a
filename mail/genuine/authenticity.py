"""Who really sent a mail.

What counts is what the seller's own provider found: its topmost Authentication-Results header (RFC 8601). Where the
seller asks for it, also what a trusted forwarder found and sealed, and our own look at the DKIM signatures.
`verified` needs a sender whose exact domain is on our lists, and a DMARC or DKIM pass for that same domain. Anybody can
pass DKIM for a domain of their own, so a pass alone says nothing; SPF alone never counts, forwarders break it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from agent.vocabulary.status import Authenticity
from mail.genuine.domains import organisational
from mail.genuine.forwarding import vouched_for
from mail.genuine.original import Original
from mail.genuine.pretence import pretends_to_be
from mail.genuine.receivers import Found, trusted_results
from mail.genuine.results import Result
from mail.genuine.senders import EBAY, is_relay, named_in, owners
from mail.genuine.trust import Trust, Trusted, trust_of
from mail.parsing.message import Message

_FAILED = {"fail", "hardfail", "softfail", "policy", "permfail", "reject"}
_UNSURE = {"temperror", "temp_fail", "tempfail", "permerror", "unknown", "timeout", "bestguesspass"}
_ADDRESS = re.compile(r"[a-z0-9.#$&'*+/=?^_`{|}~-]{1,64}@[a-z0-9](?:[a-z0-9-]*\.)+[a-z][a-z0-9-]*[a-z0-9]", re.ASCII)
_OPENING = 10  # lines in which a mail says for whom it speaks
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_COMMENT = re.compile(r"\([^()<>@\\\"]*\)")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_ONCE = (
    "subject",
    "date",
    "content-type",
    "content-transfer-encoding",
    "reply-to",
    "sender",
    "message-id",
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What we believe about a sender, and why, in words for the seller."""

    authenticity: Authenticity
    reason: str
    claims: str | None = None
    """`ebay` or a carrier's id: whom the mail says, or pretends, to come from."""
    domain: str | None = None
    """The From domain, where there is exactly one."""


def judge(message: Message, receiver: Trusted, original: Original | None = None) -> Verdict:
    """What to believe of a mail.

    `receiver` is whose word is trusted: a provider's, by authserv-id or by its name in receivers.yaml, or more than
    that. Without any nothing is verified. `original` is needed for signatures to be looked at. Never raises.
    """
    trust = trust_of(receiver)
    oddity = _odd_sender(message)
    domain = message.senders[0].domain if len(message.senders) == 1 else None
    owner = next(iter(owners(domain)), None) if domain else None
    claims = owner or pretends_to_be(message)
    if oddity is not None:
        return _odd(message, oddity, claims, domain)
    if claims is None:
        return Verdict(Authenticity.UNVERIFIED, "not from eBay or a carrier", None, domain)
    found = trusted_results(message, trust.receiver)
    if owner is not None and domain:
        verdict = _by_receiver(domain, owner, found, trust)
        if original is not None and trust.needs_keys and message.problem is None:
            verdict = _by_signatures(verdict, found, trust, original)
        return _as_one(verdict, message)
    if found is None:
        why = f"{_no_results(trust)}; {domain} is not one of {claims}'s domains"
        return Verdict(Authenticity.UNVERIFIED, why, claims, domain)
    if domain and is_relay(domain):
        return Verdict(Authenticity.UNVERIFIED, f"passed on by {domain}, not sent by {claims}", claims, domain)
    return Verdict(Authenticity.HOSTILE, f"pretends to be {claims}, but comes from {domain}", claims, domain)


def judge_own(message: Message, address: str, receiver: Trusted) -> Verdict:
    """Whether a mail really comes from one address that the caller knows: its domain must be what the receiver proved.

    `address` is lower case. Signatures and seals are not looked at. Never raises.
    """
    trust = trust_of(receiver)
    oddity = _odd_sender(message)
    if oddity is not None or message.senders[0].address != address:
        return Verdict(Authenticity.UNVERIFIED, oddity or "another sender's")
    domain = message.senders[0].domain
    verdict = _by_receiver(domain, domain, trusted_results(message, trust.receiver), trust)
    names = [name for name, _ in message.written]
    twice = next((name for name in _ONCE if names.count(name) > 1), None)
    if twice and verdict.authenticity is Authenticity.VERIFIED:
        return replace(verdict, authenticity=Authenticity.UNVERIFIED, reason=f"two {twice.title()} headers")
    return verdict


def _no_results(trust: Trust) -> str:
    return f"no Authentication-Results of {trust.receiver}" if trust.receiver else "no receiver is configured"


def _by_receiver(domain: str, owner: str, found: Found | None, trust: Trust) -> Verdict:
    """What the receiver's results make of a From domain on our lists."""
    if found is None:
        return Verdict(Authenticity.UNVERIFIED, _no_results(trust), owner, domain)
    verdict = _of_listed(domain, owner, found.results)
    disputed = any(_disputes(domain, owner, rival) for rival in found.rivals)
    if verdict.authenticity is Authenticity.VERIFIED and disputed:
        why = f"two results in the name of {trust.receiver} contradict each other: one must be forged"
        return replace(verdict, authenticity=Authenticity.UNVERIFIED, reason=why)
    return verdict


def _disputes(domain: str, owner: str, results: Sequence[Result]) -> bool:
    """Whether results speak of signatures or policy, and do not say that the mail is genuine."""
    speaks = any(result.method in ("dmarc", "dkim") for result in results)
    return speaks and _of_listed(domain, owner, results).authenticity is not Authenticity.VERIFIED


def _by_signatures(verdict: Verdict, found: Found | None, trust: Trust, original: Original) -> Verdict:
    """The verdict after our own look at signatures and seals, as far as the seller asks for it."""
    genuine = verdict.authenticity is Authenticity.VERIFIED
    if trust.own_dkim:
        verdict = _with_own_dkim(verdict, found, trust, original)
    if trust.forwarders and not genuine and verdict.authenticity is not Authenticity.VERIFIED:
        return _with_forwarders(verdict, trust, original)
    return verdict


def _with_own_dkim(verdict: Verdict, found: Found | None, trust: Trust, original: Original) -> Verdict:
    """Our own opinion decides where the receiver has none; where the two disagree, nobody is believed."""
    from mail.genuine.signatures import check_signatures

    domain, owner = verdict.domain or "", verdict.claims or ""
    own = check_signatures(original, domain)
    good = next((signer for signer in own.valid if owner in owners(signer)), None)
    if found is None:
        if good:
            return replace(verdict, authenticity=Authenticity.VERIFIED, reason=f"our own DKIM check: signed by {good}")
        mine = (
            f"the signature of {own.broken[0]} does not hold" if own.broken else own.unsure or "no signature of theirs"
        )
        return replace(verdict, reason=f"{verdict.reason}; our own DKIM check: {mine}")
    genuine = verdict.authenticity is Authenticity.VERIFIED
    if genuine and own.broken and not own.valid:
        mine = f"the signature of {own.broken[0]} does not hold"
    elif not genuine and good:
        mine = f"signed by {good}"
    else:
        return verdict
    why = f"{trust.receiver} says: {verdict.reason}; our own DKIM check says: {mine}"
    return replace(verdict, authenticity=Authenticity.UNVERIFIED, reason=why)


def _with_forwarders(verdict: Verdict, trust: Trust, original: Original) -> Verdict:
    """Verified where a trusted forwarder found and sealed that the mail was genuine when it arrived there."""
    domain, owner = verdict.domain or "", verdict.claims or ""
    for vouched in vouched_for(original, trust):
        if vouched.unsure:
            why = f"{verdict.reason}; its ARC chain could not be checked: {vouched.unsure}"
            return replace(verdict, authenticity=Authenticity.UNVERIFIED, reason=why)
        there = _of_listed(domain, owner, vouched.results)
        if there.authenticity is Authenticity.VERIFIED:
            return replace(there, reason=f"forwarded: {vouched.sealer} sealed {there.reason} (ARC)")
    return verdict


def _as_one(verdict: Verdict, message: Message) -> Verdict:
    """A verdict that holds for the mail as we read it: of a header that stands twice, only one was signed."""
    if verdict.authenticity is not Authenticity.VERIFIED:
        return verdict
    names = [name for name, _ in message.written]
    if twice := next((name for name in _ONCE if names.count(name) > 1), None):
        why = f"{names.count(twice)} {twice.title()} headers: which one {verdict.domain} wrote cannot be told"
        return replace(verdict, authenticity=Authenticity.UNVERIFIED, reason=why)
    away = [box.address for box in message.reply_to if box.address and verdict.claims not in owners(box.domain)]
    return replace(verdict, reason=f"{verdict.reason}; answers would go to {away[0]}") if away else verdict


def _of_listed(domain: str, owner: str, results: Sequence[Result]) -> Verdict:
    """A From domain on our lists: is it really theirs."""
    dmarc, dkim, spf = ([r for r in results if r.method == method] for method in ("dmarc", "dkim", "spf"))
    if any(r.result in _FAILED for r in dmarc):
        return Verdict(Authenticity.HOSTILE, f"says {domain}, but DMARC failed", owner, domain)
    if len({(r.result, r.domain("header.from")) for r in dmarc}) > 1:
        return Verdict(Authenticity.UNVERIFIED, f"two DMARC results for {domain} in one header", owner, domain)
    if any(r.result == "pass" and r.domain("header.from") == domain for r in dmarc):
        return Verdict(Authenticity.VERIFIED, f"DMARC pass for {domain}", owner, domain)
    signers = [signer for r in dkim if r.result == "pass" for signer in r.signers()]
    if any(organisational(signer) == organisational(domain) for signer in signers):
        return Verdict(Authenticity.VERIFIED, f"DKIM pass for {domain}", owner, domain)
    if any(owner in owners(signer) for signer in signers):
        return Verdict(Authenticity.UNVERIFIED, f"signed by {signers[0]}, which does not match {domain}", owner, domain)
    if any(r.result in _UNSURE for r in (*dmarc, *dkim)):
        return Verdict(Authenticity.UNVERIFIED, f"the receiver could not check {domain}", owner, domain)
    if signers:
        return Verdict(Authenticity.HOSTILE, f"says {domain}, but is signed by {signers[0]}", owner, domain)
    if any(r.result in _FAILED for r in (*dkim, *spf)):
        failed = next(r.method for r in (*dkim, *spf) if r.result in _FAILED)
        return Verdict(Authenticity.HOSTILE, f"says {domain}, but {failed.upper()} failed", owner, domain)
    senders = [sender for r in spf if r.result == "pass" if (sender := r.domain("smtp.mailfrom"))]
    if any(organisational(sender) != organisational(domain) for sender in senders):
        return Verdict(Authenticity.HOSTILE, f"says {domain}, but was sent for {senders[0]}", owner, domain)
    if not senders and owner == EBAY and (dmarc or dkim):
        return Verdict(
            Authenticity.HOSTILE, f"says {domain}, but bears no valid signature; eBay signs its mail", owner, domain
        )
    return Verdict(Authenticity.UNVERIFIED, f"no DMARC or DKIM pass for {domain}", owner, domain)


def _odd(message: Message, oddity: str, claims: str | None, domain: str | None) -> Verdict:
    """A From that no honest system writes: hostile where anything in it names a brand."""
    named = claims or next((found[0] for sender in message.senders if (found := owners(sender.domain))), None)
    named = named or next(
        (owner for text in (message.subject, *message.lines[:_OPENING]) if (owner := named_in(text))), None
    )
    if named is not None:
        return Verdict(Authenticity.HOSTILE, f"{oddity}, and it names {named}", named, domain)
    return Verdict(Authenticity.UNVERIFIED, oddity, None, domain)


def _odd_sender(message: Message) -> str | None:
    """What is wrong with the From header, or None where it is exactly one plain address."""
    headers = [value for name, value in message.written if name == "from"]
    if len(headers) != 1:
        return f"{len(headers)} From headers"
    if len(message.senders) != 1:
        return f"{len(message.senders)} From addresses"
    address = message.senders[0].address
    if not _ADDRESS.fullmatch(address):
        return "the From address is malformed"
    if not headers[0].rpartition("<")[2].isascii() and owners(message.senders[0].domain):
        return "the From address only becomes theirs when its letters are mapped"
    return None if _plain(headers[0]) else "the From header is not of a plain form"


def _plain(header: str) -> bool:
    """`address` or `name <address>`, and nothing that a mail program could read another way."""
    if _CONTROLS.search(header):
        return False
    text = header.strip()
    if old := re.fullmatch(r"(\S+)\s+\([^()<>@\\]*\)", text):  # RFC 822's way: address (name)
        text = old.group(1)
    if "<" not in text and ">" not in text:
        return re.fullmatch(r"[^\s()<>,;:\"\\\[\]@]+@[^\s()<>,;:\"\\\[\]@]+", text) is not None
    head, _, tail = text.rpartition("<")
    if re.fullmatch(r"[^\s()<>,;:\"\\\[\]@]+@[^\s()<>,;:\"\\\[\]@]+>", tail) is None:
        return False
    return re.search(r"[<>;:@()\\\"\n\r]", _COMMENT.sub("", _QUOTED.sub("", head))) is None
