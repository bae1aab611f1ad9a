"""The shape of a mail: header fields, parts, decoded text. Linear in size, iterative, and limited by construction.

Written here because the standard library's parser recurses without a bound and can be bombed with a few kB.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import quopri
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache

MAX_SIZE = 25_000_000
MAX_PARTS = 200
MAX_DEPTH = 20
MAX_HEADERS = 1_000
MAX_HEADER_SIZE = 64_000
_MAX_PARAMETERS = 4_000  # bytes of a Content-Type that are looked at

_FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:(.*)", re.DOTALL)
_PARAMETER = re.compile(r""";\s*([\w*.-]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^;]*)""")
_BOUNDARY_LINE = re.compile(rb"^--(\S[^\n]{0,98}?)[ \t]*\n(?=[A-Za-z-]+:)", re.MULTILINE)
_ENCODED_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_BETWEEN_WORDS = re.compile(r"(\?=)\s+(?==\?[^?\s]{1,60}\?[bBqQ]\?)")
_BLANKS = re.compile(r"\s+")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")
_META_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?([\w.:-]{1,40})""", re.IGNORECASE)
_QP_BROKEN = re.compile(rb"[\x80-\xff]|=(?![0-9A-Fa-f]{2}|[ \t]*\n|\Z)")
_QP_SURE = re.compile(rb"=3D|=[ \t]*\n", re.IGNORECASE)
_HTML_START = re.compile(r"\s*(?:<!--.{0,500}?-->\s*)?<(?:!doctype\s+html|html|head|body|table|div)\b", re.IGNORECASE)
_NO_SURROGATES = frozenset({None, "utf-8", "cp1252"})
_NOT_CHARSETS = frozenset({"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape", "mbcs", "oem"})


class Excess(Exception):
    """The mail breaks a limit: too many headers or parts, or too deep."""


@dataclass(frozen=True, slots=True)
class Field:
    """One header field: name in lower case, value unfolded but not decoded."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class TextPart:
    """The text of one part that a reader of the mail would see."""

    subtype: str
    """`html` or `plain`."""
    text: str


def normalised(raw: bytes) -> bytes:
    """The bytes with every line end as a single newline."""
    unix = raw.replace(b"\r\n", b"\n")
    return unix.replace(b"\r", b"\n") if b"\r" in unix else unix


def split(entity: bytes, only: Collection[str] | None = None) -> tuple[list[Field], bytes, bool]:
    """Header fields, body, and whether the header was cut at a limit; `entity` has newlines as line ends.

    `only`: the names of the fields that are wanted.
    """
    if entity.startswith((b"From ", b">From ")):  # an mbox separator that was left on
        entity = entity.partition(b"\n")[2]
    fields: list[tuple[str, list[bytes]]] = []
    position, cut = 0, False
    while position < len(entity):
        end = entity.find(b"\n", position)
        end = len(entity) if end < 0 else end
        line = entity[position:end]
        if not line or line.isspace():
            position = end + 1
            break
        if line[:1] in b" \t" and fields:
            fields[-1][1].append(line)
        elif field := _FIELD.fullmatch(line):
            if len(fields) == MAX_HEADERS:
                cut = True
                position = _after_header(entity, position)
                break
            fields.append((field[1].decode("ascii").lower(), [field[2]]))
        else:
            break  # no blank line between header and body
        position = end + 1
    unfolded = []
    for name, lines in fields:
        if only is not None and name not in only:
            continue
        value = b" ".join([line.strip() for line in lines]) if len(lines) > 1 else lines[0].strip()
        cut = cut or len(value) > MAX_HEADER_SIZE
        unfolded.append(Field(name, _tolerant(value[:MAX_HEADER_SIZE]).strip()))
    return unfolded, entity[position:], cut


def _after_header(entity: bytes, position: int) -> int:
    blank = entity.find(b"\n\n", position)
    return len(entity) if blank < 0 else blank + 2


def decode_words(value: str) -> str:
    """A header value as a human sees it: RFC 2047 words decoded, controls out, blanks folded. Never raises."""
    if "=?" in value:
        joined = _BETWEEN_WORDS.sub(r"\1", value)
        pieces: list[str] = []
        position = 0
        pending: tuple[str, bytes] | None = None  # a character may be split over neighbouring words
        for word in _ENCODED_WORD.finditer(joined):
            charset, data = word[1].partition("*")[0].lower(), _word_bytes(word[2], word[3])
            if pending and (word.start() != position or pending[0] != charset):
                pieces.append(to_text(pending[1], pending[0]))
                pending = None
            pieces.append(joined[position : word.start()])
            pending = (charset, pending[1] + data) if pending else (charset, data)
            position = word.end()
        if pending:
            pieces.append(to_text(pending[1], pending[0]))
        pieces.append(joined[position:])
        value = "".join(pieces)
    if value.isascii() and value.isprintable() and "  " not in value:
        return value.strip()  # as most are
    return _CONTROLS.sub("", _BLANKS.sub(" ", value)).strip()


def _word_bytes(encoding: str, text: str) -> bytes:
    data = text.encode("utf-8", "replace")
    return _base64(data) if encoding in "bB" else quopri.decodestring(data, header=True)


def to_text(data: bytes, charset: str | None) -> str:
    """Bytes as text: the named charset, else UTF-8, else Windows-1252; what cannot be read becomes U+FFFD."""
    codec = _codec(charset)
    try:
        text = data.decode(codec or "utf-8")
    except (UnicodeError, ValueError):
        text = _tolerant(data) if codec is None else _second_try(data, charset)
    if "\x00" in text:
        text = text.replace("\x00", "")
    return text if text.isascii() or codec in _NO_SURROGATES else text.encode("utf-8", "replace").decode("utf-8")


def _second_try(data: bytes, charset: str | None) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeError:
        return data.decode(_codec(charset) or "latin-1", "replace")


def _tolerant(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeError:
        return data.decode("cp1252", "replace")


@lru_cache(maxsize=64)
def _codec(charset: str | None) -> str | None:
    """The name of a text codec, or None; Python's own escapes and compressors are no charsets."""
    if not charset:
        return None
    try:
        info = codecs.lookup(charset.strip("\"' ").lower())
    except (LookupError, ValueError):
        return None
    if info.name.replace("_", "-") in _NOT_CHARSETS or not getattr(info, "_is_text_encoding", True):
        return None
    if info.name == "ascii":
        return None  # the default of many senders, whatever they send
    # What calls itself Latin-1 is Windows-1252 (https://encoding.spec.whatwg.org/#names-and-labels).
    return "cp1252" if info.name == "iso8859-1" else info.name


