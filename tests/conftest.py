"""What every test may use: where collected data lies, and whether goldens are rewritten."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--bless", action="store_true", help="write goldens anew instead of comparing with them")


@pytest.fixture
def bless(request: pytest.FixtureRequest) -> bool:
    """True where goldens are to be rewritten (`make bless`)."""
    return bool(request.config.getoption("--bless"))


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of collected data, which is not part of the project; the test is skipped where it is absent."""
    folder = Path(os.environ.get("ORDERWATCH_CORPUS") or ROOT.parent / "shared" / "corpus")
    if not folder.is_dir():
        pytest.skip(f"no collected data at {folder} (set ORDERWATCH_CORPUS)")
    return folder
