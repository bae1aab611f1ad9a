"""docs/policies.md is generated where it lists: every condition, action, limit and risk, each with an example."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from agent.policies.actions import ACTIONS
from agent.policies.arguments import schema_of
from agent.policies.catalogue import DIGEST_ONLY, JUDGED, RISKS
from agent.policies.conditions import CONDITIONS
from agent.policies.limits import LIMITS
from agent.policies.policy import GROUPS, Check, Policy, shipped

PAGE = Path(__file__).resolve().parents[2] / "docs" / "policies.md"
_MANY = 30
"""Words of an argument that are listed; of more, the schema and `check` name them all."""


def block(when: str = "risk: inr_opened", then: str = 'flag: "Look at it"', limits: str = "") -> str:
    """A whole policy around one line."""
    lines = ["policies:", "  - name: example", "    when:", *(f"      - {one}" for one in when.split("\n"))]
    lines += ["    then:", f"      - {then}", *([f"    limits: {{{limits}}}"] if limits else [])]
    return "\n".join(["```yaml", *lines, "```"])


def words_of(argument: object) -> list[str]:
    schema = schema_of(argument)
    word = schema.get("anyOf", [schema])[0]
    return [word for word in word.get("enum", ()) if isinstance(word, str)]


def conditions() -> Iterator[str]:
    for name, condition in CONDITIONS.items():
        words = words_of(condition.argument)
        told = f" Words: {', '.join(f'`{word}`' for word in words)}." if 0 < len(words) <= _MANY else ""
        told = " Words: [Risks](#risks)." if name == "risk" else told
        yield f"### {name}\n\n{condition.summary}{told}\n\n{block(condition.example)}"
    for kind, meaning in GROUPS.items():
        some = block("\n".join(["risk: inr_opened", f"{kind}: [value: 100, buyer_orders: 3]"]))
        yield f"### {kind}\n\n{meaning}\n\n{some}"


def actions() -> Iterator[str]:
    for name, form in ACTIONS.items():
        yield f"### {name}\n\n{form.meaning}\n\n{block(then=form.example)}"


def limits() -> Iterator[str]:
    for name, form in LIMITS.items():
        yield f"### {name}\n\n{form.meaning}\n\n{block(then='reply: inr_in_transit', limits=f'{name}: {form.example}')}"


def policies_of(risk: str) -> list[Policy]:
    checks = ((policy, clause) for policy in shipped() for clause in policy.when if isinstance(clause, Check))
    return [policy for policy, clause in checks if clause.name == "risk" and risk in clause.argument]  # type: ignore[operator]


def risks() -> Iterator[str]:
    rows = ["| risk | shipped policies | what they do |", "|---|---|---|"]
    for risk in sorted(set(RISKS)):
        if risk in DIGEST_ONLY:
            rows.append(f"| `{risk}` | | the digest tells of it |")
            continue
        found = policies_of(risk)
        names = ", ".join(f"`{policy.name}`" for policy in found)
        done = dict.fromkeys(f"{a.kind} `{a.situation}`" if a.situation else a.kind for p in found for a in p.then)
        later = "" if risk in JUDGED else " (not found by this version)"
        rows.append(f"| `{risk}`{later} | {names} | {', '.join(done)} |")
    yield "\n".join(rows)


PARTS = {"conditions": conditions, "actions": actions, "limits": limits, "risks": risks}


def test_the_page_lists_what_there_is(bless: bool) -> None:
    """Its generated parts are those of the code; `make bless` writes them anew."""
    page = PAGE.read_text(encoding="utf-8")
    wanted = page
    for name, part in PARTS.items():
        text = "\n\n".join(part())
        pattern = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end -->)", re.DOTALL)
        assert len(pattern.findall(page)) == 1, name
        wanted = pattern.sub(lambda found, text=text: f"{found[1]}\n{text}\n\n{found[2]}", wanted)  # type: ignore[misc]
    if bless:
        PAGE.write_text(wanted, encoding="utf-8")
    else:
        assert page == wanted, "docs/policies.md is behind the code: run this test with --bless, and read the diff"
