"""Shops that answer by themselves, as many as a test asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import pytest

from tests.sending.answering import AnsweringShop


@pytest.fixture
def new_shop(tmp_path: Path) -> Iterator[Callable[..., AnsweringShop]]:
    numbers = count()
    with ExitStack() as stack:

        def build(own: frozenset[str] = frozenset()) -> AnsweringShop:
            shop = AnsweringShop(tmp_path / f"shop-{next(numbers)}", own)
            stack.callback(shop.close)
            return shop

        yield build
