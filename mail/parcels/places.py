"""Where a scan happened, as a carrier's mail prints it: "AUSTIN, TX 78701", "SYDNEY NSW 2000"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agent.vocabulary.carriers import carrier as carrier_of
from agent.vocabulary.languages import fold
from agent.vocabulary.status import TrackingStatus
from agent.vocabulary.values import Place
from agent.vocabulary.wording import classify
from mail.labels import Labelled
from mail.parcels.status import Said, told
from mail.phrases import says
from mail.values.dates import find_moment
from mail.values.postal import country_code

_STATE = re.compile(
    r"A[KLRZ]|C[AOT]|D[CE]|FL|G[AU]|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|P[AR]|RI|S[CD]|T[NX]|UT|V[AIT]|W[AIVY]"
)
_PROVINCE = re.compile(r"AB|BC|MB|N[BLSTU]|ON|PE|QC|SK|YT")
_TERRITORY = re.compile(r"NSW|VIC|QLD|[WS]A|TAS|ACT|NT")
_ZIP = re.compile(r"\d{5}(?:-?\d{4})?")
_CANADIAN = re.compile(r"[A-Z]\d[A-Z] ?\d[A-Z]\d")
_BRITISH = re.compile(r"(?:GIR ?0AA|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})")
_CITY_FIRST = frozenset({"US", "CA", "GB", "AU"})  # "2200 Station Road" is a street there
_POSTCODE_FIRST = re.compile(r"(\d{4} ?[A-Z]{2}|(?!20[2-4]\d)\d{4,5}|\d{2}-\d{3})\s+((?=[A-ZÀ-ÞĆČŁŚŠŹŻŽ])[^\d,]{2,40})")
_CITY = re.compile(r"(?=[A-ZÀ-ÞĆČŁŚŠŹŻŽ])[^\d,:;()/|]{2,40}")
_PREPOSITION = re.compile(r"(?<!\w)(?:in|at|from|near|à|en|a|w|i|te)\s+(?:the\s+)?(?=[A-ZÀ-Þ])")
_DELIVERED_TO = re.compile(r"(?<!\w)(?:to|at|an|nach|à|a)\s+(?=[A-ZÀ-Þ\d])")
_STOP = re.compile(
    r"(?<=[^\W\d_]{2})\.(?:\s|$)|[;()!?]|\s[-–—]\s|\s\d{1,2}[:h.]\d{2}"
    r"|\s(?:on|at|and|by|with|am|um|le|il|el|from)\s"
)
_ADDRESSED = re.compile(
    r"(?:,\s|(?<!\w)(?:in|im|à|en|a|w|te|i|ad|[Ff]iliale|[Pp]oste|[Aa]gence|[Pp]ostale|[Oo]ficina|[Pp]lacówce)\s)(\d{2}-\d{3}|\d{4}\s[A-Z]{2}|\d{3}\s\d{2}|\d{4,5})\s"
    r"([A-ZÀ-ÞĆČŁŚŠŹŻŽ][^\W\d_]+(?:[ '-][A-ZÀ-ÞĆČŁŚŠŹŻŽ][^\W\d_]+){0,2})(?=$|[.,;:)]|\s[^\d])"
)
_NAMED = r"((?:[A-ZÀ-ÞĆČŁŚŠŹŻŽ][^\W\d_]+(?:[ '-]|(?=\W|$))){1,3}?)"
_SITE = (
    r"(?i:depot|hub|delivery office|delivery depot|mail centre|post office"
    r"|(?:parcel |sort\w* |distribution )?(?:centre|center|facility)"
    r"|paketzentrum|verteilzentrum|sorteercentrum|sortownia|terminal)"
)
_OF_SITE = re.compile(rf"(?<!\w)(?:at|in|from|im|bij|te)\s+(?:the\s+|our\s+)?{_NAMED}\s?{_SITE}(?!\w)")
_SITE_IN = re.compile(
    r"(?<!\w)(?i:depot|hub|paketzentrum|verteilzentrum|zustellbasis|sorteercentrum|sortowni|sortierzentrum|terminal"
    r"|centre de tri|plateforme|agence|centro de clasificación|centro logístico|centro di smistamento|filiale|sede)"
    rf"\s+(?:in|à|de|di|te|w|i|en|von)\s+{_NAMED}(?=\W|$)"
)
_SITE_TOWN = re.compile(  # "im Start-Paketzentrum Leipzig", "au centre de tri Rennes": the town right behind
    r"(?<!\w)(?i:(?:im|ins|am|vom|zum|dem)\s(?:[^\W\d_]{2,12}-)?(?:paket|verteil|sortier|brief|logistik)zentrum"
    r"|sorteercentrum|centre de tri)\s"
    r"((?:Bad |Sankt |St\. |Saint-)?[A-ZÀ-Þ][^\W\d_]{2,30}(?:-[A-ZÀ-Þ][^\W\d_]+)?)(?=\W|$)"
)
_OFFICE = re.compile(  # a post office by its town and a number: "Gdańsk 4", "VERONA 7"
    r"(?<!\w)(?i:ufficio postale|filiale|plac[oó]wc[ae]|urz[eę]dzie|punkcie|oficina de correos|bureau de poste"
    r"|post office)"
    rf"(?:\s(?:di|de|w|in|of))?\s{_NAMED}\s?\d{{1,3}}(?=$|[.,;)]|\s[^\W\d])"
)
_NO_TOWN = frozenset(
    {
        "your",
        "our",
        "the",
        "local",
        "nearest",
        "regional",
        "national",
        "international",
        "main",
        "parcel",
        "parcels",
        "delivery",
        "destination",
        "origin",
        "sorting",
        "sort",
        "distribution",
        "mail",
        "post",
        "postal",
        "royal",
        "express",
        "ecommerce",
        "dispatch",
        "customs",
        "import",
        "export",
        "air",
        "pick",
        "up",
        "pickup",
        "ihr",
        "ihre",
        "ihrer",
        "ihrem",
        "ihres",
    }
)
_BRACKETED = re.compile(r"\[([A-Z][^\]\d]{1,30})\]\s")
_LONGEST = 60


def place_of(mail: Labelled, said: Said) -> Place | None:
    """Where the carrier says the parcel is: labelled, in the sentence that tells, or on the line below it."""
    country = _country_of(mail, said)
    for text in (said.sentence, *_others(mail, said)):
        if found := _in_sentence(text, said.status, country):
            return found
    waits = said.status is TrackingStatus.AVAILABLE_FOR_PICKUP  # the address of the shop, wherever it stands
    for text in () if country in _CITY_FIRST else (said.sentence, *(mail.body[:20] if waits else ())):
        if match := _ADDRESSED.search(text[:600]):
            return Place(city=match[2], postcode=match[1], country=None)
    for text in (said.sentence, *_others(mail, said)):
        if town := _town_of_site(text):
            return Place(city=town)
    for label in ("location", "delivered_to"):
        for value in mail.values(label):
            if found := read_place(value, country):
                return found
    if below := _below(mail, said, country):
        return below
    labelled = mail.text("location")
    return Place(city=labelled.strip(" .,")) if labelled is not None and _is_city(mail, labelled) else None


def read_place(text: str, country: str | None = None) -> Place | None:
    """A place that is printed so that it cannot be taken for anything else; `country` is the carrier's own."""
    plain = text.strip(" .,")
    if not plain or len(plain) > _LONGEST:
        return None
    if match := _POSTCODE_FIRST.fullmatch(plain):
        return Place(city=match[2].strip(), postcode=match[1], country=None)
    parts = [part.strip() for part in plain.split(",") if part.strip()]
    if len(parts) == 1:
        return _of_words(parts[0].split())
    if country not in _CITY_FIRST and (match := _POSTCODE_FIRST.fullmatch(parts[-1])):  # "Lindenweg 4, 30159 Hannover"
        return Place(city=match[2].strip(), postcode=match[1], country=None)
    whole = (_of_parts(parts[at:], country) for at in range(len(parts) - 1))  # "Reception, MONCTON, NB, CA"
    found = next((found for found in whole if found), None) or _of_words(parts[-1].split())
    return found or _of_words(plain.replace(",", " ").split())