def text_parts(fields: list[Field], body: bytes) -> Iterator[TextPart]:
    """The text of every inline text part in order; attachments and enclosed mails stay closed. Raises Excess."""
    waiting = [(fields, body, 0)]
    seen = 0
    while waiting:
        part_fields, part_body, depth = waiting.pop()
        seen += 1
        if seen > MAX_PARTS:
            raise Excess(f"more than {MAX_PARTS} parts")
        kind, parameters = _content_type(part_fields)
        if depth and _is_attached(part_fields):
            continue
        boundary = _boundary(kind, parameters, part_body)
        if boundary is not None:
            if depth == MAX_DEPTH:
                raise Excess(f"parts nested more than {MAX_DEPTH} deep")
            inner = [(*split(entity)[:2], depth + 1) for entity in _split_parts(part_body, boundary)]
            waiting.extend(reversed(inner))
        elif kind in ("text/plain", "text/html", "") or kind.startswith("multipart/"):
            yield _text_part(kind, parameters, part_fields, part_body)


def _text_part(kind: str, parameters: dict[str, str], fields: list[Field], body: bytes) -> TextPart:
    data = _transfer_decoded(_value(fields, "content-transfer-encoding"), body)
    charset = parameters.get("charset")
    if _codec(charset) is None and (meta := _META_CHARSET.search(data[:4096])):
        charset = meta[1].decode("ascii")
    text = to_text(data, charset)
    is_html = kind == "text/html" or _HTML_START.match(text) is not None
    if not is_html and parameters.get("format", "").lower() == "flowed":
        text = _unflowed(text)
    return TextPart("html" if is_html else "plain", text)


def _unflowed(text: str) -> str:
    """Paragraphs whose lines were broken softly (RFC 3676), joined."""
    return re.sub(r"(?<=[^\n]) \n(?![>\n ]|-- \n)", " ", text)


def _value(fields: list[Field], name: str) -> str:
    return next((field.value for field in fields if field.name == name), "")


def _content_type(fields: list[Field]) -> tuple[str, dict[str, str]]:
    value = _value(fields, "content-type")[:_MAX_PARAMETERS]
    kind = value.partition(";")[0].strip().lower()
    parameters: dict[str, str] = {}
    for name, raw in _PARAMETER.findall(value):
        base = name.lower().partition("*")[0]  # RFC 2231 pieces come in order in practice
        parameters[base] = parameters.get(base, "") + raw.strip().strip('"') if "*" in name else raw.strip().strip('"')
    return (kind if "/" in kind else ""), parameters


def _is_attached(fields: list[Field]) -> bool:
    disposition = _value(fields, "content-disposition")[:_MAX_PARAMETERS].lower()
    return disposition.startswith("attachment") or "filename" in disposition


def _boundary(kind: str, parameters: dict[str, str], body: bytes) -> bytes | None:
    """What separates the parts: as declared where it occurs, else the first line that looks like one."""
    if kind.startswith("multipart/"):
        declared = parameters.get("boundary", "").encode("utf-8", "replace")
        if declared and re.search(rb"^--" + re.escape(declared), body, re.MULTILINE):
            return declared
        found = _BOUNDARY_LINE.search(body)
        return found[1] if found else None
    if not kind:  # the header was lost on the way: the body tells
        found = _BOUNDARY_LINE.match(body.lstrip(b"\n")[:4096])
        return found[1] if found else None
    return None


def _split_parts(body: bytes, boundary: bytes) -> list[bytes]:
    """The parts between boundary lines; a missing last boundary ends with the body."""
    lines = re.compile(rb"^--" + re.escape(boundary) + rb"(--)?[ \t]*(?:\n|\Z)", re.MULTILINE)
    parts: list[bytes] = []
    start: int | None = None
    for line in lines.finditer(body):
        if start is not None:
            parts.append(body[start : line.start()].removesuffix(b"\n"))
        if len(parts) > MAX_PARTS:
            raise Excess(f"more than {MAX_PARTS} parts")
        start = line.end()
        if line[1]:
            return parts
    if start is not None:
        parts.append(body[start:])
    return parts


def _transfer_decoded(encoding: str, body: bytes) -> bytes:
    name = encoding.strip().strip(";\"'").lower()
    if name == "quoted-printable" and _is_quoted_printable(body):
        return quopri.decodestring(body)
    if name == "base64":
        return _base64(body)
    return body


def _is_quoted_printable(body: bytes) -> bool:
    """Whether the body is what its header says: relays and tools decode it and leave the header."""
    return b"=3D" in body or _QP_SURE.search(body) is not None or _QP_BROKEN.search(body) is None


def _base64(data: bytes) -> bytes:
    clean = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
    if len(clean) % 4 == 1:
        clean = clean[:-1]
    try:
        return base64.b64decode(clean + b"=" * (-len(clean) % 4))
    except binascii.Error:
        return b""
