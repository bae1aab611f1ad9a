"""Mail by IMAP: examined, never changed; headers first, bodies only of what could be ours."""

from __future__ import annotations

import imaplib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from imapclient import IMAPClient
from tenacity import (
    Retrying,
    retry_if_exception_type,
    stop_after_attempt,
    stop_after_delay,
    wait_exponential,
    wait_random,
)

from mail.boxes.fetch import Facts, internal_date, read_answers
from mail.boxes.imap_login import BROKEN, Dropped, log_in, shut
from mail.boxes.interest import is_interesting
from mail.boxes.mailbox import MailboxSpec
from mail.boxes.raw import Batch, Known, RawMail, Refused, Transient
from mail.boxes.server_address import server_address
from mail.parsing.mime import MAX_SIZE

_CHUNK = 200  # mails whose headers are looked at together
_BODIES = 100  # mails in one request
_BATCH_BYTES = 30_000_000
_REQUEST_BYTES = 2_000_000
_HEADER_ONLY = 262_144  # bytes of a header that are looked at
_FIRST_LOOK = 32_768  # bytes of a header that are asked for at first: few headers are longer
_SIZE, _DATE, _HEADER, _BODY = b"RFC822.SIZE", b"INTERNALDATE", b"BODY[HEADER]", b"BODY[]"
_LONGEST_IDLE = 9 * 60.0  # providers cut at ten minutes and more
_AFTER_TROUBLE = 30.0
_AFTER_IDLE = 10.0  # seconds that the end of IDLE may take: a dead connection shows here


