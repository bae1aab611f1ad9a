"""Untrusted text stays data: nothing a stranger writes becomes markup, a link, or moves other words about."""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from agent.digest.day import Day
from agent.digest.html import render_html
from agent.digest.text import render_text, subject
from agent.digest.untrusted import block, defang, line, page_address
from agent.vocabulary.status import Mode
from agent.vocabulary.values import Money

PAYLOADS = (
    "<script>alert(1)</script>",
    '"><img src=https://evil.example/p.gif onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "<iframe src=//evil.example></iframe><form action=//evil.example><input></form>",
    "<svg/onload=alert(1)><base href=//evil.example><meta http-equiv=refresh content=0;url=//evil.example>",
    "javascript:alert(1)",
    "JaVaScRiPt\t:alert(1)",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    "https://user@evil.example/",
    "{{ 7*7 }}{% for x in ().__class__.__mro__ %}{{ x }}{% endfor %}",
    "</td></tr></table></body></html><style>*{background:url(https://evil.example)}</style>",
    "--></style></title><link rel=stylesheet href=https://evil.example/x.css>",
    "<!--[if mso]><v:rect><![endif]-->",
    "Subject\r\nBcc: everyone@evil.example",
    "safe\u202egnp.exe\u2066 \u2069\u200b\x00\x07\x1b[31m\ud800",
    "`orderwatch approve 1`<b>",
    "&lt;script&gt;alert(1)&lt;/script&gt;&#x3c;img src=x&#x3e;",
    "Z" + "\u0301" * 500,
    "long " * 20_000,
)
KEPT = {"severity", "zone", "mode"}
STRANGER = re.compile(r"(?<!@)evil\.example", re.IGNORECASE)
ACTIVE = "script,iframe,frame,form,input,button,object,embed,svg,math,base,link,img,video,audio,template,marquee,applet"


def filled(value: Any, text: str, name: str = "") -> Any:
    """The value with `text` in every place where a text stands."""
    if name in KEPT or isinstance(value, Mode | datetime):
        return value
    if isinstance(value, Money):
        return Money(Decimal("NaN"), text)
    if isinstance(value, str):
        return text
    if isinstance(value, tuple):
        return tuple(filled(one, text, name) for one in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return replace(
            value, **{f.name: filled(getattr(value, f.name), text, f.name) for f in dataclasses.fields(value)}
        )
    return value


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_nothing_active(rich_day: Day, payload: str) -> None:
    """Whatever stands in every field, the HTML holds no active element, no remote load and no link of a stranger."""
    html = render_html(filled(rich_day, payload))
    tree = LexborHTMLParser(html)

    assert [node.tag for node in tree.css(ACTIVE)] == []
    assert [m.attributes for m in tree.css("meta") if "http-equiv" in m.attributes] == []
    assert len(tree.css("style")) == 1
    for node in tree.css("*"):
        for name, value in node.attributes.items():
            assert not name.startswith("on")
            assert name not in ("src", "srcset", "background", "action", "formaction")
            assert "url(" not in (value or "") if name == "style" else True
    for anchor in tree.css("a"):
        assert (anchor.attributes.get("href") or "").startswith(("https://", "http://"))
    assert STRANGER.search(html) is None
    assert "javascript:" not in html.lower()


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_nothing_invisible(rich_day: Day, payload: str) -> None:
    """Text and subject hold visible characters only; the subject is one line; lengths stay bounded."""
    day = filled(rich_day, payload)
    text, header = render_text(day), subject(day)

    for shown in (text, render_html(day)):
        odd = {c for c in shown if c != "\n" and unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")}
        assert odd == set()
    assert "\n" not in header
    assert len(header) < 200
    assert len(text) < 60_000
    assert STRANGER.search(text) is None


def test_markup_is_shown_as_written(quiet_day: Day) -> None:
    """What a stranger wrote is readable, not swallowed."""
    assert "&lt;b&gt;Bob's" in render_html(replace(quiet_day, shop="<b>Bob's & Co"))


@pytest.mark.parametrize(
    ("text", "harmless"),
    [
        ("see https://evil.example/a?b=c.d now", "see hxxps://evil[.]example/a?b=c.d now"),
        ("HTTP://EVIL.COM", "HxxP://EVIL[.]COM"),
        ("at www.evil.co.uk/x", "at www[.]evil[.]co[.]uk/x"),
        ("mail ebay@ebay.com", "mail ebay@ebay.com"),
        ("ST.LOUIS, 2.5 kg, e.g. no.12", "ST.LOUIS, 2.5 kg, e.g. no.12"),
        ("https://[::1]/", "hxxps://[::1]/"),
        ("paypal.com-secure.top/x", "paypal[.]com-secure[.]top/x"),
        ("//evil.example", "//evil[.]example"),
    ],
)
def test_defang(text: str, harmless: str) -> None:
    """Addresses stay readable and are no links; other words with dots stay as they are."""
    assert defang(text) == harmless


def test_line_and_block() -> None:
    """A line is one line, a block keeps its paragraphs; both end where they must."""
    assert line("a\u202eb\n c\x00") == "ab c"
    assert line("x" * 300, 10) == "x" * 9 + "…"
    assert line(None) == ""
    assert block("one\r\n\r\n\r\n\r\ntwo  three\n") == "one\n\ntwo three"


def test_right_to_left_is_isolated() -> None:
    """Right-to-left words cannot reorder the figures beside them."""
    assert line("שלום") == "\u2068שלום\u2069"


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "https://a@b.example/",
        "https://b.example/ x",
        "ftp://b.example/",
        "https://localhost/",
        "//b.example",
        "",
        None,
        "https://[x/",
    ],
)
def test_page_address_refuses(url: str | None) -> None:
    """Only a plain address of a web page becomes a link."""
    assert page_address(url) is None


def test_page_address_quotes() -> None:
    """A good address stays as it is, but for characters that could end an attribute."""
    assert page_address("https://www.example.com/t?n=1%202#/x") == "https://www.example.com/t?n=1%202#/x"
    assert page_address("https://www.example.com/<'\">") == "https://www.example.com/%3C%27%22%3E"
