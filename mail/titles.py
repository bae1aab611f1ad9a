"""The title of the item that an eBay mail is about, whole where the subject cuts it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from agent.vocabulary.languages import fold
from mail.intents import says, shows
from mail.labels import Labelled

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
    return whole_title(mail) or _linked(mail) or _behind_its_label(mail)


def whole_title(mail: Labelled) -> str | None:
    """The line of the body that the subject quotes, or begins to quote and cuts."""
    stem, cut = _quoted(mail.subject)
    words, subject, lines = stem.split()[-_WORDS:], f" {stem} ", list(_lines(mail))
    if cut:
        for at in range(len(words)):
            start = " ".join(words[at:])
            if len(start) >= _SHORTEST and (found := [line for line, said in lines if said.startswith(start)]):
                return max(found, key=len)
        return None
    inside = [line for line, said in lines if len(said) > _SHORTEST and " " in said and f" {said} " in subject]
    inside = [line for line in inside if not subject.startswith(f" {_quoted(line)[0]} ") or line.count(" ") > 2]
    return max(inside, key=len, default=None)


def _quoted(subject: str) -> tuple[str, bool]:
    """A subject up to where it cuts a title, folded and without the signs around titles; and whether it does."""
    cut = _CUT.search(subject)
    stem = fold(subject[: cut.start()] if cut else subject)
    return re.sub(r"\s+", " ", re.sub(r"[\"“”„«»]|(?<=\w)[:!](?=\s|$)", " ", stem)).strip(), cut is not None


def _lines(mail: Labelled) -> Iterator[tuple[str, str]]:
    """The lines that could be a title, as printed and folded as subjects are."""
    for at, line in enumerate(mail.body[:_LINES]):
        if len(line) > _LONGEST or mail.is_label(at):
            continue
        line = _QUANTITY.sub("", line)
        said = _quoted(line)[0]
        if mail.intent is None or not shows(mail.intent, said, subject=True):
            yield line, said


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


def _reads_like_a_title(text: str) -> bool:
    said = fold(text)
    wordy = said.count(" ") > 2 or (" " in said and re.search(r"\d", said) is not None)
    if not _SHORT <= len(said) <= _LONGEST or not wordy or "://" in said:
        return False
    return _BUTTON.search(said) is None and not says("footer", said)
