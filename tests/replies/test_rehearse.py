"""A seller's own template is tried before a buyer waits: what would be refused then is told with its line."""

from __future__ import annotations

import pytest

from agent.replies.facts import FACTS
from agent.replies.rehearse import examples, faults, remarks
from agent.replies.templates import BadTemplate, read_template, templates

NAME = "replies/late_proactive/en.md"
FRONT = "---\nsituation: late_proactive\nlanguage: en\nfacts: [item, shop]\nmay_use: [buyer_name]\n---\n"
GREETING = "Hello{% if buyer_name is defined %} {{ buyer_name }}{% endif %},\n\n"


def said(text: str) -> list[str]:
    return list(faults(read_template(text, NAME), text))


def test_every_fact_has_an_example() -> None:
    """A fact without one could not be tried."""
    assert set(examples()) == set(FACTS)


@pytest.mark.parametrize("key", sorted(templates()))
def test_shipped_templates_pass(key: tuple[str, str]) -> None:
    """What we ship can be written with and without every fact that is not always known."""
    template = templates()[key]
    assert faults(template, "") == ()
    assert remarks(template) == ()


@pytest.mark.parametrize(
    ("body", "line", "told"),
    [
        ("{{ item.__class__ }}", 9, "SecurityError"),
        ("{{ item.title_case }}", 9, "has no attribute"),
        ("{{ item[0].nothing }}", 9, "has no attribute"),
        ("\n\n{{ item + 1 }}", 11, "TypeError"),
        ("{{ 1 / 0 }}", 9, "ZeroDivisionError"),
        ("{% for x in item %}\n{{ x.y }}{% endfor %}", 10, "has no attribute"),
        ("Dear {{ buyer_name }}", 9, "buyer_name is not always known: write {% if buyer_name is defined %}"),
    ],
)
def test_what_would_be_refused_is_told_with_its_line(body: str, line: int, told: str) -> None:
    """The line is the file's, front matter counted."""
    (problem,) = said(FRONT + GREETING + body + "\n{{ shop }}\n")
    assert problem.startswith(f"{NAME}:{line}: ")
    assert told in problem


def test_a_misspelt_fact_is_told_with_the_nearest() -> None:
    """Misspelt everywhere alike it is no fact; misspelt in the text alone it stands nowhere."""
    text = FRONT.replace("[item", "[tracking_nubmer") + GREETING + "{{ tracking_nubmer }}\n{{ shop }}\n"
    assert said(text) == [f'{NAME}:4: tracking_nubmer is no fact (did you mean "tracking_number"?)']
    with pytest.raises(BadTemplate, match=rf'{NAME}:9: uses carier, .* \(did you mean "carrier"\?\)'):
        read_template(FRONT + GREETING + "{{ carier }}", NAME)


@pytest.mark.parametrize(
    ("body", "line", "told"),
    [
        ("Call us:\n020 7946 0018", 10, "phone number"),
        ("See lamps.example.com", 9, "link: "),
        ("Please leave us positive feedback.", 9, "feedback"),
    ],
)
def test_what_must_not_leave_is_remarked(body: str, line: int, told: str) -> None:
    """It can be written, and the lint would keep it."""
    text = FRONT + GREETING + body + "\n{{ shop }}\n"
    assert said(text) == []
    remark, *_ = remarks(read_template(text, NAME))
    assert remark.startswith(f"{NAME}:{line}: ")
    assert told in remark


def test_a_name_that_is_nobodys_is_remarked() -> None:
    """A greeting with a fixed name greets every buyer by it."""
    (remark,) = remarks(read_template(FRONT + "Hello Peter,\n\nSoon.\n{{ shop }}", NAME))
    assert remark == f"{NAME}:7: greets peter: write {{{{ buyer_name }}}}"
