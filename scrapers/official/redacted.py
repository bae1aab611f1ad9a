"""Answers and words without the key that was asked with: nothing that is kept, logged or printed holds one."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import quote, quote_plus

from scrapers.official import Secrets
from scrapers.visiting.shown import Answer

HIDDEN = "(key)"


class Redaction:
    """Every spelling of some secrets, taken out of what passes."""

    def __init__(self, secrets: Secrets) -> None:
        self._spellings = sorted(_spellings(secrets.values(), secrets), key=len, reverse=True)

    def text(self, text: str) -> str:
        for spelling in self._spellings:
            text = text.replace(spelling, HIDDEN)
        return text

    def answer(self, answer: Answer) -> Answer:
        """Address, headers and body; an answer that echoes no key stays as it came."""
        body = answer.body
        for spelling in self._spellings:
            for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
                body = body.replace(spelling.encode(encoding), HIDDEN.encode(encoding))
        headers = tuple((name, self.text(value)) for name, value in answer.headers)
        return replace(answer, url=self.text(answer.url), headers=headers, body=body)


def _spellings(values: Iterable[str], secrets: Secrets) -> set[str]:
    """As they stand, in an address, in JSON, in a header's base64."""
    found: set[str] = set()
    pair = f"{secrets.get('client_id', '')}:{secrets.get('client_secret', '')}"
    for value in (*values, pair):
        packed = base64.b64encode(value.encode()).decode()
        found |= {value, quote(value, safe=""), quote_plus(value), json.dumps(value)[1:-1], packed, packed.rstrip("=")}
    return {spelling for spelling in found if len(spelling) > 3}
