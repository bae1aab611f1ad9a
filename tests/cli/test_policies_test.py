"""`orderwatch policies`: tried on the shop's own month, armed by it or by hash, and not before."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Command

ANSWERS = """
policies:
  - name: answers
    when: [{risk: [not_received_message, delivered_not_received]}]
    then: [{reply: inr_delivered_check}]
  - name: stalled
    when: [{risk: [stalled_in_transit, invalid_tracking]}]
    then: [{flag: "It stands still"}]
"""


@pytest.fixture
def answering(shop: Path) -> Path:
    """The sample shop with a policy that answers by itself."""
    shop.write_text(shop.read_text() + ANSWERS)
    return shop


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], Path]:
    def write_(text: str) -> Path:
        path = tmp_path / "other.yaml"
        path.write_text(text)
        return path

    return write_


def test_the_sample_month_tells_cases_texts_and_leads(command: Command, answering: Path) -> None:
    """Every text with its time, its masked buyer and how it stood to the buyer's claim; nothing leaves."""
    done = command("policies", "test", "--json", "--config", answering)

    assert done.code == 0, done.err
    answers, stalled = done.json["policies"]
    texts = [deed for deed in answers["deeds"] if deed["outcome"] == "sent"]
    assert answers["cases"] >= 3
    assert texts
    assert all(deed["text"] and deed["to"].endswith("…@members.ebay.com") for deed in texts)
    assert all(deed["lead_hours"] is not None for deed in texts)
    assert answers["lead"]["claims"] >= len(texts)
    assert stalled["policy"] == "stalled"
    assert not list((answering.parent / "sent").rglob("*.eml"))


def test_the_same_run_twice_is_the_same(command: Command, answering: Path) -> None:
    """Byte for byte, as JSON and as a table."""
    for options in (("--json",), ("--texts",)):
        first = command("policies", "test", *options, "--config", answering)
        assert (
            command("policies", "test", *options, "--config", answering).out.splitlines()[:40]
            == (first.out.splitlines()[:40])
        )


def test_the_table_is_for_a_seller(command: Command, answering: Path) -> None:
    """Gists without `--texts`, whole texts with it; policies that were never in question are named once."""
    short = command("policies", "test", "--config", answering)
    whole = command("policies", "test", "--texts", "--config", answering)

    assert short.code == 0, short.err
    assert "answers" in short.out
    assert "as if it were armed" in short.out
    assert len(whole.out) > len(short.out)
    assert "Harbour Lane" in whole.out or "harbour-lane-curios" in whole.out


def test_a_policy_that_was_tried_on_a_month_may_act(command: Command, answering: Path) -> None:
    """Before: its replies wait; after a test over 30 days in which it wrote something: it is armed."""
    (before, _) = command("policies", "list", "--json", "--config", answering).json
    command("policies", "test", "--config", answering)
    (after, flags) = command("policies", "list", "--json", "--config", answering).json

    assert before["armed"] is None
    assert (after["armed"]["how"], after["armed"]["days"]) == ("tested", 30)
    assert flags["sends_by_itself"] is False


def test_a_short_test_arms_nothing(command: Command, answering: Path) -> None:
    """A week is not enough to see what a policy does."""
    done = command("policies", "test", "--since", "7d", "--config", answering)
    (after, _) = command("policies", "list", "--json", "--config", answering).json

    assert "may not send by itself yet" in done.out
    assert after["armed"] is None


def test_another_text_is_another_policy(command: Command, answering: Path) -> None:
    """One changed word in a template beside the configuration, and it waits again."""
    command("policies", "test", "--config", answering)
    own = answering.parent / "replies" / "inr_delivered_check"
    own.mkdir(parents=True)
    (own / "en.md").write_text(
        "---\nsituation: inr_delivered_check\nlanguage: en\nfacts: [shop]\n---\nHello, we look into it. {{ shop }}\n"
    )
    (after, _) = command("policies", "list", "--json", "--config", answering).json

    assert after["armed"] is None


def test_a_human_arms_by_the_hash_alone(command: Command, answering: Path) -> None:
    """Without it the texts are shown, with a wrong one it is refused, with the right one it may act."""
    (policy, _) = command("policies", "list", "--json", "--config", answering).json
    shown = command("policies", "arm", "answers", "--config", answering)
    wrong = command("policies", "arm", "answers", "--hash", "0123456789ab", "--config", answering)
    short = command("policies", "arm", "answers", "--hash", policy["fingerprint"][:4], "--config", answering)
    right = command("policies", "arm", "answers", "--hash", policy["fingerprint"][:12], "--config", answering)
    (after, _) = command("policies", "list", "--json", "--config", answering).json

    assert policy["fingerprint"][:12] in shown.out
    assert "{{" in shown.out
    assert (wrong.code, short.code, right.code) == (2, 2, 0)
    assert after["armed"]["how"] == "acknowledged"


def test_what_sends_nothing_cannot_be_armed(command: Command, answering: Path) -> None:
    """Nor can what is not there."""
    assert command("policies", "arm", "stalled", "--hash", "0" * 12, "--config", answering).code == 2
    assert command("policies", "arm", "nobody", "--config", answering).code == 2


def test_another_file_is_compared_action_by_action(
    command: Command, answering: Path, write: Callable[[str], Path]
) -> None:
    """Only here, only there, or otherwise; the same file makes no difference."""
    same = command("policies", "test", "--json", "--against", write(ANSWERS), "--config", answering)
    drafts = ANSWERS.replace("reply:", "draft:").split("  - name: stalled")[0]
    other = command("policies", "test", "--json", "--against", write(drafts), "--config", answering)

    assert same.json["differences"] == []
    changes = {(one["change"], tuple(one["what"])) for one in other.json["differences"]}
    assert ("changed", ("outcome",)) in changes
    assert ("only_here", ()) in changes


def test_another_file_that_is_wrong_is_told_with_its_line(
    command: Command, answering: Path, write: Callable[[str], Path]
) -> None:
    """As in the configuration."""
    bad = write(ANSWERS.replace("when:", "wen:", 1))

    done = command("policies", "test", "--against", bad, "--config", answering)

    assert done.code == 2
    assert "other.yaml" in done.err
    assert "wen" in done.err


def test_in_live_mode_check_says_what_waits(command: Command, answering: Path) -> None:
    """The seller hears of it before a reply waits for nothing."""
    text = answering.read_text().replace("mode: draft", "mode: live")
    answering.write_text("\n".join(line for line in text.splitlines() if not line.startswith("clock:")) + "\n")

    done = command("check", "--config", answering)

    assert "policy answers: not tried on this shop yet" in done.out
