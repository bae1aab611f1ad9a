"""A seller's own reply templates beside the configuration: what is wrong with them, before a buyer waits."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from agent.config.problems import Problem
from agent.policies.nearest import did_you_mean
from agent.replies.rehearse import faults, remarks
from agent.replies.templates import BadTemplate, read_file, situations, template_files


def problems_of_own_replies(folder: Path) -> list[Problem]:
    """Everything that would be refused when a reply is written, with file, line and what to write instead."""
    found: list[str] = []
    for file in template_files(folder):
        try:
            found += faults(*read_file(file))
        except BadTemplate as bad:
            found.append(str(bad))
    return [Problem(None, "", told) for told in found]


def remarks_on_own_replies(folder: Path, wanted: Collection[str]) -> Iterator[str]:
    """What is valid and yet gives no reply; `wanted` are the situations that policies name."""
    files = list(template_files(folder))
    for file in files:
        template, _ = read_file(file)
        yield from (f"{told}. No reply is written from it" for told in remarks(template))
    for situation in sorted({file.situation for file in files} - set(situations()) - set(wanted)):
        meant = did_you_mean(situation, situations())
        yield f"replies/{situation}: no policy writes this reply{f' ({meant})' if meant else ''}"
    names = {file.name for file in files}
    for path in sorted(folder.rglob("*.md")):
        name = f"replies/{path.relative_to(folder).as_posix()}"
        if name not in names:
            yield f"{name} is not read: templates are called SITUATION/LANGUAGE.md, such as inr_in_transit/en.md"
