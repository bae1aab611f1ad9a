"""What is wrong between the values of a configuration, and in ways that deserve their own words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from agent.config.lines import Located, Where
from agent.config.problems import Problem, dotted

_WAYS = "write {env: NAME}, {file: PATH}, {command: …}, {credential: NAME} or {keyring: NAME}"


def check_passwords(data: dict[str, Any], located: Located) -> Iterator[Problem]:
    """Where passwords and keys are said to be; what is told here is taken out of `data`, so that it is told once."""
    yield from _of_keys(data, located)
    boxes = data.get("mailboxes")
    if not isinstance(boxes, list):
        return
    data["mailboxes"] = [dict(box) if isinstance(box, dict) else box for box in boxes]
    for index, box in enumerate(data["mailboxes"]):
        if isinstance(box, dict):
            yield from _of_mailbox(box, ("mailboxes", index), located)


def _of_keys(data: dict[str, Any], located: Located) -> Iterator[Problem]:
    """Keys of tracking APIs that stand in the configuration itself."""
    looking = data.get("looking")
    keys = looking.get("keys") if isinstance(looking, dict) else None
    if not isinstance(looking, dict) or not isinstance(keys, dict):
        return
    kept = {name: dict(key) if isinstance(key, dict) else key for name, key in keys.items()}
    data["looking"] = {**looking, "keys": kept}
    for name, key in kept.items():
        if not isinstance(key, dict) and key is not None:
            kept[name] = None
            hint = f"write {name}: {{key: {{env: NAME}}}}, or client_id and client_secret"
            yield _at(located, ("looking", "keys", name), "a key does not belong in the configuration", hint)
            continue
        for secret in ("key", "client_secret"):
            if isinstance(key, dict) and secret in key and not isinstance(key[secret], dict):
                key[secret] = {"env": "NAME"}  # told here
                where = ("looking", "keys", name, secret)
                yield _at(located, where, "a key does not belong in the configuration", _WAYS)


def _of_mailbox(box: dict[str, Any], where: Where, located: Located) -> Iterator[Problem]:
    password = box.get("password")
    oauth2: Where | None = None
    if "oauth2" in box:
        box.pop("oauth2")
        oauth2 = (*where, "oauth2")
    elif isinstance(password, dict) and "oauth2" in password:
        box.pop("password")
        oauth2 = (*where, "password", "oauth2")
    if oauth2 is not None:
        yield _at(located, oauth2, "oauth2 is not supported yet", "use an app password of your mail provider")
    elif isinstance(password, str):
        box.pop("password")
        yield _at(located, (*where, "password"), "a password does not belong in the configuration", _WAYS)
    elif password is None and str(box.get("source", "")).startswith(("imap:", "imaps:")):
        box.pop("password", None)
        yield _at(located, where, 'missing "password"', "such as password: {env: SHOP_PASSWORD}")


def check_together(data: Mapping[str, Any], located: Located) -> Iterator[Problem]:
    """Values that are right alone and wrong together."""
    mode, looking = data.get("mode", "observe"), data.get("looking")
    connect_to = looking.get("connect_to") if isinstance(looking, dict) else None
    if mode == "live" and connect_to is not None:
        yield _at(located, ("looking", "connect_to"), "connect_to is for tests and demo: refused in mode live")
    if mode == "live" and data.get("clock") is not None:
        yield _at(located, ("clock",), "clock is for tests and demo: refused in mode live")
    if data.get("outgoing") is None:
        needs = 'needs "outgoing": a transport and from'
        if data.get("digest") is not None:
            yield _at(located, ("digest",), f"a digest {needs}")
        elif mode in ("draft", "live"):
            yield _at(located, ("mode",), f"mode {mode} {needs}")
    boxes = data.get("mailboxes")
    yield from _of_drafts_folder(data.get("outgoing"), boxes, located)
    names: set[str] = set()
    for index, box in enumerate(boxes if isinstance(boxes, list) else ()):
        name = box.get("name") if isinstance(box, dict) else None
        if isinstance(name, str) and name in names:
            yield _at(located, ("mailboxes", index, "name"), f'two mailboxes are called "{name}"')
        names.add(str(name))


def _of_drafts_folder(outgoing: Any, boxes: Any, located: Located) -> Iterator[Problem]:
    """Drafts can be put only where a mailbox is on a server."""
    if not isinstance(outgoing, dict) or outgoing.get("drafts_folder") is None or not isinstance(boxes, list):
        return
    sources = [str(box.get("source", "")) for box in boxes if isinstance(box, dict)]
    if sources and not any(source.startswith(("imap:", "imaps:")) for source in sources):
        hint = "give one of your mailboxes an imaps:// source, or take this line out"
        yield _at(
            located, ("outgoing", "drafts_folder"), "no mailbox is on an IMAP server, which has such a folder", hint
        )


def _at(located: Located, where: Where, message: str, hint: str = "") -> Problem:
    return Problem(located.line(where), dotted(where), message, hint)
