"""eBay: a buyer writes. His own words are told apart from eBay's frame and from earlier messages."""

from __future__ import annotations

import re
from functools import cache

from selectolax.lexbor import LexborHTMLParser

from agent.vocabulary.events import BuyerMessage, Event
from agent.vocabulary.languages import fold, languages
from agent.vocabulary.values import Item
from mail.automatic import automatic, automatic_text
from mail.ebay.members import buyer_of
from mail.ebay.titles import whole_title
from mail.genuine.senders import ebay_domains
from mail.labels import HANDLE, Labelled, printed
from mail.parsing.html_text import read_html
from mail.phrases import first, says
from mail.reader import Unreadable, reader
from mail.wishes import language_of, wish_of

_ALIAS = re.compile(r"[a-z0-9._+-]+@members\.ebay\.[a-z]{2,3}(\.[a-z]{2})?")
_REFERENCE = re.compile(r"\[#\s*[A-Za-z0-9-]{6,64}\s*#\](?:\s*_\s*\[#\s*[A-Za-z0-9-]{6,64}\s*#\])*")
_FROM_LINE = re.compile(r"^[^:]{4,40}[:：]\s*(?P<handle>[A-Za-z0-9_.*!$~-]{2,64})?\s*(?:\(\s*[\d.,]+\s*\S{0,3}\))?\s*$")
_SIGNED = re.compile(r"^[-–—]\s?(?P<handle>[A-Za-z0-9_.*!$~-]{2,64})$")
_NUMBERED = re.compile(r"[\s,(]*(?:#\s?)?(?<!\d)\d{9,14}(?!\d)[\s,):]*")
_ABOUT = re.compile(
    r"^(?:about|regarding|on|item|zu|zum|ihrem|artikel\S*|nr\.?|n[°º.]{1,2}|num[eé]ro|n[uú]m(?:ero|\.)?"
    r"|à propos d[eu]|au sujet d[eu]|concernant|sur|de|votre|l'objet|objet|l'article|article"
    r"|su|sul|sull'oggetto|l'oggetto|oggetto|riguardo a|relativo a|tuo|sobre|acerca de|el|tu|artículo)(?:\s+|$)",
    re.IGNORECASE,
)
_REPLY = re.compile(r"^(?:(?:re|aw|fwd?|wg|sv|tr|rif)\s?:\s*)+", re.IGNORECASE)
_SALUTATION = re.compile(  # "Bonjour" with a handle; with any other word it is the buyer's own
    r"(?:dear|liebe|lieber|liebe/r|cher/chere|cher|chere|gentile|estimado|estimada) \S+[,:]?"
    r"|(?:bonjour|ciao|salve|hola|buongiorno),? \w*[\d_.*-][\w.*-]*[,:]?"
)
# behind a label: its colon, or a short value
_VALUE = re.compile(r"\s*[.:]|\s*$|\s+(?:[#\d]|\S+$)|(?:\s+\S+){1,3}(?<![.,])$")
_MOST = 20_000


@reader(sender="ebay", intent="buyer_message", languages=("en", "de", "fr", "it", "es"))
def extract(mail: Labelled) -> list[Event]:
    text = _own_words(mail)
    if text is None:
        raise Unreadable("the buyer's words were not found")
    frame = _frame(mail, text)
    item, title = frame.item_number(), whole_title(frame) or _title(frame)
    # plain text does not part the buyer's lines from eBay's for sure: two order numbers are one too many
    order = frame.order_number() if len(frame.order_numbers()) <= 1 else None
    spoken, wish = language_of(text), wish_of(text)
    return [
        BuyerMessage(
            occurred_at=mail.message.date,
            order_id=order,
            item_id=item,
            buyer=_buyer(frame),
            items=(Item(title=title, item_id=item),) if title or item else (),
            site=frame.site,
            intent=wish.intent,
            confidence=wish.confidence,
            language=spoken or _site_language(mail),
            text=text,
            reference_id=_reference(frame),
            reply_to=_alias(mail),
            subject=mail.subject or None,
            automatic=automatic(mail.message) or automatic_text(text),
        )
    ]


def _frame(mail: Labelled, text: str) -> Labelled:
    """The mail without what people wrote: a buyer's words must not say which order they are about."""
    written = set(text.splitlines())
    for node in LexborHTMLParser(mail.message.html or "").css("[id^=UserInputtedText], #V4PrimaryMessage"):
        written |= set(read_html(node.html or "")[0])
    written |= {piece for line in written for piece in printed(line)}
    lines = [line for line in mail.lines if line not in written]
    links = [link for link in mail.message.links if not any(link.href in line for line in written)]
    return mail.part(lines, links)


def _own_words(mail: Labelled) -> str | None:
    """What the buyer wrote: eBay marks it in its HTML; else what stands between the frame's own lines."""
    if mail.message.html and (marked := _marked(mail.message.html)):
        return _unquoted(marked)
    return _unquoted(_between(mail)) or None


def _marked(html: str) -> list[str]:
    """The lines of `div#UserInputtedText`; those with a number behind it are history."""
    node = LexborHTMLParser(html).css_first("#UserInputtedText")
    if node is None:
        return []
    lines, _ = read_html(node.html or "")
    return list(lines)


