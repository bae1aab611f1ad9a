"""The tree of a page is the library's own."""

from __future__ import annotations

from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from bs4.element import PageElement, Tag
from hypothesis import given
from hypothesis import strategies as st

from scrapers.reading.document import decode
from scrapers.reading.tree import tree

PAGES = sorted((Path(__file__).parents[1] / "pages").rglob("*.html"))
PIECES = st.sampled_from(
    [
        *(
            "<!DOCTYPE html>",
            "<html>",
            "<head>",
            "</head>",
            "<body class='a  b'>",
            "</body>",
            "</html>",
            "<!-- note -->",
        ),
        *("<p>", "</p>", "<div id=x>", "</div>", "<table><tr>", "<td headers='a b'>", "</td>", "</table>", "<ul><li>"),
        *("<br>", "<hr/>", "<img alt='' src=x>", "<input disabled>", "<pre> a\n b </pre>", "<textarea>\n\n</textarea>"),
        *(
            "<script>if (a < b) { c('</p>') }</script>",
            "<style>p { color: red }</style>",
            "<template><p>t</p></template>",
        ),
        *("<ruby>本<rt>ほん</rt></ruby>", "<o:p>", "<svg xmlns='http://www.w3.org/2000/svg'><g/></svg>", "<?php x ?>"),
        *(
            "words",
            " ",
            "\n",
            "\t \n",
            "\u00a0",
            "&nbsp;",
            "&amp;",
            "&#x1F600;",
            "\x00",
            "a<b",
            "<",
            "</x>",
            "<![CDATA[c]]>",
        ),
    ]
)


def told(soup: BeautifulSoup) -> list[object]:
    """All of a tree that a reader can ask, its links followed forwards and backwards."""
    nodes: list[PageElement] = [soup, *soup.contents[:1]]
    while len(nodes) > 1 and (following := nodes[-1].next_element) is not None:
        nodes.append(following)
    place = {id(node): at for at, node in enumerate(nodes)}

    def where(node: PageElement | None) -> int | None:
        return None if node is None else place[id(node)]

    found: list[object] = []
    for node in nodes:
        around = (node.parent, node.previous_element, node.next_sibling, node.previous_sibling)
        found.append([where(one) for one in around])
        if isinstance(node, Tag):
            strings = sorted(one.__name__ for one in node.interesting_string_types or ())
            found.append((node.name, dict(node.attrs), strings, [where(one) for one in node.contents]))
        else:
            found.append((type(node).__name__, str(node)))
    return [*found, soup.get_text(" ")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_saved_pages_have_the_tree_that_the_library_gives(page: Path) -> None:
    """Elements, attributes, kinds of strings and every link between them."""
    text = decode(page.read_bytes())
    assert told(tree(text)) == told(BeautifulSoup(text, "lxml"))


@given(st.lists(PIECES, max_size=30).map("".join))
def test_any_markup_has_the_tree_that_the_library_gives(text: str) -> None:
    """Also where it is broken."""
    assert told(tree(text)) == told(BeautifulSoup(text, "lxml"))


def test_elements_can_be_changed_copied_and_selected() -> None:
    """They are the library's own, for whoever writes a page reader."""
    soup = tree("<div class='row wide'><p>one</p><p>two</p></div>")
    row = soup.select_one("div.wide")
    assert row is not None
    copied = row.__copy__()
    row.p.extract()  # type: ignore[union-attr]
    assert [str(row), copied.get_text(" ")] == ['<div class="row wide"><p>two</p></div>', "one two"]
