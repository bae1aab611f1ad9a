"""config.yaml: what loads, and how every problem is told."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pydantic
import pytest

from agent.config import ConfigProblems, Settings, load, loads, warnings
from agent.policies.policy import shipped
from agent.vocabulary.status import Mode

BOX = "mailboxes: [{name: shop, source: 'maildir:mail', receiver: mx.example.com}]\n"
OUT = "outgoing: {transport: 'maildir:out', from: seller@example.com}\n"


def settings(text: str, folder: Path = Path("/somewhere")) -> Settings:
    """What a text means in a folder."""
    return loads(text, folder / "config.yaml")


def told(text: str) -> list[str]:
    """Every problem of a text, as a seller sees it."""
    with pytest.raises(ConfigProblems) as problems:
        settings(text)
    return str(problems.value).splitlines()


def test_defaults() -> None:
    """A mailbox is all that is needed; everything else has the documented default."""
    plain = settings(BOX)
    assert plain.mode is Mode.OBSERVE
    assert plain.store == "sqlite:////somewhere/orderwatch.db"
    assert plain.mailboxes[0].source == "maildir:/somewhere/mail"
    assert plain.mailboxes[0].signature == "shop"
    assert plain.looking.every == timedelta(hours=6)
    assert plain.poll == timedelta(minutes=5)
    assert plain.policies == shipped()
    assert plain.caps.shop_hour == 20
    assert plain.timers.stalled_high == timedelta(days=7)
    assert (plain.clock, plain.digest, plain.outgoing, plain.zone.key) == (None, None, None, "UTC")


def test_a_full_configuration() -> None:
    """Values arrive in their types, aware and absolute."""
    full = settings(
        BOX
        + OUT
        + """
