"""The policies of another file: a configuration, or a file that holds `policies:` alone."""

from __future__ import annotations

from pathlib import Path

from agent.config import ConfigProblems, Problem
from agent.config.lines import SIZE, NotYaml, parse
from agent.config.problems import dotted
from agent.policies.policy import Policy, parse_policies


def policies_of(path: Path, folder: Path) -> tuple[Policy, ...]:
    """Raises ConfigProblems. `folder`: where the shop's own replies and carriers lie."""
    try:
        text = path.read_bytes()[: SIZE + 1].decode("utf-8-sig")
        located = parse(text)
    except OSError as error:
        raise ConfigProblems([Problem(None, "", f"cannot be read ({error.strerror})")], path.name) from None
    except UnicodeDecodeError:
        raise ConfigProblems([Problem(None, "", "is no UTF-8 text: save it as UTF-8")], path.name) from None
    except NotYaml as bad:
        raise ConfigProblems((Problem(line, "", told) for line, told in bad.faults), path.name) from None
    raw = located.data.get("policies") if isinstance(located.data, dict) else located.data
    if raw is None:
        raise ConfigProblems([Problem(None, "policies", "there are none: start with policies:")], path.name)
    prefix = ("policies",) if isinstance(located.data, dict) else ()
    policies, problems = parse_policies(raw, folder)
    if problems:
        places = [((*prefix, *problem.path), problem) for problem in problems]
        told = [Problem(located.line(where), dotted(where), one.message, one.hint) for where, one in places]
        raise ConfigProblems(told, path.name)
    return policies
