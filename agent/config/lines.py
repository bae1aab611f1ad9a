"""YAML of a configuration, with the line of every value, and without YAML's surprises.

Words are words: only `true` and `false` are truth values, so that country `NO` stays Norway and `17:30` stays a time.
Size, depth and repetition by aliases are bounded: a small file cannot become a large one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

SIZE = 256 * 1024
"""Bytes that a configuration may have."""

_NODES = 50_000
_DEPTH = 40

Where = tuple[str | int, ...]


@dataclass(frozen=True)
class Located:
    """Plain values and where they stand. `lines` counts from 1."""

    data: Any
    lines: Mapping[Where, int]

    def line(self, where: Where) -> int:
        """The line of a place, or of the nearest place around it."""
        while where and where not in self.lines:
            where = where[:-1]
        return self.lines.get(where, 1)


class NotYaml(ValueError):
    """The text is no YAML that we accept; each fault is a line and a sentence."""

    def __init__(self, *faults: tuple[int, str]) -> None:
        super().__init__("; ".join(f"line {line}: {message}" for line, message in faults))
        self.faults = faults


class _Loader(yaml.SafeLoader):
    yaml_implicit_resolvers: Any = {}  # noqa: RUF012 -- PyYAML's own protocol; the parent's stays untouched


_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:~|null|)$"), ["~", "n", ""])
_Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^-?(?:0|[1-9][0-9]{0,17})$"), list("-0123456789"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:float", re.compile(r"^-?[0-9]+\.[0-9]+$"), list("-0123456789"))


def parse(text: str) -> Located:
    """The values of a YAML text with their lines; raises NotYaml."""
    if len(text.encode("utf-8", "surrogatepass")) > SIZE:
        raise NotYaml((1, f"larger than {SIZE // 1024} kB: this is no configuration"))
    try:
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
            if node is None:
                return Located({}, {})
            lines, faults = _walk(node)
            if faults:
                raise NotYaml(*faults)
            return Located(loader.construct_document(node), lines)
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise NotYaml((mark.line + 1 if mark else 1, _told(error))) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise NotYaml((line, "a character that YAML does not allow")) from None
    except RecursionError:
        raise NotYaml((1, f"nested deeper than {_DEPTH} levels")) from None
    except (ValueError, TypeError) as error:
        if isinstance(error, NotYaml):
            raise
        raise NotYaml((1, f"a value that cannot be read ({error})")) from None


def _told(error: yaml.MarkedYAMLError) -> str:
    parts = [part for part in (error.context, error.problem) if part]
    hint = ""
    if "found character '\\t'" in str(error):
        hint = ": indent with blanks, not tabs"
    elif "mapping values are not allowed" in str(error):
        hint = ": put a blank after each colon, a text that holds a colon in quotes, and see the line above too"
    return f"not valid YAML ({', '.join(parts)}){hint}"


def _walk(root: yaml.Node) -> tuple[dict[Where, int], list[tuple[int, str]]]:
    """Lines of every place. Aliases are walked as often as they are used, so a bomb runs into the limit."""
    lines: dict[Where, int] = {}
    faults: list[tuple[int, str]] = []
    waiting: list[tuple[yaml.Node, Where]] = [(root, ())]
    seen = 0
    while waiting:
        node, where = waiting.pop()
        seen += 1
        if seen > _NODES or len(where) > _DEPTH:
            problem = "too much repetition by aliases" if seen > _NODES else f"nested deeper than {_DEPTH} levels"
            return lines, [(node.start_mark.line + 1, problem)]
        lines.setdefault(where, node.start_mark.line + 1)
        if isinstance(node, yaml.SequenceNode):
            waiting.extend((child, (*where, index)) for index, child in enumerate(node.value))
        elif isinstance(node, yaml.MappingNode):
            keys: set[str] = set()
            for key, child in node.value:
                line = key.start_mark.line + 1
                if not isinstance(key, yaml.ScalarNode):
                    faults.append((line, "a key must be a word"))
                    continue
                if key.value in keys:
                    faults.append((line, f'"{key.value}" stands here twice: the second would silently win'))
                keys.add(key.value)
                lines[(*where, key.value)] = line
                waiting.append((child, (*where, key.value)))
    return lines, sorted(faults)
