"""Makes the weights of `agent/vocabulary/wishes` from made-up messages; the same ones whenever it runs.

python -m bench.train_wishes
"""

from __future__ import annotations

import math
import random
import time
from collections.abc import Sequence
from pathlib import Path

from agent.vocabulary import wishes
from bench.invented_messages import LANGUAGES, WISHES, invented, sections, spoken
from mail.wish_model import Model, pack, pieces, softmax

_MESSAGES = 200  # of each wish in each language
_ROUNDS = 6
_SETTLED = 2  # the weights after these rounds are averaged: each alone leans towards its last messages
_STRIDE = 4.0
_PER_STRANGER = 3
_LARGEST = 8.0  # weights beyond it are rare, and would make all others coarse

Example = tuple[str, str]  # text, label


def main() -> None:
    folder = Path(wishes.__path__[0])
    for name, examples, labels, buckets in (
        ("intent", _of_wishes(), WISHES, 1 << 15),
        ("language", _of_languages(), (*LANGUAGES, "none"), 1 << 13),
    ):
        started = time.perf_counter()
        raw = pack(trained(examples, labels, buckets))
        (folder / f"{name}.model").write_bytes(raw)
        took = time.perf_counter() - started
        print(f"{name:10} {len(examples):6} messages   {len(raw) / 1000:5.0f} kB   {took:5.0f} s", flush=True)


def _of_wishes() -> list[Example]:
    chance = random.Random(3)
    return [(text, wish) for lang in LANGUAGES for wish in WISHES for text in invented(lang, wish, _MESSAGES, chance)]


def _of_languages() -> list[Example]:
    chance = random.Random(4)
    known = [(text, lang) for lang in LANGUAGES for wish in WISHES for text in invented(lang, wish, 25, chance)]
    strangers = [s for lines in sections("none").values() for s in lines for _ in range(_PER_STRANGER)]
    return known + [(spoken(sentence, chance), "none") for sentence in strangers]


def trained(examples: Sequence[Example], labels: Sequence[str], buckets: int) -> Model:
    """Logistic regression, a step for every message, each weight's steps smaller the more it has moved (AdaGrad)."""
    width = len(labels)
    weights = [[0.0] * width for _ in range(buckets)]
    moved = [1.0] * buckets
    rows = [(pieces(text, buckets), labels.index(label)) for text, label in examples]
    chance = random.Random(5)
    summed = [[0.0] * width for _ in range(buckets)]
    for turn in range(_ROUNDS):
        chance.shuffle(rows)
        for found, right in rows:
            _step(weights, moved, found, right)
        if turn >= _SETTLED:
            for sums, row in zip(summed, weights, strict=True):
                sums[:] = [total + weight for total, weight in zip(sums, row, strict=True)]
    return _rounded([[total / (_ROUNDS - _SETTLED) for total in sums] for sums in summed], tuple(labels))


def _step(weights: list[list[float]], moved: list[float], found: Sequence[int], right: int) -> None:
    if not found:
        return
    norm = 1 / math.sqrt(len(found))
    sums = [sum(column) * norm for column in zip(*[weights[bucket] for bucket in found], strict=True)]
    errors = softmax(sums)
    errors[right] -= 1
    size = sum(error * error for error in errors) * norm * norm
    if size < 1e-6:
        return
    for bucket in found:
        moved[bucket] += size
        stride = _STRIDE * norm / math.sqrt(moved[bucket])
        weights[bucket] = [weight - stride * error for weight, error in zip(weights[bucket], errors, strict=True)]


def _rounded(weights: Sequence[Sequence[float]], labels: tuple[str, ...]) -> Model:
    scale = _LARGEST / 127
    rounded = [max(-127, min(127, round(weight / scale))) for row in weights for weight in row]
    return Model(labels, len(weights), scale, rounded)


if __name__ == "__main__":
    main()
