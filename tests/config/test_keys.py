"""Keys of tracking APIs: where they come from, what is refused, and what `check` says of them."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from rich.console import Console

from agent.config import ConfigProblems, Settings, json_schema, loads
from agent.config.keys import find_keys
from agent.daemon import look_plan, scope_of
from agent.desk import checkup
from agent.steps.look import kept_states
from agent.steps.standings import keep_standings
from agent.store import open_store
from scrapers.official import load
from scrapers.official.enquiries import Standing
from scrapers.visiting.browser import BrowserState

SECRET = "canary-of-the-shop"
BOX = "mailboxes: [{name: shop, source: 'maildir:mail', own_dkim: true}]\n"
ALL = """
looking:
  keys:
    dhl: {key: {env: DHL_KEY}, a_day: 50}
    laposte: {key: {env: KEY}}
    postnord: {key: {env: KEY}}
    canada-post: {client_id: {env: KEY}, client_secret: {env: KEY}}
    ups: {client_id: a-client, client_secret: {env: KEY}}
    fedex: {client_id: a-client, client_secret: {env: KEY}}
    usps: {client_id: a-client, client_secret: {env: KEY}}
    17track: {key: {env: KEY}}
"""


def settings(text: str, folder: Path = Path("/somewhere")) -> Settings:
    return loads(BOX + text, folder / "config.yaml")


def test_every_source_has_its_key() -> None:
    """Found where passwords are; an id may stand in the configuration."""
    found = find_keys(settings(ALL).looking, {"KEY": f"{SECRET}\nnot this"}, Path())
    assert set(found.keys) == set(load()) - {"dhl"}
    assert "DHL_KEY is not set" in found.missing["dhl"]
    assert found.keys["ups"].secrets == {"client_id": "a-client", "client_secret": SECRET}
    assert SECRET not in repr(found)
    assert find_keys(settings("").looking, {}, Path()).keys == {}


@pytest.mark.parametrize("text", ["abc", "with\ttabs", "schlüssel-mit-umlaut", "x" * 501])
def test_what_cannot_be_a_key_is_none(text: str) -> None:
    """It would break a header, or be too short to be looked for in what is kept; it is not printed."""
    found = find_keys(settings("looking: {keys: {dhl: {key: {env: KEY}}}}").looking, {"KEY": text}, Path())
    assert "is no key" in found.missing["dhl"]
    assert text not in found.missing["dhl"]


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        (f"{{dhl: {SECRET}}}", "looking.keys.dhl: a key does not belong in the configuration"),
        (f"{{dhl: {{key: {SECRET}}}}}", "looking.keys.dhl.key: a key does not belong in the configuration"),
        (f"{{ups: {{client_id: a, client_secret: {SECRET}}}}}", "looking.keys.ups.client_secret: a key does not"),
        ("{dhl: {key: 12345678}}", "looking.keys.dhl.key: a key does not belong in the configuration"),
        ("{dlh: {key: {env: A}}}", 'looking.keys: unknown key "dlh" (did you mean "dhl"?)'),
        ("{17trak: {key: {env: A}}}", 'unknown key "17trak" (did you mean "17track"?)'),
        ("{ups: {key: {env: A}}}", 'looking.keys.ups: missing "client_secret"'),
        ("{dhl: {kee: {env: A}}}", 'unknown key "kee" (did you mean "key"?)'),
        (
            "{ups: {client_id: {env: A, file: b}, client_secret: {env: A}}}",
            "looking.keys.ups.client_id: a client_id is",
        ),
        ("{dhl: {key: {env: A}, a_day: 0}}", "looking.keys.dhl.a_day: expected no less than 1"),
    ],
)
def test_what_is_wrong_is_told_without_the_key(keys: str, said: str) -> None:
    """With its place and what to write; a key that stands there is not repeated."""
    with pytest.raises(ConfigProblems) as problems:
        settings(f"looking: {{keys: {keys}}}")
    assert said in str(problems.value)
    assert SECRET not in str(problems.value)
    assert "12345678" not in str(problems.value)


def test_editors_know_the_keys() -> None:
    """The schema names every source."""
    assert set(json_schema()["$defs"]["Keys"]["properties"]) == set(load())


def test_a_key_makes_its_carriers_looked_at() -> None:
    """The aggregator's all of them; no link is opened by hand for those."""
    with_ups = settings("looking: {keys: {ups: {client_id: a, client_secret: {env: A}}}}")
    assert look_plan(with_ups).by_key == scope_of(with_ups).by_key == {"ups"}
    assert look_plan(with_ups, ()).by_key == set()
    with_all = settings("looking: {keys: {17track: {key: {env: A}}}}")
    assert {"royal-mail", "dpd-uk", "china-post"} <= look_plan(with_all).by_key


def checked(text: str, folder: Path, env: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(
        checkup, "browser_state", lambda start: BrowserState(path="/chromium", sandboxed=True, note="ok")
    )
    folder.joinpath("mail").mkdir(exist_ok=True)
    out = io.StringIO()
    checkup.checkup(settings(text, folder), env, None, Console(file=out, width=200))
    return out.getvalue()


def test_check_names_keys_and_shows_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Which are in use, for whom, which are missing, which was refused lately: never the key."""
    store = open_store(f"sqlite:///{tmp_path / 'orderwatch.db'}")
    resting = Standing(rests_until=datetime.now(UTC) + timedelta(hours=3), why="the key for UPS was refused (HTTP 401)")
    with store.begin() as connection:
        keep_standings(connection, {"ups": resting, "fedex": Standing(since=datetime.now(UTC), requests=7)})
        assert kept_states(connection).get("ups") is None
    store.close()
    said = checked(ALL, tmp_path, {"KEY": SECRET}, monkeypatch)
    assert "warning  key for DHL: the environment variable DHL_KEY is not set" in said
    assert "warning  key for UPS: the key for UPS was refused (HTTP 401); asked again after" in said
    assert "ok       key for FedEx: in use for fedex: apis.fedex.com, at most 300 requests a day" in said
    assert "key for 17TRACK: in use for every carrier whose page gives nothing" in said
    assert SECRET not in said
    assert "a-client" not in said
