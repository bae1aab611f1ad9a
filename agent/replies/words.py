"""Words that facts are told in, per language; the data is `words.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources

from agent.replies.dialects import fallbacks
from agent.vocabulary.data import parse_yaml


def words(language: str, kind: str, key: str | None) -> str | None:
    """What is said for `key`, in this language or the next that has it; None where no language has words for it."""
    if key is None:
        return None
    found = (_words().get(spoken, {}).get(kind, {}).get(key) for spoken in fallbacks(language))
    return next((told for told in found if told is not None), None)


@cache
def _words() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    text = resources.files("agent.replies").joinpath("words.yaml").read_text(encoding="utf-8")
    read: Mapping[str, Mapping[str, Mapping[str, str]]] = parse_yaml(text)
    return read