def _between(mail: Labelled) -> list[str]:
    """The lines after "New message from: …" or the greeting, until the signature or the frame's next words."""
    lines = mail.body
    start = _after_heading(mail)
    kept: list[str] = []
    for line in lines[start:]:
        folded = fold(line)
        if _SIGNED.match(line) or says("footer", folded):
            break
        if _is_frame(line):
            if kept:
                break
            continue
        kept.append(line)
    return kept


def _after_heading(mail: Labelled) -> int:
    """Where the buyer's words can begin: behind the frame's heading and the greeting to the seller."""
    start = 0
    for at, line in enumerate(mail.body[:16]):
        folded = fold(line)
        heading = says("buyer_message", folded) and (len(line) < 120)
        if heading or (at <= start + 2 and _is_salutation(folded)):
            start = at + 1
    # a lone handle or score under "New message from:"
    while start < len(mail.body) and re.fullmatch(
        r"[\w.*-]+\s*\(\s*\d+\s*\S?\s*\)|\(\s*\d+\s*\S?\s*\)", mail.body[start]
    ):
        start += 1
    if (
        start < len(mail.body)
        and start
        and says("buyer_message", fold(mail.body[start - 1]))
        and mail.body[start - 1].endswith(":")
    ):
        start += 1 if HANDLE.fullmatch(mail.body[start]) else 0
    if start < len(mail.body) and _is_salutation(fold(mail.body[start])):
        start += 1
    return start


def _is_salutation(folded: str) -> bool:
    """ "Dear my-shop," alone on its line is eBay's; any other greeting is the buyer's own."""
    return _SALUTATION.fullmatch(folded) is not None


def _is_frame(line: str) -> bool:
    """A line of eBay's around the message: a button, or a label of the item block, not a sentence that begins so."""
    folded = fold(line)
    if says("quoted", folded):
        return True
    if len(folded) > 60 or folded.endswith(("?", "!")):
        return False
    return any(_VALUE.match(folded[len(cut) :]) for cut in _cuts() if folded.startswith(cut)) or any(
        folded.startswith(cut) for cut in _cuts() if cut.count(" ") > 2
    )


@cache
def _cuts() -> tuple[str, ...]:
    return tuple(p for language in languages().values() for p in language.intents.get("cut", ()) if "*" not in p)


def _unquoted(lines: list[str]) -> str:
    """The lines before quoted history."""
    kept: list[str] = []
    for line in lines:
        if line.startswith(">") or says("quoted", fold(line)):
            break
        kept.append(line)
    return "\n".join(kept).strip()[:_MOST]


def _reference(mail: Labelled) -> str | None:
    """`[#…#]`, kept whole where it has two parts: a reply needs it to be delivered."""
    found = [m.group() for line in mail.lines for m in _REFERENCE.finditer(line)]
    return re.sub(r"\s+", "", max(found, key=len)) if found else None


def _alias(mail: Labelled) -> str | None:
    """The buyer's relay address: nothing but an exact one of eBay's."""
    for box in (*mail.message.reply_to, *mail.message.senders):
        if _ALIAS.fullmatch(box.address) and box.domain in ebay_domains().members:
            return box.address
    return None


def _buyer(mail: Labelled) -> str | None:
    """The buyer's handle: of the heading, the sender's name "eBay - handle", the subject, or the signature."""
    for at, line in enumerate(mail.lines[:16]):
        if says("buyer_message", fold(line)) and (match := _FROM_LINE.match(line)):
            if match["handle"]:
                return match["handle"]
            below = re.sub(r"\s*\(.*$", "", mail.lines[at + 1]) if at + 1 < len(mail.lines) else ""
            if HANDLE.fullmatch(below):
                return below
    for sender in mail.message.senders:
        if match := re.fullmatch(r"ebay\s*[-–:]\s*([A-Za-z0-9_.*!$~-]{2,64})", sender.name, re.IGNORECASE):
            return match.group(1)
    name, _, rest = _REPLY.sub("", mail.subject).partition(" ")
    shown = first("buyer_message", fold(rest))
    if HANDLE.fullmatch(name) and shown is not None and shown.start == 0:
        return name
    signed = next((m["handle"] for line in mail.body if (m := _SIGNED.match(line))), None)
    return signed or buyer_of(mail)


def _title(mail: Labelled) -> str | None:
    """The item's title in a subject that bears its number, beside it."""
    if _NUMBERED.search(mail.subject) is None:
        return mail.text("title")
    words = mail.subject.split()
    end = next((n for n in range(1, len(words) + 1) if says("buyer_message", fold(" ".join(words[:n])))), len(words))
    rest = _NUMBERED.sub(" ", " ".join(words[end:])).strip(" :–-#,")
    while (shorter := _ABOUT.sub("", rest)) != rest:
        rest = shorter
    return rest if len(rest) > 2 and not rest.isdigit() else None


def _site_language(mail: Labelled) -> str | None:
    """The language of the alias's site, where the words do not tell."""
    alias = _alias(mail) or ""
    ends = {
        "com": "en",
        "co.uk": "en",
        "com.au": "en",
        "ca": "en",
        "ie": "en",
        "de": "de",
        "at": "de",
        "fr": "fr",
        "it": "it",
        "es": "es",
    }
    return ends.get(alias.partition("@members.ebay.")[2]) or (
        mail.shown.language if mail.shown and mail.shown.end else None
    )
