"""OAuth client credentials, as UPS, FedEx and USPS ask for them: one call for a token, which the others carry."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass

from scrapers.carriers import Call, Refused
from scrapers.official import Secrets
from scrapers.reading import dig
from scrapers.reading.document import Document

MOST_SECONDS = 86_400.0


@dataclass(frozen=True, slots=True)
class Token:
    """What a token call gave."""

    text: str
    seconds: float
    """For which it is good."""


def in_form(url: str, secrets: Secrets, **more: str) -> Call:
    """The token call with the client's id and secret in its form (RFC 6749, 2.3.1, second way)."""
    who = {"client_id": secrets["client_id"], "client_secret": secrets["client_secret"]}
    return Call(url=url, form={"grant_type": "client_credentials", **who, **more})


def in_header(url: str, secrets: Secrets) -> Call:
    """The token call with the client's id and secret in its header (RFC 6749, 2.3.1, first way)."""
    return Call(url=url, headers=basic(secrets), form={"grant_type": "client_credentials"})


def basic(secrets: Secrets) -> Mapping[str, str]:
    """The header of HTTP's own password question (RFC 7617)."""
    pair = f"{secrets['client_id']}:{secrets['client_secret']}".encode()
    return {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}


def header(secrets: Secrets) -> Mapping[str, str]:
    """The header that carries the token (RFC 6750, 2.1)."""
    return {"Authorization": f"Bearer {secrets['token']}"}


def token_of(document: Document) -> Token:
    """The token of an answer. Raises Refused where it holds none."""
    text = dig.text(document.data, "access_token")
    if not text.isascii() or not text.isprintable() or not 8 <= len(text) <= 8000:
        raise Refused("no token was given")
    said = dig.text(document.data, "expires_in")
    seconds = float(said) if said.isdigit() and len(said) < 10 else 600.0
    return Token(text, min(seconds, MOST_SECONDS))
