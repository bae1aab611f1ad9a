"""config.yaml → frozen settings, or every problem at once with its line. The reference is docs/configuration.md."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import fields
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model

from agent.config.checks import check_passwords, check_together
from agent.config.lines import SIZE, Located, NotYaml, Where, parse
from agent.config.own_files import own_folders, problems_of_own_files
from agent.config.own_replies import problems_of_own_replies
from agent.config.problems import ConfigProblems, Problem, dotted, problems_of
from agent.config.settings import ApiClient, ApiKey, Costs, Digest, Keys, Looking, Mailbox, Outgoing, Password, Settings
from agent.config.values import Duration, QuietHours
from agent.policies.guard import Caps
from agent.policies.policy import parse_policies, shipped
from agent.policies.schema import conditions_schema, policies_schema
from agent.risks.timers import Timers
from agent.vocabulary.data import use
from agent.vocabulary.status import Mode

__all__ = ["ConfigProblems", "Problem", "Settings", "json_schema", "load", "loads", "warnings"]


def load(path: Path) -> Settings:
    """The settings of a file; raises ConfigProblems with everything that is wrong in it."""
    path = path.absolute()
    try:
        raw = path.read_bytes()[: SIZE + 1]
        text = raw.decode("utf-8-sig")
    except OSError as error:
        told = f"cannot be read ({error.strerror}): run orderwatch init, or name a file with --config"
        raise ConfigProblems([Problem(None, "", told)], path.name) from None
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise ConfigProblems([Problem(line, "", "is no UTF-8 text: save it as UTF-8")], path.name) from None
    return loads(text, path)


def loads(text: str, path: Path) -> Settings:
    """As `load`, of a text that stands for the file at `path`. From then on the seller's own data files count."""
    try:
        located = parse(text)
    except NotYaml as bad:
        raise ConfigProblems((Problem(line, "", told) for line, told in bad.faults), path.name) from None
    if not isinstance(located.data, dict):
        raise ConfigProblems([Problem(1, "", "expected keys and values, such as mode: observe")], path.name)
    problems = problems_of_own_files(path.parent)
    if not problems:
        use(own_folders(path.parent))
    data = dict(located.data)
    sections = _sections(data, located, path.parent, problems)
    problems += check_passwords(data, located)
    problems += check_together(data, located)
    problems += problems_of_own_replies(path.parent / "replies")
    try:
        settings = Settings.model_validate(data, context={"folder": path.parent})
    except ValidationError as error:
        problems += problems_of(error, located, _keys)
        raise ConfigProblems(problems, path.name) from None
    if problems:
        raise ConfigProblems(problems, path.name)
    settings = settings.model_copy(update=sections)
    settings._file = path
    return settings


def warnings(settings: Settings) -> tuple[str, ...]:
    """What is valid and yet deserves a look, a sentence each."""
    found: list[str] = []
    for mailbox in settings.mailboxes:
        if mailbox.receiver is None and not mailbox.own_dkim:
            found.append(f"{mailbox.name}: without receiver no mail is verified, so mails can only flag")
        registered = mailbox.registered_address
        sender = settings.outgoing.sender if settings.outgoing else None
        if settings.mode is not Mode.OBSERVE and sender and registered and sender.lower() != registered.lower():
            found.append(f"{mailbox.name}: eBay expects replies from {registered}, not {sender}")
    if settings.digest is None:
        found.append("no digest: nobody hears of anything unless they ask")
    if not settings.looking.enabled:
        found.append("looking is off: risks that rest on a silent carrier cannot be found")
    if settings.looking.connect_to is not None:
        address = settings.looking.connect_to
        found.append(f"looking.connect_to is for tests and demo: no carrier is asked, all requests go to {address}")
    if settings.clock is not None:
        found.append(f"clock is for tests and demo: it is always {settings.clock.isoformat()}")
    return tuple(found)


def json_schema() -> dict[str, Any]:
    """JSON Schema of config.yaml, for editors."""
    schema = Settings.model_json_schema(by_alias=True)
    schema |= {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "orderwatch config.yaml"}
    schema["properties"]["policies"] = policies_schema()
    schema["$defs"]["conditions"] = conditions_schema()
    for name, section in _LIMITS.items():
        made = _model_of(section).model_json_schema()
        schema["$defs"] |= made.pop("$defs", {})
        schema["properties"][name] = made
    return schema


_LIMITS: Mapping[Literal["caps", "timers"], type[Caps | Timers]] = {"caps": Caps, "timers": Timers}


def _model_of(section: type[Caps | Timers]) -> type[BaseModel]:
    """A model with the fields of a dataclass of numbers and durations."""
    made: dict[str, Any] = {}
    for name, kind in get_type_hints(section).items():
        default = getattr(section, name)
        if kind is timedelta:
            made[name] = (Duration, default)
        elif name == "quiet_hours":
            made[name] = (QuietHours, default)
        else:
            most = 1 if name.endswith("confidence") else None
            made[name] = (kind, Field(default=default, ge=0, le=most) if kind in (int, float) else default)
    return create_model(
        section.__name__, __config__=ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True), **made
    )


def _sections(data: dict[str, Any], located: Located, folder: Path, problems: list[Problem]) -> dict[str, Any]:
    """Policies, caps and timers are values of other modules: taken out of `data` and read here."""
    read: dict[str, Any] = {"policies": shipped()}
    if data.get("policies") is not None:
        read["policies"], found = parse_policies(data["policies"], folder)
        for problem in found:
            where: Where = ("policies", *problem.path)
            problems.append(Problem(located.line(where), _up_to_list(where), problem.message, problem.hint))
    data.pop("policies", None)
    for name, section in _LIMITS.items():
        given = data.pop(name, None)
        if given is None:
            continue
        try:
            read[name] = section(**_model_of(section).model_validate(given).__dict__)
        except ValidationError as error:
            problems += problems_of(error, located, _keys, (name,))
    return read


def _up_to_list(where: Where) -> str:
    """A policy's place as sellers see it: its `when`, its `then`; the line says which entry."""
    for index, step in enumerate(where):
        if step in ("when", "then"):
            return dotted(where[: index + 1])
    return dotted(where[:2] if len(where) > 2 and isinstance(where[1], int) and where[2] != "limits" else where)


_PLACES: Mapping[str, type[BaseModel]] = {
    "": Settings,
    "mailboxes": Mailbox,
    "mailboxes.password": Password,
    "outgoing": Outgoing,
    "outgoing.password": Password,
    "digest": Digest,
    "looking": Looking,
    "costs": Costs,
    "looking.keys": Keys,
    **{f"looking.keys.{name}": ApiKey for name in ("dhl", "laposte", "postnord", "17track")},
    **{f"looking.keys.{name}": ApiClient for name in ("canada-post", "ups", "fedex", "usps")},
}


def _keys(where: Where) -> Collection[str]:
    """The keys that a place may have."""
    place = ".".join(step for step in where if isinstance(step, str))
    if place in _LIMITS:
        return [field.name for field in fields(_LIMITS["caps" if place == "caps" else "timers"])]
    model = _PLACES.get(place)
    return [field.alias or name for name, field in model.model_fields.items()] if model else []
