"""How many heaps the C library keeps for our threads: each keeps what it was once given, and fragments it by itself."""

from __future__ import annotations

import ctypes

_ARENA_MAX = -8
"""`M_ARENA_MAX` of glibc's malloc.h."""
_FEW = 2


def keep_few_arenas() -> None:
    """From now on threads share two heaps, where the C library is glibc (mallopt(3)).

    By default every thread may have one: four threads that read a page of 100,000 elements each in turn hold it four
    times, and give little back.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_ARENA_MAX, _FEW)
