"""A linear model over words and their parts: which of a few labels a short text bears, and how surely.

Words are cut into pieces of three to five letters, so that a typo or an unknown ending costs little. Each piece falls
into a bucket by its checksum; a bucket holds one small weight per label. `bench/train_wishes.py` makes the weights.
"""

from __future__ import annotations

import math
import re
import zlib
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise

from agent.vocabulary.languages import fold

_TOKEN = re.compile(r"[^\W_]+|[?!]")
_PIECES = (3, 4, 5)
_LONGEST_WORD = 24
_LONGEST_TEXT = 4000


@dataclass(frozen=True, slots=True)
class Model:
    """Weights of every bucket, one after the other, a signed byte per label; `scale` undoes their rounding."""

    labels: tuple[str, ...]
    buckets: int
    scale: float
    weights: Sequence[int]

    def probabilities(self, text: str) -> Mapping[str, float]:
        """How likely each label is; equally likely where a text has no word."""
        found = pieces(text, self.buckets)
        width, weights = len(self.labels), self.weights
        sums = [0] * width
        for bucket in found:
            row = weights[bucket * width : (bucket + 1) * width]
            sums = [total + weight for total, weight in zip(sums, row, strict=True)]
        # as in training: the length of a text must not make it surer
        norm = self.scale / math.sqrt(len(found) or 1)
        return dict(zip(self.labels, softmax([total * norm for total in sums]), strict=True))


def pieces(text: str, buckets: int) -> list[int]:
    """The buckets of a text's words, their neighbours, and their parts; each once, in order."""
    words = [_plain(word) for word in _TOKEN.findall(fold(text[:_LONGEST_TEXT]))]
    found = dict.fromkeys(words)
    found.update(dict.fromkeys(f"{one} {two}" for one, two in pairwise(words)))
    found.update(dict.fromkeys(f"{one} _ {two}" for one, two in zip(words, words[2:], strict=False)))
    for word in dict.fromkeys(words):
        framed = f"<{word}>"
        found.update(dict.fromkeys("#" + framed[i : i + n] for n in _PIECES for i in range(len(framed) - n + 1)))
    return sorted({zlib.crc32(piece.encode()) % buckets for piece in found})


def _plain(word: str) -> str:
    return "0" if word[0].isdigit() else word[:_LONGEST_WORD]


def softmax(scores: Sequence[float]) -> list[float]:
    """Scores as probabilities."""
    top = max(scores)
    raised = [math.exp(score - top) for score in scores]
    total = sum(raised)
    return [one / total for one in raised]


@cache
def model(name: str) -> Model:
    """A model of the package: a line of text that describes it, then its packed weights."""
    raw = resources.files("agent.vocabulary.wishes").joinpath(f"{name}.model").read_bytes()
    head, _, packed = raw.partition(b"\n")
    buckets, scale, *labels = head.decode().split()
    return Model(tuple(labels), int(buckets), float(scale), array("b", zlib.decompress(packed)))


def pack(trained: Model) -> bytes:
    """The bytes of a model's file."""
    head = f"{trained.buckets} {trained.scale!r} {' '.join(trained.labels)}\n"
    return head.encode() + zlib.compress(array("b", trained.weights).tobytes(), 9)
