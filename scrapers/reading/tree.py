"""The tree of an HTML page: BeautifulSoup's elements over lxml's parser, nowhere too deep.

BeautifulSoup takes ten times as long to make its elements as lxml to parse, longer than we then read in them; so they
are put together here. A test holds the trees against the library's own.
"""

from __future__ import annotations

from collections.abc import Mapping, Set

from bs4 import BeautifulSoup
from bs4.builder import HTMLTreeBuilder
from bs4.element import (
    AttributeValueList,
    Comment,
    Doctype,
    HTMLAttributeDict,
    NavigableString,
    PageElement,
    ProcessingInstruction,
    Tag,
)
from lxml import etree

MOST_DEEP = 120
"""What stands deeper is read as if it stood side by side there, as browsers do."""

_LISTS = HTMLTreeBuilder.DEFAULT_CDATA_LIST_ATTRIBUTES
_STRINGS = HTMLTreeBuilder.DEFAULT_STRING_CONTAINERS
_AS_TYPED = HTMLTreeBuilder.DEFAULT_PRESERVE_WHITESPACE_TAGS
_EMPTY: Set[str] = HTMLTreeBuilder.DEFAULT_EMPTY_ELEMENT_TAGS or frozenset()


def tree(text: str) -> BeautifulSoup:
    """The page's elements and strings, as `BeautifulSoup(text, "lxml")` would give them but for `MOST_DEEP`."""
    soup = BeautifulSoup("", "lxml")
    if text:
        parser = etree.HTMLParser(target=_Growing(soup), recover=True)
        parser.feed(text.removeprefix("\ufeff"))
        parser.close()
    return soup


class _Element(Tag):
    """An element of a page. What is the same for nearly all of them stands here, and not in each."""

    parser_class = BeautifulSoup
    namespace = None
    prefix = None
    sourceline = None
    sourcepos = None
    hidden = False
    known_xml = False
    can_be_empty_element = False
    interesting_string_types = Tag.MAIN_CONTENT_STRING_TYPES
    cdata_list_attributes = _LISTS
    preserve_whitespace_tags = _AS_TYPED
    attribute_value_list_class = AttributeValueList
    _namespaces: dict[str, str] = {}  # noqa: RUF012 -- the library's, of XML alone


class _Growing:
    """What lxml's parser tells of, in its order, put into a soup."""

    def __init__(self, soup: BeautifulSoup) -> None:
        self._here: Tag = soup
        self._last: PageElement | None = None
        self._open: list[tuple[Tag, type[NavigableString], bool]] = [(soup, NavigableString, False)]
        """The elements that are open, what strings in them are, and whether their blanks stay."""
        self._deeper = 0
        """Elements that are open and too deep to hold anything."""
        self._said: list[str] = []

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._flush()
        element = _Element.__new__(_Element)
        element.name = name
        element.attrs = HTMLAttributeDict()
        if attributes:
            element.attrs.update(_valued(name, attributes))
        element.contents = []
        if name in _EMPTY:
            element.can_be_empty_element = True
        elif name in _STRINGS:
            element.interesting_string_types = {_STRINGS[name]}
        self._put(element)
        if len(self._open) < MOST_DEEP:
            _, kind, typed = self._open[-1]
            self._open.append((element, _STRINGS.get(name, kind), typed or name in _AS_TYPED))
            self._here = element
        else:
            self._deeper += 1

    def end(self, name: str) -> None:
        self._flush()
        if self._deeper:
            self._deeper -= 1
        elif len(self._open) > 1:
            self._open.pop()
            self._here = self._open[-1][0]

    def data(self, text: str) -> None:
        self._said.append(text)

    def comment(self, text: str) -> None:
        self._flush()
        self._put(Comment(text))

    def pi(self, target: str, text: str | None = None) -> None:
        self._flush()
        self._put(ProcessingInstruction(f"{target} {text}"))

    def doctype(self, name: str, public: str | None, system: str | None) -> None:
        self._flush()
        self._put(Doctype.for_name_and_ids(name, public, system))

    def close(self) -> None:
        self._flush()

    def _flush(self) -> None:
        """The text that came since the last element, as one string; blanks alone are one blank."""
        if not self._said:
            return
        text = "".join(self._said)
        self._said.clear()
        _, kind, typed = self._open[-1]
        if not typed and text.isspace() and text.isascii():
            text = "\n" if "\n" in text else " "
        self._put(str.__new__(kind, text))

    def _put(self, made: PageElement) -> None:
        made.parent = self._here
        made.previous_element = self._last
        if self._last is not None:
            self._last.next_element = made
        made.next_element = made.next_sibling = made.previous_sibling = None
        beside = self._here.contents
        if beside:
            made.previous_sibling = beside[-1]
            beside[-1].next_sibling = made
        beside.append(made)
        self._last = made


def _valued(name: str, attributes: Mapping[str, str]) -> dict[str, str | AttributeValueList]:
    """An element's attributes, those that hold several words (`class`) as lists."""
    own = _LISTS.get(name, ())
    return {
        key: AttributeValueList(value.split()) if key in _LISTS["*"] or key in own else value
        for key, value in attributes.items()
    }
