"""The title of the item that an eBay mail is about, whole where the subject cuts it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from agent.vocabulary.languages import fold
from mail.intents import shows
from mail.labels import Labelled
from mail.phrases import says
from mail.spots import mentions

_CUT = re.compile(r"\s*(?:\.{2,}|…)")
_BUTTON = re.compile(  # a link's words that ask for a click, or speak to somebody
    r"[›»>→]$|\b(?:you|your|we|our|sie|ihr|ihre|ihren|dein|deine|du|wir|vous|votre|nous|tu|tuo|tua|suo|sua|su|sus)\b"
)
_SHORTEST = 6  # letters of a cut title's beginning
_SHORT = 16  # letters of a link's words that can be a title
_LONGEST = 160
_WORDS, _LINES = 40, 200  # of a subject, of a body: no title stands further behind
_QUANTITY = re.compile(r"^\d{1,3}\s?[x×]\s")
_ADDRESS = re.compile(r"<?https?://\S+>?", re.IGNORECASE)


def title_of(mail: Labelled) -> str | None:
    """What its label says, what the subject and a line of the body share, or the one link that reads like a title."""
    labelled = mail.text("title")
    if labelled and len(labelled) > 1 and not labelled.replace(" ", "").isdigit():
        return labelled
    return whole_title(mail) or _linked(mail) or _behind_its_label(mail) or _standing_alone(mail)


def whole_title(mail: Labelled) -> str | None:
    """The line of the body that the subject quotes, or begins to quote and cuts."""
    stem, cut = _quoted(mail.subject)
    words, subject, lines = stem.split()[-_WORDS:], f" {stem} ", list(_lines(mail))
    if cut:
        for at in range(len(words)):
            start = " ".join(words[at:])
            begun = ((line, said) for line, said in lines if len(start) >= _SHORTEST and said.startswith(start))
            if found := [line for line, said in begun if not _tells(mail, said)]:
                return max(found, key=len)
        return None
    within = ((line, said) for line, said in lines if len(said) > _SHORTEST and " " in said and f" {said} " in subject)
    inside = [line for line, said in within if not _tells(mail, said)]
    inside = [line for line in inside if not subject.startswith(f" {_quoted(line)[0]} ") or line.count(" ") > 2]
    return max(inside, key=len, default=None)


def _quoted(subject: str) -> tuple[str, bool]:
    """A subject up to where it cuts a title, folded and without the signs around titles; and whether it does."""
    cut = _CUT.search(subject)
    stem = fold(subject[: cut.start()] if cut else subject)
    return re.sub(r"\s+", " ", re.sub(r"[\"“”„«»]|(?<=\w)[:!](?=\s|$)", " ", stem)).strip(), cut is not None


_quoted_again = lru_cache(maxsize=4096)(_quoted)  # templates repeat their lines


def _lines(mail: Labelled) -> Iterator[tuple[str, str]]:
    """The lines that could be a title, as printed and folded as subjects are."""
    for at, line in enumerate(mail.body[:_LINES]):
        if len(line) > _LONGEST or mail.is_label(at):
            continue
        line = _QUANTITY.sub("", line)
        yield line, _quoted_again(line)[0]


def _tells(mail: Labelled, said: str) -> bool:
    """Whether a line is no title but tells what the mail is about."""
    return mail.intent is not None and shows(mail.intent, said, subject=True) is not None


def _linked(mail: Labelled) -> str | None:
    body = mail.body
    texts = {link.text.strip() for link in mail.message.links} & set(body)
    texts |= {
        line for line, below in pairwise(body) if _ADDRESS.fullmatch(below)
    }  # plain text: a link's line below its words
    titles = [text for text in texts if _reads_like_a_title(text)]
    return titles[0] if len(titles) == 1 else None


def _behind_its_label(mail: Labelled) -> str | None:
    """ "Item Brass lamp with shade": a label without a colon counts where what follows reads like a title."""
    loose = (
        spot.rest for spot in mail.spots("title") if not spot.marked and not spot.rest.endswith((".", "!", "?", ":"))
    )
    return next((rest for rest in loose if not rest[:1].islower() and _reads_like_a_title(rest)), None)


def _standing_alone(mail: Labelled) -> str | None:
    """The one line between what the mail tells and its labels that reads like a title and names nothing of eBay's."""
    body = mail.body
    found = [
        line
        for at, line in enumerate(body[:_LINES])
        if at > 0
        and (body[at - 1].endswith((".", "!", "?")) or _ends_a_label(mail, at - 1))
        and (at + 1 == len(body) or mail.is_label(at + 1))
        and not mail.is_label(at)
        and not line.endswith((".", "!", "?", ":", ","))
        and _reads_like_a_title(line)
        and _is_named(line)
        and not mentions(line)
    ]
    return found[0] if len(found) == 1 else None


def _ends_a_label(mail: Labelled, at: int) -> bool:
    return any(spot.line == at and spot.marked and spot.rest for spots in mail.all_spots.values() for spot in spots)


def _is_named(text: str) -> bool:
    """Whether a line names a thing: with a number, or with capitals at most of its longer words."""
    longer = [word for word in text.split() if len(word) > 3]
    return bool(re.search(r"\d", text)) or sum(word[:1].isupper() for word in longer) * 3 >= len(longer) * 2


def _reads_like_a_title(text: str) -> bool:
    said = fold(text)
    wordy = said.count(" ") > 2 or (" " in said and re.search(r"\d", said) is not None)
    if not _SHORT <= len(said) <= _LONGEST or not wordy or "://" in said:
        return False
    return _BUTTON.search(said) is None and not says("footer", said)
