"""No site makes us connect to where nobody may: canaries on loopback and on private addresses hear nothing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from scrapers.visiting.browser import NoBrowser, find_chromium
from tests.scrapers.ssrf_cases import CASES, Case

pytestmark = [pytest.mark.browser, pytest.mark.slow]
WORLD = Path(__file__).with_name("ssrf_world.py")


@pytest.fixture(scope="module")
def world() -> dict[str, Any]:
    """What happened in a network namespace of this test's own."""
    unshare = shutil.which("unshare")
    if unshare is None or not shutil.which("ip"):
        pytest.skip("needs `unshare` (util-linux) and `ip` (iproute2)")
    own = [unshare, "-n"] if os.geteuid() == 0 else [unshare, "-rn"]
    if subprocess.run([*own, "true"], capture_output=True, check=False).returncode != 0:
        pytest.skip("this machine lets nobody make a network namespace")
    try:
        find_chromium()
    except NoBrowser as missing:
        pytest.skip(str(missing))
    done = subprocess.run([*own, sys.executable, str(WORLD)], capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_there_are_at_least_a_hundred_cases() -> None:
    """As many as were promised, each under its own name."""
    assert len({case.name for case in CASES}) == len(CASES) >= 100


def test_nobody_was_connected_to(world: dict[str, Any]) -> None:
    """The canaries, which hear our own test call, hear nothing else: TCP and UDP, IPv4 and IPv6, nine ports."""
    assert world["heard"] == []


def test_the_gate_had_something_to_refuse(world: dict[str, Any]) -> None:
    """The attacks are real: in most cases the gate was asked for a place and said no."""
    assert sum(bool(seen["refused"]) for seen in world["cases"].values()) > 100


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_attack_was_made_and_came_to_nothing(world: dict[str, Any], case: Case) -> None:
    """The site was asked, what can be read beside the attack is read, and a page of somewhere else is not."""
    seen = world["cases"][case.name]
    assert not [heard for heard in world["heard"] if case.name in heard]
    if not case.addresses:
        assert seen["asked"] > 0
    if case.reads is not None:
        assert (seen["outcome"] == "read") == case.reads, seen