def _of_parts(parts: list[str], country: str | None) -> Place | None:
    """ "City, ST 12345, US", "City, ON, Canada", "City, United Kingdom"."""
    city, rest = parts[0], parts[1:]
    if not _CITY.fullmatch(city) or len(rest) > 3:
        return None
    postcode: str | None = None
    nation: str | None = None
    state = False  # "KY" is Kentucky or the Cayman Islands: the town is known
    for part in rest:
        words = part.split()
        if words and (_STATE.fullmatch(words[0]) or _PROVINCE.fullmatch(words[0])) and nation is None:
            tail = " ".join(words[1:])
            code = words[0]
            foreign = country_code(code) if country not in ("US", "CA") else None
            if _CANADIAN.fullmatch(tail) or (_PROVINCE.fullmatch(code) and not _STATE.fullmatch(code)):
                nation = "CA"
            elif tail or len(rest) > 1 or foreign is None:
                nation = "US"
            else:
                nation, state = (None, True) if _STATE.fullmatch(code) else (foreign, False)
            part = tail
            if not part:
                continue
        if _ZIP.fullmatch(part) or _CANADIAN.fullmatch(part) or _BRITISH.fullmatch(part):
            postcode = part
            nation = nation or ("GB" if _BRITISH.fullmatch(part) and not _ZIP.fullmatch(part) else None)
        elif named := country_code(part):
            nation = named
        elif not (postcode or nation) or len(words) > 2:
            return None
    return Place(city=city, postcode=postcode, country=nation) if nation or state else None


