"""The flow of an HTML document: its tags and texts in order to lines, links and blocks. A loop, never a recursion."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain

from mail.parsing.folding import fold_line
from mail.parsing.html_style import Hiding, Look
from mail.parsing.html_tags import Tag, text_of

_MAX_LINE = 20_000
_NOTHING = Tag("")


class Flow:
    """What is gathered on the way through a document in which every element is closed in its place.

    Each tag stands behind the text of its place, and the last text behind the last tag.
    """

    def __init__(self, texts: Sequence[str], tags: Sequence[Tag], hiding: Hiding) -> None:
        self.lines: list[str] = []
        self.links: list[tuple[str, str]] = []
        self.blocks: list[int] = []
        """The innermost block of each line, by number."""
        self._line: list[str] = []
        self._anchor: tuple[str, list[str]] | None = None
        self._block, self._begun = 0, False  # of the line that is being gathered
        self._go(texts, tags, hiding)

    def _go(self, texts: Sequence[str], tags: Sequence[Tag], hiding: Hiding) -> None:
        look: Look | None = Look()
        block = opened = 0
        outer: list[tuple[str, Look | None, int, bool, bool]] = []
        """Per open element: its name, look and block around it, is it a block, is it a link."""
        line = self._line
        for text, tag in zip(texts, chain(tags, (_NOTHING,)), strict=True):
            if (
                text
                and look is not None
                and (look.shown and look.sized)
                and (line or self._anchor is not None or not text.isspace())
            ):
                self._text(text, look.preformatted, block)
            name = tag.name
            if not name:
                continue
            if tag.ends:
                if not outer or (outer[-1][0] != name and all(name != entry[0] for entry in outer)):
                    continue  # it ends nothing
                ended = ""
                while ended != name:
                    ended, around, block, is_block, is_link = outer.pop()
                    if look is not None and (is_link or (is_block and (line or self._anchor is not None))):
                        self._end(is_block, is_link)
                    look = around
                continue
            effect = tag.effect_under(hiding) if hiding and tag.selectors else tag.effect
            inner = look if effect is None or look is None else effect.on(look)
            is_block, is_link = tag.block, False
            if inner is not None:
                if is_block and (line or self._anchor is not None):
                    self._break()
                if tag.href and inner.shown and self._anchor is None:
                    self._anchor = (tag.href, [])
                    is_link = True
            if tag.void:
                if is_link:
                    self._end(is_block, is_link)
                continue
            outer.append((name, look, block, is_block, is_link))
            look = inner
            if is_block:
                opened += 1
                block = opened
        for _, around, _, is_block, is_link in reversed(outer):
            if look is not None:
                self._end(is_block, is_link)
            look = around
        self._break()

    def _end(self, block: bool, link: bool) -> None:
        if link and self._anchor is not None:
            href, text = self._anchor
            self.links.append((href, fold_line("".join(text))))
            self._anchor = None
        if block:
            self._break()

    def _text(self, written: str, preformatted: bool, block: int) -> None:
        text = text_of(written)
        if self._anchor is not None:
            self._anchor[1].append(text)
        if preformatted and "\n" in text:
            *whole, text = text.split("\n")
            for line in whole:
                self._add(line, block)
                self._break()
        self._add(text, block)

    def _add(self, text: str, block: int) -> None:
        if not self._begun:
            self._block, self._begun = block, not text.isspace()
        self._line.append(text)

    def _break(self) -> None:
        if self._line:
            line = fold_line("".join(self._line)[:_MAX_LINE])
            self._line.clear()
            self._begun = False
            if line:
                self.lines.append(line)
                self.blocks.append(self._block)
        if self._anchor is not None:
            self._anchor[1].append(" ")


_STYLE_SHEET = re.compile(r"<style\b[^>]*>(.*)</style\s*>", re.DOTALL | re.IGNORECASE)


def style_sheets(tokens: Sequence[str]) -> list[str]:
    """The text of each style sheet among the tags."""
    found = (_STYLE_SHEET.fullmatch(token) for token in tokens if token[1] in "sS" and token[:6].lower() == "<style")
    return [sheet[1] for sheet in found if sheet]
