"""The section of own costs."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from agent.config import ConfigProblems, json_schema, loads
from agent.plans.costs import NOT_TOLD, OwnCosts
from agent.vocabulary.data import parse_yaml

REST = "mailboxes: [{name: shop, source: 'maildir:mail'}]\n"


def test_absent_is_not_known(tmp_path: Path) -> None:
    """Nobody has to tell anything."""
    assert loads(REST, tmp_path / "config.yaml").costs.told == NOT_TOLD


def test_amounts_are_read_as_they_are_written(tmp_path: Path) -> None:
    """To the cent, whole numbers too."""
    given = "costs: {currency: EUR, postage: 5.49, handling: 1, goods_share: 0.4}\n"
    told = loads(REST + given, tmp_path / "config.yaml").costs.told
    assert told == OwnCosts(currency="EUR", postage=Decimal("5.49"), handling=Decimal("1"), goods_share=Decimal("0.4"))


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("{postage: 5.49}", "currency"),
        ("{currency: EUR, postage: -1}", "no amount"),
        ("{currency: EUR, postage: five}", "no amount"),
        ("{currency: EUR, postage: .nan}", "no amount"),
        ("{currency: EUR, postage: true}", "no amount"),
        ("{currency: euro, postage: 5}", "no currency"),
        ("{goods_share: 40}", "no share"),
        ("{postge: 5}", "postage"),
    ],
)
def test_what_is_wrong_is_named(given: str, says: str, tmp_path: Path) -> None:
    """With what to write instead; where a schema can tell, the editor shows it too."""
    with pytest.raises(ConfigProblems) as caught:
        loads(f"{REST}costs: {given}\n", tmp_path / "config.yaml")
    assert says in str(caught.value)
    costs = parse_yaml(f"{REST}costs: {given}")
    if given not in ("{postage: 5.49}", "{currency: EUR, postage: .nan}"):
        assert list(Draft202012Validator(json_schema()).iter_errors(costs))
