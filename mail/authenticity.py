"""Who really sent a mail.

Only what the seller's own provider found counts: the topmost Authentication-Results header (RFC 8601) that it wrote.
`verified` needs a sender whose exact domain is on our lists, and a DMARC or DKIM pass for that same domain. Anybody can
pass DKIM for a domain of their own, so a pass alone says nothing; SPF alone never counts, forwarders break it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from agent.vocabulary.status import Authenticity
from mail.domains import organisational
from mail.message import Message
from mail.pretence import pretends_to_be
from mail.results import Result, trusted_results
from mail.senders import EBAY, is_relay, named_in, owners

_FAILED = {"fail", "hardfail", "softfail", "policy", "permfail", "reject"}
_UNSURE = {"temperror", "temp_fail", "tempfail", "permerror", "unknown", "timeout", "bestguesspass"}
_ADDRESS = re.compile(r"[a-z0-9.#$&'*+/=?^_`{|}~-]{1,64}@[a-z0-9](?:[a-z0-9-]*\.)+[a-z][a-z0-9-]*[a-z0-9]", re.ASCII)
_OPENING = 10  # lines in which a mail says for whom it speaks
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')


@dataclass(frozen=True, slots=True)
class Verdict:
    """What we believe about a sender, and why, in words for the seller."""

    authenticity: Authenticity
    reason: str
    claims: str | None = None
    """`ebay` or a carrier's id: whom the mail says, or pretends, to come from."""
    domain: str | None = None
    """The From domain, where there is exactly one."""


def judge(message: Message, receiver: str | None) -> Verdict:
    """What to believe of a mail.

    `receiver` is the provider whose results we trust: an authserv-id or a provider's name from receivers.yaml. Without
    one nothing is verified. Never raises.
    """
    oddity = _odd_sender(message)
    domain = message.senders[0].domain if len(message.senders) == 1 else None
    owner = next(iter(owners(domain)), None) if domain else None
    claims = owner or pretends_to_be(message)
    if oddity is not None:
        return _odd(message, oddity, claims, domain)
    if claims is None:
        return Verdict(Authenticity.UNVERIFIED, "not from eBay or a carrier", None, domain)
    results = trusted_results(message, receiver)
    if results is None:
        why = "no receiver is configured" if not receiver else f"no Authentication-Results of {receiver}"
        who = "" if owner else f"; {domain} is not one of {claims}'s domains"
        return Verdict(Authenticity.UNVERIFIED, why + who, claims, domain)
    if owner is None:
        if domain and is_relay(domain):
            return Verdict(Authenticity.UNVERIFIED, f"passed on by {domain}, not sent by {claims}", claims, domain)
        return Verdict(Authenticity.HOSTILE, f"pretends to be {claims}, but comes from {domain}", claims, domain)
    return _of_listed(domain or "", owner, results)


def _of_listed(domain: str, owner: str, results: tuple[Result, ...]) -> Verdict:
    """A From domain on our lists: is it really theirs."""
    by_method: Mapping[str, list[Result]] = {m: [r for r in results if r.method == m] for m in ("dmarc", "dkim", "spf")}
    dmarc, dkim, spf = by_method["dmarc"], by_method["dkim"], by_method["spf"]
    if any(r.result in _FAILED for r in dmarc):
        return Verdict(Authenticity.HOSTILE, f"says {domain}, but DMARC failed", owner, domain)
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
    headers = message.all_headers("from")
    if len(headers) != 1:
        return f"{len(headers)} From headers"
    if len(message.senders) != 1:
        return f"{len(message.senders)} From addresses"
    address = message.senders[0].address
    if not _ADDRESS.fullmatch(address):
        return "the From address is malformed"
    return None if _plain(headers[0]) else "the From header is not of a plain form"


def _plain(header: str) -> bool:
    """`address` or `name <address>`, and nothing that a mail program could read another way."""
    text = header.strip()
    if "\x00" in text:
        return False
    if old := re.fullmatch(r"(\S+)\s+\([^()<>@\\]*\)", text):  # RFC 822's way: address (name)
        text = old.group(1)
    if "<" not in text and ">" not in text:
        return re.fullmatch(r"[^\s()<>,;:\"\\\[\]@]+@[^\s()<>,;:\"\\\[\]@]+", text) is not None
    head, _, tail = text.rpartition("<")
    if re.fullmatch(r"[^\s()<>,;:\"\\\[\]@]+@[^\s()<>,;:\"\\\[\]@]+>", tail) is None:
        return False
    return re.search(r"[<>;()\\\"\n\r]", _QUOTED.sub("", head)) is None