def _of_words(words: list[str]) -> Place | None:
    """ "SYDNEY NSW 2000", "TORONTO ON M5V 2T6", "LEEDS LS1 4AP", "AUSTIN TX 78701"."""
    for at in range(1, len(words)):
        city, word, tail = " ".join(words[:at]), words[at], " ".join(words[at + 1 :])
        if not _CITY.fullmatch(city) or city not in (city.title(), city.upper()):
            continue
        if _TERRITORY.fullmatch(word) and re.fullmatch(r"\d{4}", tail):
            return Place(city=city, postcode=tail, country="AU")
        if _STATE.fullmatch(word) and _ZIP.fullmatch(tail):
            return Place(city=city, postcode=tail, country="US")
        if _PROVINCE.fullmatch(word) and _CANADIAN.fullmatch(tail):
            return Place(city=city, postcode=tail, country="CA")
        if _BRITISH.fullmatch(" ".join(words[at:])):
            return Place(city=city, postcode=" ".join(words[at:]), country="GB")
    return None


def _in_sentence(text: str, status: TrackingStatus, country: str | None) -> Place | None:
    if bracketed := _BRACKETED.match(text):
        return Place(city=bracketed[1].strip())
    parts = [part.strip(" .") for part in text[-120:].split(",")]
    for count in (3, 2, 1):  # "handed over to our partner, LOS ANGELES, CA, US"
        if len(parts) > count and (found := read_place(", ".join(parts[-count:]), country)) and found.country:
            return found
    prepositions = [_PREPOSITION]
    if status in (TrackingStatus.DELIVERED, TrackingStatus.RETURNED):
        prepositions.append(_DELIVERED_TO)
    for preposition in prepositions:
        for match in list(preposition.finditer(text[:600]))[:10]:
            tail = text[match.end() : match.end() + 120]
            stop = _STOP.search(tail)
            words = (tail[: stop.start()] if stop else tail).split()
            for count in range(min(len(words), 9), 1, -1):
                if found := read_place(" ".join(words[:count]), country):
                    return found
    return None


def _town_of_site(text: str) -> str | None:
    """The town by which a carrier calls its depot or post office: "Shrewsbury depot", "ufficio postale VERONA 7"."""
    for pattern in (_OF_SITE, _SITE_IN, _SITE_TOWN, _OFFICE):
        for match in pattern.finditer(text[:600]):
            town = match[1].strip()
            if town.endswith("-"):  # "Start-Paketzentrum": a piece of the site's own name
                continue
            if not any(word in _NO_TOWN or carrier_of(word) for word in fold(town).replace("-", " ").split()):
                return town
    return None


def _others(mail: Labelled, said: Said) -> Iterator[str]:
    """The other sentences of the body that tell the same."""
    for line in mail.body[:20]:
        if line != said.sentence and len(line) < 300 and (other := told(mail, line)) and other.status is said.status:
            yield line


def _below(mail: Labelled, said: Said, country: str | None) -> Place | None:
    """The line below a short line that tells the status, where it is a place in full."""
    for at, line in enumerate(mail.body[:-1]):
        if len(line.split()) <= 14 and (other := told(mail, line)) and other.status is said.status:
            for below in mail.body[at + 1 : at + 3]:
                if found := read_place(below, country):
                    return found
    return None


def _is_city(mail: Labelled, text: str) -> bool:
    """Whether a labelled place without postcode and country may be a town, and no spot at a house, no sentence."""
    if len(text) > 40 or any(char.isdigit() for char in text) or says("safe_place", fold(text)) or told(mail, text):
        return False
    if find_moment(text, mail.message.date) is not None:
        return False
    return _CITY.fullmatch(text.strip(" .,")) is not None and len(text.split()) <= 4 and text[:1].isupper()


def _country_of(mail: Labelled, said: Said) -> str | None:
    """The carrier's own; none where it writes to people abroad."""
    found = carrier_of(mail.sender)
    abroad = not (classify(said.sentence).rule or "en").startswith("en")
    return None if found is None or (found.country == "US" and abroad) else found.country
