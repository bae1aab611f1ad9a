"""Reading strangers' mail in several processes at once, one to a core."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from queue import LifoQueue
from types import TracebackType

from mail.genuine.trust import Trusted
from mail.reader import Reading
from mail.worker.isolation import IsolatedReader, Limits

Request = tuple[bytes, Trusted]

_TOGETHER = 16
_TOGETHER_BYTES = 1_000_000
_MOST_WORKERS = 4


class ReadingPool:
    """As many workers as there are cores; each starts with the first mails that the others have no time for."""

    def __init__(
        self, workers: int | None = None, limits: Limits | None = None, own: Mapping[str, Path] | None = None
    ) -> None:
        count = workers or min(len(os.sched_getaffinity(0)), _MOST_WORKERS)
        self._readers = tuple(IsolatedReader(limits, own) for _ in range(count))

    def read_all(self, mails: Iterable[Request]) -> Iterator[Reading]:
        """What each mail says, in their order; few are taken ahead of the readings that are handed out.

        Raises CannotStart where no mail at all could be read.
        """
        free: LifoQueue[IsolatedReader] = LifoQueue()
        for reader in reversed(self._readers):
            free.put(reader)

        def read(batch: Sequence[Request]) -> list[Reading]:
            reader = free.get()
            try:
                return reader.read_all(batch)
            finally:
                free.put(reader)

        threads = ThreadPoolExecutor(len(self._readers), thread_name_prefix="reading")
        under_way: deque[Future[list[Reading]]] = deque()
        try:
            for batch in _batches(mails):
                under_way.append(threads.submit(read, batch))
                if len(under_way) > 2 * len(self._readers):
                    yield from under_way.popleft().result()
            while under_way:
                yield from under_way.popleft().result()
        finally:
            threads.shutdown(cancel_futures=True)

    def read(self, raw: bytes, receiver: Trusted = None) -> Reading:
        """What one mail says."""
        return self._readers[0].read(raw, receiver)

    def close(self) -> None:
        """End the workers."""
        for reader in self._readers:
            reader.close()

    def __enter__(self) -> ReadingPool:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def _batches(mails: Iterable[Request]) -> Iterator[list[Request]]:
    """Some mails at a time, fewer where they are big."""
    source = iter(mails)
    while batch := list(islice(source, 1)):
        size = len(batch[0][0])
        while len(batch) < _TOGETHER and size < _TOGETHER_BYTES and (more := list(islice(source, 1))):
            batch += more
            size += len(more[0][0])
        yield batch
