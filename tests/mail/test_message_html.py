"""HTML of mails to lines and links."""

import pytest

from mail.parsing.html_text import plain_lines, plain_links, read_html


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        ("<table><tr><td>Order:</td><td>27-13930-98148</td></tr></table>", ["Order:", "27-13930-98148"]),
        ("<p>Sold: <span>$51.00</span></p><p>Paid</p>", ["Sold: $51.00", "Paid"]),
        ("one<br>two<br/>three", ["one", "two", "three"]),
        ("<div>a<div>b</div>c</div>", ["a", "b", "c"]),
        ("<span style='display:block'>a</span><span>b</span>", ["a", "b"]),
        ("<div style='display:inline'>a</div> <div style='display: inline'>b</div>", ["a b"]),
        ("<pre>a\nb</pre>", ["a", "b"]),
        ("<ul><li>a<li>b</ul>", ["a", "b"]),
        ("a&nbsp;&nbsp;b&zwnj;c&shy;d&#847;", ["a bcd"]),
        ("<p>unclosed <b>tags", ["unclosed tags"]),
        ("plain text", ["plain text"]),
        ("", []),
    ],
)
def test_one_line_per_block(html: str, lines: list[str]) -> None:
    """Blocks, cells and breaks end lines; inline elements do not."""
    assert list(read_html(html)[0]) == lines


@pytest.mark.parametrize(
    "hidden",
    [
        "<div style='display:none'>x</div>",
        "<div style='DISPLAY: NONE !important'><p>x</p></div>",
        "<div style='visibility:hidden'>x</div>",
        "<div style='font-size:0px'>x</div>",
        "<div style='max-height:0;overflow:hidden'>x</div>",
        "<div style='height:0px; overflow: hidden'>x</div>",
        "<div style='opacity:0'>x</div>",
        "<div hidden>x</div>",
        "<script>x</script><style>x{}</style><title>x</title>",
        "<!-- x --><!--[if mso]><p>x</p><![endif]-->",
        "<template>x</template>",
        "<style>.pre{display:none}</style><div class='big pre'>x</div>",
        "<style>@media print{.a{color:red}} b.pre, #q {display:none !important}</style><b class=pre>x</b><p id=q>x</p>",
    ],
)
def test_hidden_text_is_left_out(hidden: str) -> None:
    """What a reader of the mail cannot see is not said."""
    assert read_html(f"<p>seen</p>{hidden}<p>too</p>")[0] == ("seen", "too")


@pytest.mark.parametrize(
    "shown",
    [
        "<td style='font-size:0'><div style='font-size:14px'>x</div></td>",
        "<div style='visibility:hidden'><p style='visibility:visible'>x</p></div>",
        "<style>@media (max-width:600px){.m{display:none}}</style><p class=m>x</p>",
        "<span style='position:absolute;width:1px;height:1px;overflow:hidden;clip:rect(0,0,0,0)'>x</span>",
        "<a style='mso-hide:all'>x</a>",
        "<p style='opacity:0.9'>x</p>",
    ],
)
def test_shown_text_is_kept(shown: str) -> None:
    """Wrappers without a size, rules for small screens and screen-reader twins hide nothing."""
    assert "x" in read_html(f"<table><tr>{shown}</tr></table>")[0]


def test_links_have_their_text() -> None:
    """Target and words of each visible link."""
    _, links = read_html("<a href=' https://x.example/a?b=1&amp;c=2 '><b>Track</b><br>parcel</a><a>none</a>")

    assert links == (("https://x.example/a?b=1&c=2", "Track parcel"),)


def test_plain_text_gives_lines_and_links_too() -> None:
    """Empty lines are dropped, an address ends before the full stop."""
    assert plain_lines("a\n\n b\u200b \n") == ("a", "b")
    assert plain_links("see https://x.example/t?n=1.") == (("https://x.example/t?n=1", "https://x.example/t?n=1"),)
