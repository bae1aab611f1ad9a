"""The digest as HTML for mail programs: own template, everything escaped, styles inlined, nothing remote."""

from __future__ import annotations

from functools import cache

import css_inline
from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from agent.digest.day import Day
from agent.digest.layout import lay_out


def render_html(day: Day) -> str:
    """The digest's HTML document."""
    return _inliner().inline(_template().render(digest=lay_out(day)))


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("agent.digest", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["code"] = _code
    return environment.get_template("digest.html.j2")


def _code(text: str) -> Markup:
    """What stands between backticks, in the type of commands; all of it escaped."""
    parts = [escape(part) for part in text.split("`")]
    pieces = [
        Markup('<span class="code">{}</span>').format(part) if odd % 2 else part for odd, part in enumerate(parts)
    ]
    return Markup("").join(pieces)


@cache
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(load_remote_stylesheets=False)
