"""HTML is read as it stands, as browsers do, or tolerantly: three ways to one answer."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mail.parsing.html_text import Read, TooDeep, read_as_browsers_do, read_as_it_stands, read_blocks, read_tolerantly
from mail.parsing.message import parse

MAILS = sorted((Path(__file__).resolve().parent.parent / "mails").glob("*/*.eml"))
HTML = {f"{path.parent.name}/{path.stem}": html for path in MAILS if (html := parse(path.read_bytes()).html)}

_TEXTS = (
    "foo",
    "a &amp; b",
    " ",
    "\n",
    "a < b",
    "&nbsp;",
    "&copy",
    "&notit;x",
    "&#128;",
    "&#x41;",
    "<",
    "\u00a0",
    "1\n2",
)
_ATTRIBUTES = (
    "", ' style="display:none"', ' style="display:block"', ' style="font-size:0"', ' class="x"', " class=x", " hidden",
    ' style="white-space:pre"', ' href="https://a.example/?a=1&amp;b=2"', ' href="https://a.example/?a=1&copy=2&lt;"',
    ' src="http://x.example/y" href="http://z.example/&#38;x"', " title='a>b'", ' title="a>b"', " title=\"it's\"", " /",
    ' href="http://a.example/a" href="http://b.example"', "\u00a0class=x", ' style="visibility:hidden"',
)  # fmt: skip
_NAMES = (
    "table", "tr", "td", "div", "p", "span", "a", "b", "font", "h1", "h2", "ul", "li", "dl", "dd", "center", "nobr",
    "form", "pre", "section",
)  # fmt: skip
_ODDITIES = (
    "<!-- c -->", "<!--[if mso]><table><tr><td>x</td></tr></table><![endif]-->", "<![endif]>", "<!-->",
    "<!-- a --!> b -->", "<style>.x{display:none}</style>",
    "<title>t</title>", "<script>x</script>", "<br>", "<br/>", "<hr>", "<o:p></o:p>",
    "</p>", "</br>", "<select><option>k</select>", "<svg><p>x</p></svg>", '<?x "> y " ?>', "<td", "<a <b>>", "<style>",
    "<textarea>z</textarea>", "<meta charset=utf-8>", "<DIV>", "</DIV>", "<noscript>n</noscript>",
)  # fmt: skip


def _element(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    whole = st.builds(
        lambda name, attribute, body, end: f"<{name}{attribute}>{body}{end.format(name)}",
        st.sampled_from(_NAMES),
        st.sampled_from(_ATTRIBUTES),
        inner,
        st.sampled_from(["</{}>"] * 9 + [""]),
    )
    table = st.builds(lambda one, two: f"<table><tr><td>{one}</td><td>{two}</td></tr></table>", inner, inner)
    return st.lists(st.one_of(whole, whole, table, st.sampled_from(_TEXTS)), max_size=4).map("".join)


_BODIES = st.recursive(st.sampled_from((*_TEXTS, *_TEXTS, *_ODDITIES)), _element, max_leaves=12)
_FRAMES = (
    "{}",
    "<html><body>{}</body></html>",
    "<!doctype html><html><head><style>.x{{display:none}}</style></head><body>{}</body></html> ",
    "<html>{}<head></head><body>{}</body>{}</html>",
)


def _grouped(read: Read) -> tuple[object, ...]:
    """A reading with its blocks numbered in their order: a parser adds elements, and numbers, of its own."""
    order: dict[int, int] = {}
    return read[0], read[1], tuple(order.setdefault(block, len(order)) for block in read[2])


@pytest.mark.parametrize("name", HTML)
def test_the_ways_agree_on_every_sample(name: str) -> None:
    """Lines and links are the same, whoever builds the tree."""
    browser = read_as_browsers_do(HTML[name])
    quick = read_as_it_stands(HTML[name])

    assert quick is None or _grouped(quick) == _grouped(browser)
    assert read_tolerantly(HTML[name])[:2] == browser[:2]
    assert browser[0]


def test_most_samples_need_no_parser() -> None:
    """What templates write is tidy: else the quick way is no use, and is not tested."""
    tidy = [name for name, html in HTML.items() if read_as_it_stands(html) is not None]

    assert len(tidy) > len(HTML) * 0.8


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(_FRAMES), _BODIES, st.sampled_from((*_TEXTS, *_ODDITIES)))
def test_what_is_read_as_it_stands_is_what_browsers_read(frame: str, body: str, odd: str) -> None:
    """Whatever is written: the quick way gives the browsers' answer or none."""
    html = frame.format(*[body, odd, odd][: frame.count("{}")])

    quick = read_as_it_stands(html)

    assert quick is None or _grouped(quick) == _grouped(read_as_browsers_do(html))


@pytest.mark.parametrize(
    "html",
    [
        "<p>one<p>two",
        "<table>lost<tr><td>x</td></tr></table>",
        "<b>one<p>two</b>three</p>",
        "<a href='https://a.example'>one <a href='https://b.example'>two</a></a>",
        "<ul><li>one<li>two</ul>",
        "<div>one",
        '<p>one<?x "> two " ?></p>',
    ],
)
def test_what_a_parser_would_move_is_left_to_it(html: str) -> None:
    """Where the tags are not the tree, the quick way gives up."""
    assert read_as_it_stands(html) is None
    assert read_blocks(html) == read_as_browsers_do(html)


def test_text_that_browsers_throw_away_is_read_all_the_same() -> None:
    """A mail within a frameset shows nothing in a browser, and is still a mail."""
    html = "<html><frameset><p>Your parcel is <a href='https://a.example/1'>here</a></p></frameset></html>"

    assert read_as_browsers_do(html)[0] == ()
    assert read_blocks(html)[:2] == (("Your parcel is here",), (("https://a.example/1", "here"),))


@pytest.mark.parametrize("sheet", ["a" * 200_000, "@a" * 100_000, "/*" * 100_000, "a{" * 100_000, "@a{b{}" * 30_000])
def test_style_sheets_that_lead_nowhere_are_read_in_one_go(sheet: str) -> None:
    """A sheet that never closes what it opens takes no longer than any other."""
    assert read_blocks(f"<style>{sheet}</style><p>seen</p>")[0] == ("seen",)


@pytest.mark.parametrize("start", ["<!--", "<style>", '<a "', '<"<""', "<", "<title>", "<p a=b "])
def test_markup_that_never_ends_is_read_in_one_go(start: str) -> None:
    """However often something is opened, each character is looked at a few times only, or none is."""
    try:
        lines, links, _ = read_blocks(f"<p>seen</p>{start * 100_000}")
    except TooDeep:
        return

    assert lines[:1] == ("seen",)
    assert links == ()