mode: draft
store: sqlite:///data/shop.db
digest: {to: seller@example.com, at: 17:30, timezone: Europe/Berlin}
looking: {connect_to: 127.0.0.1:8099, enabled: false, every: 8h}
poll: 30s
clock: 2026-11-25T07:30:00-08:00
caps: {shop_hour: 5, order_pause: 3d}
timers: {stalled_watch: 3d, peak_from: [12, 1], large_value: 50.5}
"""
    )
    assert full.store == "sqlite:////somewhere/data/shop.db"
    assert full.digest is not None
    assert full.digest.at == time(17, 30)
    assert full.zone == ZoneInfo("Europe/Berlin")
    assert full.looking.connect_to == "127.0.0.1:8099"
    assert full.clock == datetime(2026, 11, 25, 15, 30, tzinfo=UTC)
    assert (full.caps.shop_hour, full.caps.shop_day, full.caps.order_pause) == (5, 50, timedelta(days=3))
    assert (full.timers.stalled_watch, full.timers.peak_from) == (timedelta(days=3), (12, 1))
    assert full.outgoing is not None
    assert (full.outgoing.transport, full.outgoing.sender) == ("maildir:/somewhere/out", "seller@example.com")


def test_settings_are_frozen() -> None:
    """Nobody changes the configuration on the way."""
    with pytest.raises(pydantic.ValidationError, match="frozen"):
        settings(BOX).mode = Mode.LIVE


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("mod: observe\n", 'config.yaml:1: unknown key "mod" (did you mean "mode"?)'),
        ("mode: lve\n", 'config.yaml:1: mode: unknown mode "lve" (did you mean "live"?)'),
        ("poll: 5\n", 'config.yaml:1: poll: bad duration "5" (did you mean 5h or 5m?)'),
        ("poll: 5x\n", 'config.yaml:1: poll: bad duration "5x": write a number and s, m, h, d or w'),
        ("store: mysql://x\n", 'config.yaml:1: store: "mysql://x" is no store'),
        ("store: sqlite:///\n", "config.yaml:1: store: the store names no file"),
        ("clock: 2026-11-25T07:30:00\n", 'config.yaml:1: clock: "2026-11-25T07:30:00" names no offset'),
        ("clock: soon\n", 'config.yaml:1: clock: "soon" is no time'),
        ("digest: {to: x@example.com}\n", 'config.yaml:1: digest: a digest needs "outgoing"'),
        ("mode: live\n", 'config.yaml:1: mode: mode live needs "outgoing"'),
        (OUT + "digest: {to: me}\n", 'config.yaml:2: digest.to: "me" is no mail address'),
        (OUT + "digest: {to: a@example.com, at: 25:00}\n", 'config.yaml:2: digest.at: "25:00" is no time of day'),
        (
            OUT + "digest: {to: a@example.com, timezone: Mars}\n",
            'config.yaml:2: digest.timezone: unknown time zone "Mars"',
        ),
        (OUT + "digest: {at: '07:30'}\n", 'config.yaml:2: digest: missing "to"'),
        ("outgoing: {from: a@example.com}\n", 'config.yaml:1: outgoing: missing "transport"'),
        ("outgoing: {transport: 'smpts://h', from: a@example.com}\n", 'did you mean "smtps"?'),
        ("outgoing: {transport: 'smtp://u:p@h', from: a@example.com}\n", "a password does not belong in an address"),
        (
            "looking: {connect_to: 10.0.0.1:80}\n",
            'config.yaml:1: looking.connect_to: "10.0.0.1:80" is no local address',
        ),
        ("looking: {enabled: maybe}\n", 'config.yaml:1: looking.enabled: expected true or false, not "maybe"'),
        ("looking: on\n", 'config.yaml:1: looking: expected keys and values, not "on"'),
        ("caps: {shop_hours: 3}\n", 'config.yaml:1: caps: unknown key "shop_hours" (did you mean "shop_hour"?)'),
        ("caps: {shop_hour: many}\n", 'config.yaml:1: caps.shop_hour: expected a whole number, not "many"'),
        ("caps: {shop_hour: -1}\n", "config.yaml:1: caps.shop_hour: expected no less than 0, not -1"),
        ("timers: {stalled_wach: 3d}\n", 'did you mean "stalled_watch"?'),
        ("policies: none\n", "config.yaml:1: policies: policies are a list"),
    ],
)
def test_each_problem_names_its_line_and_what_to_write(text: str, line: str) -> None:
    """One fault gives one problem, in the form `file:line: place: message (hint)`."""
    (only,) = told(text + BOX)
    assert line in only


@pytest.mark.parametrize(
    ("box", "line"),
    [
        ("{source: 'maildir:x'}", 'config.yaml:2: mailboxes[0]: missing "name"'),
        (
            "{name: 5, source: 'maildir:x'}",
            'config.yaml:2: mailboxes[0].name: expected a text, not "5" (put it in quotes)',
        ),
        ("{name: a}", 'config.yaml:2: mailboxes[0]: missing "source"'),
        ("{name: a, source: 'maildir:x', pasword: x}", 'unknown key "pasword" (did you mean "password"?)'),
        ("{name: a, source: imap.example.com}", '"imap.example.com" is no address'),
        ("{name: a, source: 'imap//x'}", "is no address"),
        ("{name: a, source: 'imapss://u@h', password: {env: A}}", 'did you mean "imaps"?'),
        ("{name: a, source: 'imaps://h/INBOX', password: {env: A}}", "names no user"),
        ("{name: a, source: 'imaps://u@h:port/INBOX', password: {env: A}}", "has no valid host and port"),
        ("{name: a, source: 'imaps://u@h/INBOX'}", 'mailboxes[0]: missing "password"'),
        ("{name: a, source: 'imaps://u@h/INBOX', password: secret}", "a password does not belong in the configuration"),
        ("{name: a, source: 'imaps://u@h/INBOX', password: {env: A, file: b}}", "from exactly one of"),
        ("{name: a, source: 'imaps://u@h/INBOX', password: {}}", "from exactly one of"),
        ("{name: a, source: 'imaps://u@h/INBOX', password: {evn: A}}", 'unknown key "evn" (did you mean "env"?)'),
        ("{name: a, source: 'imaps://u@h/INBOX', oauth2: {}}", "mailboxes[0].oauth2: oauth2 is not supported yet"),
        ("{name: a, source: 'imaps://u@h/INBOX', password: {oauth2: {}}}", "oauth2 is not supported yet"),
        ("{name: a, source: 'maildir:x', site: EBAY_UK}", 'unknown site "EBAY_UK" (did you mean "EBAY_GB"?)'),
        ("{name: a, source: 'maildir:x', receiver: 'a b'}", '"a b" is no receiver'),
    ],
)
def test_each_problem_of_a_mailbox(box: str, line: str) -> None:
    """Mailboxes are where most first configurations go wrong."""
    problems = told(f"mailboxes:\n  - {box}\n")
    assert line in problems[0]
    assert "secret" not in " ".join(problems)
    assert len([p for p in problems if "exactly one" not in p]) <= 1


def test_all_problems_come_at_once_in_order_of_lines() -> None:
    """One round of mending is enough."""
    problems = told(
        """mod: observe
