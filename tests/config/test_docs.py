"""The documentation is executed: every YAML block loads, every condition, action, key and fact is described."""

from __future__ import annotations

import re
from dataclasses import fields
from datetime import timedelta
from pathlib import Path

import pytest

from agent.config import Settings, json_schema, load, loads
from agent.config.lines import parse
from agent.policies.conditions import CONDITIONS
from agent.policies.duration import duration
from agent.policies.guard import Caps
from agent.policies.policy import GROUPS
from agent.replies.facts import FACTS
from agent.replies.templates import situations
from agent.risks.timers import Timers

ROOT = Path(__file__).resolve().parents[2]
DOC = ROOT.joinpath("docs", "configuration.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", DOC, re.DOTALL)

MINIMAL = {
    "mailboxes": "mailboxes: [{name: shop, source: 'maildir:mail'}]\n",
    "outgoing": "outgoing: {transport: 'maildir:out', from: seller@example.com}\n",
}


@pytest.mark.parametrize("block", BLOCKS)
def test_every_block_loads(block: str, tmp_path: Path) -> None:
    """A fragment is merged into a minimal configuration by its top-level keys."""
    given = parse(block).data
    rest = "".join(text for key, text in MINIMAL.items() if key not in given)
    assert loads(block + rest, tmp_path / "config.yaml")


def test_every_key_has_a_heading() -> None:
    """Each top-level key is explained."""
    headings = set(re.findall(r"^### (\w+)$", DOC, re.MULTILINE))
    assert set(Settings.model_fields) <= headings


@pytest.mark.parametrize("section", [Caps, Timers])
def test_defaults_are_as_documented(section: type) -> None:
    """Every cap and timer stands in its table with its default."""
    for field in fields(section):
        row = re.search(rf"^\| `{field.name}` \| `([^`]+)` \|", DOC, re.MULTILINE)
        assert row, field.name
        default = field.default
        if isinstance(default, timedelta):
            assert duration(row[1]) == default
        else:
            shown = "none" if default is None else str(list(default) if isinstance(default, tuple) else default)
            assert row[1] == shown


def test_every_reply_and_fact_is_named() -> None:
    """Sellers can look up what their templates may use."""
    for name in (*situations(), *FACTS):
        assert f"`{name}`" in DOC


def test_the_shipped_configuration_is_valid() -> None:
    """config.yaml at the root loads as it is, in observe mode, with the shipped policies."""
    settings = load(ROOT / "config.yaml")
    assert settings.mode == "observe"
    assert settings.policies[0].name == "not-received-in-transit"


def test_what_the_shipped_configuration_comments_out_is_the_default() -> None:
    """Taking the # away changes nothing but what the line says."""
    text = ROOT.joinpath("config.yaml").read_text(encoding="utf-8")
    block = re.compile(r"^# (?:store|looking|poll|caps|timers|policies):.*(?:\n#   .*)*", re.MULTILINE)
    uncommented = block.sub(lambda found: re.sub(r"^# ", "", found[0], flags=re.MULTILINE), text)
    assert uncommented.count("\n# ") < text.count("\n# ") - 20
    before, after = load(ROOT / "config.yaml"), loads(uncommented, ROOT / "config.yaml")
    assert [policy.name for policy in after.policies] == ["stalled-parcel"]
    assert after.model_copy(update={"policies": before.policies}) == before


def test_the_schema_knows_every_key() -> None:
    """Editors get the whole shape, conditions and actions included."""
    schema = json_schema()
    assert set(schema["properties"]) == set(Settings.model_fields)
    assert "from" in schema["$defs"]["Outgoing"]["properties"]
    conditions = schema["$defs"]["conditions"]["anyOf"][0]["items"]["properties"]
    assert set(CONDITIONS) | set(GROUPS) | {"not risk"} <= set(conditions)
    assert "stalled_watch" in schema["properties"]["timers"]["properties"]
