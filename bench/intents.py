"""What buyers want: how well it is understood, beside always guessing the commonest wish and beside lists of phrases.

`bench/messages.jsonl` was written by an author who knew neither the phrases nor the sentences that the model is trained
on; nobody looked at a text of it while the model was made.

python -m bench.intents
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.invented_messages import LANGUAGES, WISHES
from bench.phrase_rules import intent_by_phrases
from mail.wishes import buyer_intent, language_of, wish_of

MESSAGES = Path(__file__).parent / "messages.jsonl"
_SURE = 0.7  # what a seller's rules act upon by default

Pair = tuple[str, str]  # what was meant, what was understood


def main(path: Path = MESSAGES) -> None:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    texts, meant = [row["text"] for row in rows], [row["intent"] for row in rows]
    commonest = Counter(meant).most_common(1)[0][0]
    print(f"{len(rows)} messages   macro-F1  " + " ".join(wish[:8].rjust(8) for wish in WISHES) + "  ms each")
    _row("commonest wish", texts, meant, lambda _: commonest)
    _row("phrases (peer)", texts, meant, intent_by_phrases)
    _row("model", texts, meant, buyer_intent)
    for language in LANGUAGES:
        own = [at for at, row in enumerate(rows) if row["language"] == language]
        _row(f"  model, {language}", [texts[at] for at in own], [meant[at] for at in own], buyer_intent)
    sure = [(m, wish.intent) for m, wish in zip(meant, map(wish_of, texts), strict=True) if wish.probability >= _SURE]
    right = sum(one == other for one, other in sure) / len(sure)
    print(f"at least {_SURE} sure: {len(sure) / len(rows):.0%} of the messages, {right:.0%} of those right")
    told = sum(language_of(row["text"]) == row["language"] for row in rows)
    print(f"language told: {told / len(rows):.1%}")


def _row(name: str, texts: Sequence[str], meant: Sequence[str], understand: Callable[[str], str]) -> None:
    understand("warm")
    started = time.perf_counter()
    pairs = [(one, understand(text)) for one, text in zip(meant, texts, strict=True)]
    each = 1000 * (time.perf_counter() - started) / len(texts)
    scores = [f1(pairs, wish) for wish in WISHES]
    figures = " ".join(f"{score:8.2f}" for score in scores)
    print(f"{name:15}  {sum(scores) / len(scores):8.3f}  {figures} {each:8.2f}")


def f1(pairs: Sequence[Pair], wish: str) -> float:
    """How well a wish is found: the harmonic mean of precision and recall; 0 where it is never meant or understood."""
    both = sum(meant == wish for meant, _ in pairs) + sum(understood == wish for _, understood in pairs)
    return 2 * sum(meant == understood == wish for meant, understood in pairs) / both if both else 0.0


if __name__ == "__main__":
    main()