class ImapSource:
    """One folder of an IMAP server, over one connection that is dropped at the first sign of trouble.

    Cursor: `<uidvalidity>:<uid>` of the last mail handed over. A folder that was re-numbered is read again from its
    beginning, with a note; mails are known by their content then.
    """

    def __init__(self, spec: MailboxSpec, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self.name = spec.name
        self._spec = spec
        self._server = server_address(spec.url, {"imaps": 993, "imap": 143})
        self._folder = self._server.path or "INBOX"
        self._sleep = sleep
        self._client: IMAPClient | None = None
        self._validity = 0
        self._listed: list[int] = []

    def batches(self, cursor: str | None, known: Known) -> Iterator[Batch]:
        """Oldest first. Raises Transient when the server stays away, Refused when a human has to act."""
        self._listed = []
        retry = self._spec.retry
        if self._client is not None:
            with suppress(Transient, Refused):
                self._select()  # a folder that was re-made shows itself here
        while True:
            retrying = Retrying(
                retry=retry_if_exception_type(Dropped),
                stop=stop_after_attempt(retry.attempts) | stop_after_delay(retry.seconds),
                wait=wait_exponential(multiplier=retry.first_pause, max=30) + wait_random(0, retry.first_pause),
                sleep=self._sleep,
                reraise=True,
            )
            batch = retrying(self._next_batch, cursor, known)
            if batch is None:
                return
            yield batch
            cursor = batch.cursor

    def wait(self, seconds: float) -> bool:
        """IDLE where the server can; else, and after any trouble, just time."""
        end = time.monotonic() + seconds
        try:
            client = self._connected()
            if client.has_capability("IDLE"):
                return self._idle(client, min(seconds, _LONGEST_IDLE))
        except (Transient, Refused, *BROKEN):
            self._drop()  # the next `batches` opens a new connection, or says why it cannot
        self._sleep(max(0.0, min(end - time.monotonic(), _AFTER_TROUBLE)))
        return time.monotonic() < end

    def close(self) -> None:
        """Log out where the connection is sound."""
        client, self._client = self._client, None
        if client is not None:
            with suppress(*BROKEN):
                _set_timeout(client, _AFTER_IDLE)
                client.logout()
            shut(client)

    def _next_batch(self, cursor: str | None, known: Known) -> Batch | None:
        client = self._connected()
        try:
            validity, last = _position(cursor)
            if validity not in (None, self._validity):
                note = f"{self.name}: the server re-numbered {self._folder}; it is read again from its beginning."
                self._listed = []
                return Batch(cursor=f"{self._validity}:0", note=note)
            if not self._listed:
                self._listed = self._new_uids(client, last)
            if not self._listed:
                return None
            return self._read(client, self._listed[:_CHUNK], known)
        except BROKEN as error:
            self._drop()
            raise Dropped(f"{self._server.host} broke off: {error or type(error).__name__}") from error

    def _new_uids(self, client: IMAPClient, last: int) -> list[int]:
        criteria: list[Any] = ["UID", f"{last + 1}:*"]
        if self._spec.since is not None:
            criteria += ["SINCE", self._spec.since]
        # n:* always names the last mail, also one below n (RFC 3501 6.4.8).
        return sorted(uid for uid in client.search(criteria) if uid > last)

    def _read(self, client: IMAPClient, uids: Sequence[int], known: Known) -> Batch:
        old = frozenset(known([self._id(uid) for uid in uids]))
        facts = self._headers(client, [uid for uid in uids if self._id(uid) not in old])
        sizes = {uid: int(fact[_SIZE] or 0) for uid, fact in facts.items()}
        ours = {uid for uid, fact in facts.items() if is_interesting(fact[_HEADER] or b"")}
        small = {uid: sizes[uid] for uid in facts if uid in ours and sizes[uid] <= MAX_SIZE}
        done = _as_far_as(uids, small)
        texts = self._bodies(client, {uid: size for uid, size in small.items() if uid <= done})
        texts |= {uid: facts[uid][_HEADER] or b"" for uid in ours if uid not in small}
        mails = tuple(
            RawMail(
                mailbox=self.name,
                id=self._id(uid),
                raw=texts[uid],
                received_at=internal_date(facts[uid].get(_DATE)),
                too_big=uid not in small,
            )
            for uid in uids
            if uid <= done and uid in texts  # else known, or expunged meanwhile
        )
        others = tuple(self._id(uid) for uid in uids if uid <= done and uid in facts and uid not in ours)
        self._listed = [uid for uid in self._listed if uid > done]
        return Batch(mails=mails, others=others, cursor=self._id(done))

    def _headers(self, client: IMAPClient, uids: Sequence[int]) -> dict[int, Facts]:
        """Sizes, times and headers in one round; a header that is longer than most is asked for again."""
        items = f"RFC822.SIZE INTERNALDATE BODY.PEEK[HEADER]<0.{_FIRST_LOOK}>"
        found = self._fetch(client, [uids] if uids else [], items, (_SIZE, _HEADER))
        cut = [uid for uid, fact in found.items() if len(fact[_HEADER] or b"") >= _FIRST_LOOK]
        for uid in cut:
            found[uid] |= self._fetch(client, [[uid]], f"BODY.PEEK[HEADER]<0.{_HEADER_ONLY}>", (_HEADER,)).get(uid, {})
        return found

    def _bodies(self, client: IMAPClient, sizes: Mapping[int, int]) -> dict[int, bytes]:
        """Whole mails, several to a request as long as they are small."""
        requests: list[list[int]] = []
        waiting = sorted(sizes)
        while waiting:
            last = _as_far_as(waiting, sizes, _REQUEST_BYTES)
            requests.append([uid for uid in waiting if uid <= last][:_BODIES])
            waiting = waiting[len(requests[-1]) :]
        found = self._fetch(client, requests, "BODY.PEEK[]", (_BODY,))
        return {uid: raw for uid, fact in found.items() if (raw := fact[_BODY])}

    def _fetch(
        self, client: IMAPClient, requests: Sequence[Sequence[int]], items: str, needed: tuple[bytes, ...]
    ) -> dict[int, Facts]:
        """What the server tells of these mails; asked a second time for what it left out, then it is gone."""
        found = self._ask(client, requests, items, needed)
        left_out = [uid for request in requests for uid in request if uid not in found]
        return found | self._ask(client, [left_out], items, needed) if left_out else found

    def _ask(
        self, client: IMAPClient, requests: Sequence[Sequence[int]], items: str, needed: tuple[bytes, ...]
    ) -> dict[int, Facts]:
        """All requests are sent before the first answer is awaited."""
        connection = client._imap
        wanted = frozenset(uid for request in requests for uid in request)
        found: dict[int, Facts] = {}
        connection.untagged_responses.pop("FETCH", None)  # what the server told unasked
        tags = [connection._command("UID", "FETCH", _sequence(request), f"({items})") for request in requests]
        for tag in tags:
            kind, said = connection._command_complete("FETCH", tag)
            if kind != "OK":
                raise connection.error(f"FETCH failed: {said!r}")
            for uid, facts in read_answers(connection.untagged_responses.pop("FETCH", ())).items():
                if uid in wanted:
                    found.setdefault(uid, {}).update(facts)
        return {uid: facts for uid, facts in found.items() if all(facts.get(name) is not None for name in needed)}

    def _id(self, uid: int) -> str:
        return f"{self._validity}:{uid}"

    def _connected(self) -> IMAPClient:
        """A connection with the folder open for reading. Raises Dropped, Transient or Refused."""
        if self._client is None:
            self._client = log_in(self._spec, self._server)
            self._select()
        return self._client

    def _select(self) -> None:
        client = self._client
        if client is None:
            return
        try:
            facts = client.select_folder(self._folder, readonly=True)
            self._validity = int(facts[b"UIDVALIDITY"])
        except imaplib.IMAP4.abort as error:
            self._drop()
            raise Dropped(f"{self._server.host} broke off: {error}") from error
        except imaplib.IMAP4.error as error:
            self._drop()
            raise Refused(f"{self._server.host} has no folder {self._folder!r} for us: {error}") from error
        except BROKEN as error:
            self._drop()
            raise Dropped(f"{self._server.host} broke off: {error}") from error

    def _idle(self, client: IMAPClient, seconds: float) -> bool:
        """Whether a mail came. IDLE is ended under a short time limit: a cut line hangs exactly there."""
        client.idle()
        news = client.idle_check(timeout=seconds)
        _set_timeout(client, min(_AFTER_IDLE, self._spec.timeout))
        _, late = client.idle_done()
        _set_timeout(client, self._spec.timeout)
        return any(isinstance(item, tuple) and b"EXISTS" in item for item in [*news, *late])

    def _drop(self) -> None:
        """Forget a connection without a word: nothing on it can be trusted."""
        client, self._client = self._client, None
        self._listed = []
        if client is not None:
            shut(client)


def _position(cursor: str | None) -> tuple[int | None, int]:
    validity, _, uid = (cursor or "").partition(":")
    return (int(validity), int(uid)) if validity.isdigit() and uid.isdigit() else (None, 0)


def _as_far_as(uids: Sequence[int], sizes: Mapping[int, int], limit: int = _BATCH_BYTES) -> int:
    """The last mail that still fits, and always the first."""
    total = 0
    for place, uid in enumerate(uids):
        total += sizes.get(uid, 0)
        if total > limit and place:
            return uids[place - 1]
    return uids[-1]


def _sequence(uids: Sequence[int]) -> str:
    """A set of UIDs as short as it can be said: `3:7,9`."""
    pieces: list[list[int]] = []
    for uid in uids:
        if pieces and uid == pieces[-1][1] + 1:
            pieces[-1][1] = uid
        else:
            pieces.append([uid, uid])
    return ",".join(str(first) if first == last else f"{first}:{last}" for first, last in pieces)


def _set_timeout(client: IMAPClient, seconds: float) -> None:
    client.socket().settimeout(seconds)