poll: 5
mailboxes:
  - {name: a, source: 'maildir:x'}
  - {name: a, source: 'pop3://x'}
policies:
  - name: a
    when:
      - no_scan_fro: 72h
      - risk: [inr_opened]
    then:
      - reply: late_proactve
"""
    )
    assert [int(problem.split(":")[1]) for problem in problems] == [1, 2, 5, 5, 9, 12]
    assert problems[4] == (
        'config.yaml:9: policies[0].when: unknown condition "no_scan_fro" (did you mean "no_scan_for"?)'
    )
    assert problems[5] == (
        'config.yaml:12: policies[0].then: no reply template "late_proactve" (did you mean "late_proactive"?)'
    )


@pytest.mark.parametrize(
    ("extra", "place"),
    [
        ("looking: {connect_to: 127.0.0.1:8099}\n", "looking.connect_to"),
        ("clock: 2026-11-25T07:30:00-08:00\n", "clock"),
    ],
)
def test_what_live_refuses(extra: str, place: str) -> None:
    """Neither a borrowed clock nor a borrowed carrier may cause a real reply."""
    assert settings("mode: draft\n" + extra + BOX + OUT)
    (only,) = told("mode: live\n" + extra + BOX + OUT)
    assert only.startswith(f"config.yaml:2: {place}: ")
    assert "refused in mode live" in only


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [", "config.yaml:1: not valid YAML"),
        ("mode: observe\n\tstore: x", "config.yaml:2: not valid YAML"),
        ("mode: observe\nmode: live\n", 'config.yaml:2: "mode" stands here twice'),
        ("x: &a [*a]", "nested deeper"),
        ("[" * 5000, "nested deeper"),
        ("- a", "expected keys and values"),
        ("just words", "expected keys and values"),
        ("a: !!python/object/apply:os.system ['true']", "could not determine a constructor"),
        ("? [a, b]\n: c", "a key must be a word"),
        ("a: \x07", "a character that YAML does not allow"),
        ("x: " + "y" * 300_000, "larger than 256 kB"),
    ],
)
def test_what_is_no_yaml_of_ours(text: str, message: str) -> None:
    """Syntax, tricks and sizes end in a problem with a line, never in a trace."""
    assert message in told(text)[0]


def test_an_alias_bomb_is_found_quickly() -> None:
    """A billion laughs are not laughed."""
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for n in range(1, 10):
        bomb += f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n"
    assert "too much repetition by aliases" in told(bomb)[0]


def test_aliases_and_norway_work() -> None:
    """An anchor may be used, and NO is a country."""
    both = settings(
        BOX + "policies: [{name: a, when: [{country: NO}, {value: &v 5}, {buyer_orders: *v}], then: [stop]}]"
    )
    assert both.policies[0].when[0].written == "country: NO"


def test_no_file_says_what_to_do(tmp_path: Path) -> None:
    """A missing, a binary and an unreadable file are problems, too."""
    with pytest.raises(ConfigProblems, match="orderwatch init"):
        load(tmp_path / "config.yaml")
    with pytest.raises(ConfigProblems, match="cannot be read"):
        load(tmp_path)
    file = tmp_path / "config.yaml"
    file.write_bytes(b"mode: observe\n\xff\xfe")
    with pytest.raises(ConfigProblems, match="is no UTF-8 text"):
        load(file)


def test_additions_are_the_folders_that_exist(tmp_path: Path) -> None:
    """Own replies, phrases, carriers lie beside the configuration; a broken reply is a problem of it."""
    tmp_path.joinpath("config.yaml").write_text(BOX)
    assert load(tmp_path / "config.yaml").additions.replies is None
    folder = tmp_path / "replies" / "late_proactive"
    folder.mkdir(parents=True)
    assert load(tmp_path / "config.yaml").additions.replies == tmp_path / "replies"
    folder.joinpath("en.md").write_text("Hello")
    with pytest.raises(ConfigProblems, match=r"replies/late_proactive/en.md: start with front matter"):
        load(tmp_path / "config.yaml")


def test_warnings_deserve_a_look() -> None:
    """What is valid and probably not meant."""
    text = "mailboxes: [{name: shop, source: 'maildir:m', registered_address: a@example.com}]\nmode: draft\n" + OUT
    found = warnings(settings(text))
    assert any("receiver" in one for one in found)
    assert any("eBay expects replies from a@example.com" in one for one in found)
    assert any("digest" in one for one in found)
