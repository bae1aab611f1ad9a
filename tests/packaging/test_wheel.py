"""The built wheel, in an environment of its own and without the source, does what the checkout does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "tests"

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the commands of an environment that holds the wheel; its libraries are this environment's."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "wheel", "--no-deps", "--no-build-isolation", "-w", str(folder), str(ROOT)], check=True)
    (wheel,) = folder.glob("orderwatch-*.whl")
    home = folder / "env"
    venv.create(home, with_pip=False, symlinks=True)
    own = Path(sysconfig.get_path("purelib", vars={"base": str(home), "platbase": str(home)}))
    # Added as a plain path, so that an editable install in it is not seen.
    (own / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    target = [*pip, "--python", str(home / "bin" / "python"), "install", "--no-deps", "--no-index", str(wheel)]
    subprocess.run(target, check=True)
    return home / "bin"


def run(installed: Path, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    env = {"PATH": os.environ["PATH"], "HOME": str(cwd), "LANG": "C.UTF-8"}
    command = [str(installed / "orderwatch"), *arguments]
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)


def test_it_runs_from_the_wheel_and_not_from_the_source(installed: Path, tmp_path: Path) -> None:
    """The packages are found in the new environment only."""
    where = subprocess.run(
        [str(installed / "python"), "-c", "import agent, mail, scrapers; print(agent.__file__, mail.__file__)"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )

    assert str(ROOT) not in where.stdout
    assert str(installed.parent) in where.stdout


def test_it_reads_mails_pages_and_numbers(installed: Path, tmp_path: Path) -> None:
    """Words, carriers and readers travel in the wheel."""
    mails = sorted(str(path) for path in SAMPLES.glob("mails/usps/*.eml"))
    pages = sorted(str(path) for path in SAMPLES.glob("pages/usps/*.html"))

    read = run(installed, "read", *mails, "--receiver", "mx.example.com", "--json", cwd=tmp_path)
    page = run(installed, "page", *pages, "--carrier", "usps", "--json", cwd=tmp_path)
    number = run(installed, "number", "9400111206206406260787", "--json", cwd=tmp_path)

    assert (read.returncode, page.returncode, number.returncode) == (0, 0, 0)
    assert [json.loads(line)["reader"] for line in read.stdout.splitlines()] == ["usps"] * len(mails)
    assert any(json.loads(line)["status"] == "delivered" for line in page.stdout.splitlines())
    assert json.loads(number.stdout)["candidates"][0]["carrier"] == "usps"


@pytest.mark.browser
@pytest.mark.server
def test_the_demo_ends_as_its_story_says_and_a_second_pass_changes_nothing(installed: Path, tmp_path: Path) -> None:
    """`demo`, then `once` on its store: the same cases, no mail more."""
    demo = run(installed, "demo", "--dir", "shop", "--no-open", cwd=tmp_path)

    assert demo.returncode == 0, demo.stdout + demo.stderr
    assert "exactly as the story says" in demo.stdout
    assert (tmp_path / "shop" / "digest.html").stat().st_size > 10_000

    config = str(tmp_path / "shop" / "config.yaml")
    before = run(installed, "orders", "--config", config, "--json", cwd=tmp_path)
    letters = sorted((tmp_path / "shop" / "sent").rglob("*"))
    once = run(installed, "once", "--config", config, "--json", cwd=tmp_path)
    after = run(installed, "orders", "--config", config, "--json", cwd=tmp_path)

    assert once.returncode == 0, once.stderr
    done = json.loads(once.stdout)
    assert [done[key] for key in ("mails", "read", "drafts", "queued", "sent")] == [0, 0, 0, 0, 0]
    assert done["looks"] == {}
    assert after.stdout == before.stdout
    assert sorted((tmp_path / "shop" / "sent").rglob("*")) == letters
