"""The daemon as a process: it starts, keeps others out, rests, comes through trouble, and stops when told."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

Start = Callable[..., "subprocess.Popen[str]"]

pytestmark = pytest.mark.slow


@contextmanager
def running(start: Start, config: Path) -> Iterator[subprocess.Popen[str]]:
    """The daemon after its first round; killed at the end if it still lives."""
    daemon = start("run", "--config", config)
    try:
        wait_for(daemon, "round:")
        yield daemon
    finally:
        if daemon.poll() is None:
            daemon.kill()
        daemon.communicate()


def wait_for(daemon: subprocess.Popen[str], word: str, seconds: float = 30) -> str:
    """The first line of its log that holds the word."""
    assert daemon.stderr is not None
    end, seen = time.monotonic() + seconds, ""
    while time.monotonic() < end:
        if select.select([daemon.stderr], [], [], 0.2)[0]:
            line = daemon.stderr.readline()
            seen += line
            if word in line:
                return line
            if not line:
                break
    raise AssertionError(f"{word!r} was not said: {seen}")


def processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_it_stops_when_told(process: Start, write_config: Callable[..., Path], name: str) -> None:
    """Within seconds, exit code 0, nothing but its log said."""
    with running(process, write_config()) as daemon:
        daemon.send_signal(signal.Signals[name])
        out, err = daemon.communicate(timeout=10)

    assert daemon.returncode == 0
    assert out == ""
    assert "Traceback" not in err


def test_a_second_one_is_kept_out(process: Start, write_config: Callable[..., Path], command: Any) -> None:
    """One clear line that names the first; reading stays possible."""
    config = write_config()
    with running(process, config) as daemon:
        for what in ("run", "once", "backfill"):
            done = command(what, "--config", config)
            assert done.code == 3
            assert done.err.startswith(f"orderwatch: another orderwatch (process {daemon.pid}) works on ")
            assert len(done.err.splitlines()) == 1
        assert command("status", "--config", config).code == 0

    assert command("once", "--config", config).code == 0


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs Linux's /proc")
def test_it_rests_between_rounds(process: Start, write_config: Callable[..., Path]) -> None:
    """No busy loop: next to no processor time while nothing happens."""
    with running(process, write_config()) as daemon:
        before = processor_seconds(daemon.pid)
        time.sleep(3)
        assert processor_seconds(daemon.pid) - before < 0.3


def test_a_mailbox_comes_back(process: Start, write_config: Callable[..., Path], tmp_path: Path, command: Any) -> None:
    """While it is away the daemon lives and says so; when it is back, its mail is read."""
    config = write_config()
    config.write_text(config.read_text() + "poll: 10s\n")
    (tmp_path / "mailbox").rename(tmp_path / "away")
    with running(process, config) as daemon:
        assert command("status", "--json", "--config", config).json["mailboxes"][0]["alive"] is False
        (tmp_path / "away").rename(tmp_path / "mailbox")
        while "not reached" in wait_for(daemon, "round:"):
            pass
        assert command("status", "--json", "--config", config).json["mailboxes"][0]["alive"] is True
