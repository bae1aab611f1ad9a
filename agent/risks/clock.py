"""The instant of judging, which remembers what has not come yet."""

from __future__ import annotations

from datetime import datetime


class Clock:
    """A judge compares times only by `passed`, so `next_due` is right by construction and needs no second rule book.

    Until the earliest instant that was asked for and had not come, every answer stays the same, and with it every
    judgement that rests on the answers.
    """

    def __init__(self, now: datetime) -> None:
        self._now = now
        self.next_due: datetime | None = None

    def passed(self, instant: datetime) -> bool:
        """Whether `instant` (aware) has come."""
        if instant <= self._now:
            return True
        if self.next_due is None or instant < self.next_due:
            self.next_due = instant
        return False
