"""eBay's figures as data, and a seller's own over them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.config import ConfigProblems, load
from agent.rules import CONFIDENCES, figure, figures, find_figure, names, stems
from agent.vocabulary.data import use
from agent.vocabulary.marketplaces import marketplaces

CONFIG = "mailboxes:\n  - {name: shop, source: 'maildir:/tmp/none', site: EBAY_US}\n"


@pytest.fixture(autouse=True)
def shipped_again() -> Iterator[None]:
    """What a test's own files changed is gone after it."""
    yield
    use({})


def shop(folder: Path, **files: str) -> Path:
    (folder / "rules").mkdir()
    for stem, text in files.items():
        (folder / "rules" / f"{stem}.yaml").write_text(text, encoding="utf-8")
    config = folder / "config.yaml"
    config.write_text(CONFIG, encoding="utf-8")
    return config


@pytest.mark.parametrize("site", sorted(marketplaces()))
def test_every_figure_tells_where_it_was_read(site: str) -> None:
    """Value, source, day and confidence; what is said for all sites is said once."""
    for name, found in figures(site).items():
        assert found.value >= 0, name
        assert found.source, name
        assert found.seen_on >= "2026-01-01", name
        assert found.confidence in CONFIDENCES[:4], name
    assert names("ebay") <= set(figures(site))


def test_every_site_has_a_file_and_no_other_is_known() -> None:
    """So that an own file of a site overrides something."""
    assert set(stems()) == {"ebay", *(site.lower() for site in marketplaces())}


def test_own_figures_win_name_by_name(tmp_path: Path) -> None:
    """For all sites or for one, the one before all; what they do not name stays as shipped."""
    load(
        shop(
            tmp_path,
            ebay="inr_answer_business_days: 4\ninr_window_days: {value: 45, source: my account page}\n",
            ebay_de="inr_answer_business_days: 5\nsignature_threshold: 600\n",
        )
    )
    assert figure("EBAY_DE", "inr_answer_business_days").value == 5
    assert figure("EBAY_GB", "inr_answer_business_days").value == 4  # over the site's own shipped figure
    assert figure("EBAY_GB", "inr_answer_business_days").confidence == "own"
    assert figure("EBAY_US", "inr_window_days").source == "my account page"
    assert figure("EBAY_DE", "signature_threshold").value == 600
    assert figure("EBAY_AT", "signature_threshold").value == 550
    assert figure("EBAY_DE", "dispute_answer_days").value == 5


def test_money_of_another_site_is_never_found() -> None:
    """A site without a threshold has none."""
    assert find_figure("EBAY_PL", "signature_threshold") is None
    assert find_figure("EBAY_XX", "signature_threshold") == figure("EBAY_US", "signature_threshold")


@pytest.mark.parametrize(
    ("stem", "text", "told"),
    [
        ("ebay", "\ninr_answer_busines_days: 4\n", 'ebay.yaml, line 2: unknown rule "inr_answer_busines_days"'),
        ("ebay", "inr_answer_busines_days: 4\n", 'did you mean "inr_answer_business_days"?'),
        ("ebay", "signature_threshold: 500\n", "money stands in a site's file"),
        ("ebay_de", "appeal_days: soon\n", "line 1: cannot be used: appeal_days: needs a number"),
        ("ebay_de", "appeal_days: -3\n", "not negative"),
        ("ebay_de", "appeal_days: 99999\n", "longer than ten years"),
        ("ebay_de", "inr_answer_business_days: 2.5\n", "whole number"),
        ("ebay_de", "appeal_days: {value: 3, sauce: here}\n", "unknown key 'sauce'"),
        ("ebay_de", "appeal_days: {value: 3, confidence: sure}\n", "confidence is one of"),
        ("ebay_de", "- appeal_days\n", "expected names and numbers"),
        ("ebay_de", "appeal_days: [\n", "cannot be read"),
        ("germany", "appeal_days: 3\n", "call it ebay.yaml, or as a site"),
        ("ebay_dee", "appeal_days: 3\n", 'did you mean "ebay_de"?'),
    ],
)
def test_a_bad_figure_is_named_with_its_file_and_line(tmp_path: Path, stem: str, text: str, told: str) -> None:
    """A misspelt rule would silently leave a wrong deadline, so the configuration is refused."""
    with pytest.raises(ConfigProblems) as found:
        load(shop(tmp_path, **{stem: text}))

    assert told in str(found.value)
    assert f"rules/{stem}.yaml" in str(found.value)
    assert figure("EBAY_DE", "appeal_days").value == 30


def test_the_documented_file_loads_and_every_rule_is_named(tmp_path: Path) -> None:
    """What the documentation shows works, and no rule is left out of its table."""
    text = Path(__file__).parents[2].joinpath("docs", "configuration.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```text rules\n(.*?)```", text, re.DOTALL)
    load(shop(tmp_path, ebay_de=block))
    assert figure("EBAY_DE", "appeal_days").seen_on == "2026-11-22"
    table = {name for line in text.splitlines() if line.startswith("| `") for name in re.findall(r"`(\w+)`", line)}
    assert names("ebay_de") <= table
