"""Mails per second from a real Dovecot on loopback into SQLite, each step beside its bare limit, in one run.

python -m bench.reading [--mails 20000]

Every row runs in a process of its own. `cpu` is what this process and its workers used per thousand mails (Dovecot's
own work is not in it); memory is the most that they held together in the first quarter of the time, and in all of it.
"""

from __future__ import annotations

import argparse
import email
import email.policy
import imaplib
import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path

from imapclient import IMAPClient

from agent.demo.dovecot import running_dovecot
from agent.steps.ingest import Inbox, ingest
from agent.store import open_store
from bench.mailbox import mails, write_maildir
from mail.boxes.mailbox import MailboxSpec
from mail.boxes.server_address import server_address
from mail.boxes.sources import open_source
from mail.parsing.message import parse
from mail.reader import read
from mail.worker.pool import ReadingPool

USER, PASSWORD, RECEIVER = "shop@example.com", "bench", "mx.example.com"
_CHUNK = 100
_LOOK_EVERY = 0.05


def bare_imapclient(url: str, _folder: Path) -> int:
    return sum(1 for _ in _bodies(url))


def bare_imaplib(url: str, _folder: Path) -> int:
    server = server_address(url, {"imap": 143})
    connection = imaplib.IMAP4(server.host, server.port)
    connection.login(USER, PASSWORD)
    connection.select("INBOX", readonly=True)
    uids = connection.uid("SEARCH", "ALL")[1][0].split()
    done = 0
    for start in range(0, len(uids), _CHUNK):
        answer = connection.uid("FETCH", b",".join(uids[start : start + _CHUNK]).decode(), "(BODY.PEEK[])")[1]
        done += sum(isinstance(piece, tuple) for piece in answer)
    connection.logout()
    return done


def imapclient_and_stdlib(url: str, _folder: Path) -> int:
    done = 0
    for raw in _bodies(url):
        message = email.message_from_bytes(raw, policy=email.policy.default)
        body = message.get_body(("html", "plain"))
        done += body is not None and bool(body.get_content())
    return done


def imap_tools(url: str, _folder: Path) -> int:
    from imap_tools import BaseMailBox, MailBoxUnencrypted  # type: ignore[import-not-found, unused-ignore]

    server = server_address(url, {"imap": 143})
    box: BaseMailBox
    with MailBoxUnencrypted(server.host, server.port).login(USER, PASSWORD) as box:
        return sum(bool(one.html or one.text) for one in box.fetch(mark_seen=False, bulk=_CHUNK))


def ours_fetched(url: str, _folder: Path) -> int:
    with closing(open_source(MailboxSpec(name="shop", url=url, password=PASSWORD))) as source:
        return sum(len(batch.mails) + len(batch.others) for batch in source.batches(None, lambda _: ()))


def ours_parsed(_url: str, folder: Path) -> int:
    return sum(parse(raw).size > 0 for raw in _on_disk(folder))


def ours_read_alone(_url: str, folder: Path) -> int:
    return sum(bool(read(raw, RECEIVER).authenticity) for raw in _on_disk(folder))


def ours_read_by_workers(_url: str, folder: Path) -> int:
    with ReadingPool() as pool:
        return sum(bool(one.authenticity) for one in pool.read_all((raw, RECEIVER) for raw in _on_disk(folder)))


def whole_ingest(url: str, folder: Path) -> int:
    """Fetched, authenticated, read, matched, folded and stored, as a round of the daemon does it."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name, ExitStack() as stack:
        store = open_store(f"sqlite:///{name}/store.db")
        stack.callback(store.close)
        pool = stack.enter_context(ReadingPool())
        source = stack.enter_context(closing(open_source(MailboxSpec(name="shop", url=url, password=PASSWORD))))
        inbox = Inbox(source=source, receiver=RECEIVER, site="EBAY_US")
        done = ingest(store, (inbox,), pool.read_all, datetime(2026, 12, 1, tzinfo=UTC))
        if done.down or done.read != done.mails:
            raise RuntimeError(f"not all was read: {done}")
    return sum(1 for _ in (folder / "cur").iterdir())


Work = Callable[[str, Path], int]
ROWS: dict[str, tuple[str, str, Work]] = {
    "imapclient": ("bare IMAPClient FETCH", "all ours", bare_imapclient),
    "imaplib": ("bare imaplib FETCH", "all ours", bare_imaplib),
    "stdlib": ("IMAPClient + stdlib parse", "all ours", imapclient_and_stdlib),
    "imap_tools": ("imap_tools (peer)", "all ours", imap_tools),
    "fetch": ("fetched, header first", "all ours", ours_fetched),
    "parse": ("parsed, from disk, one core", "all ours", ours_parsed),
    "read": ("parsed and read, from disk, one core", "all ours", ours_read_alone),
    "workers": ("the same by the worker processes", "all ours", ours_read_by_workers),
    "ingest": ("whole ingest, all ours", "all ours", whole_ingest),
    "fetch-few": ("fetched, header first, one in ten ours", "one in ten", ours_fetched),
    "ingest-few": ("whole ingest, one in ten ours", "one in ten", whole_ingest),
}


def main() -> None:
    arguments = _arguments()
    if arguments.row:
        print(json.dumps(_measured(ROWS[arguments.row][2], arguments.url, arguments.folder)))
        return
    rows = arguments.only.split(",") if arguments.only else list(ROWS)
    with tempfile.TemporaryDirectory(prefix="bench-") as name, ExitStack() as stack:
        Path(name).chmod(0o755)  # the server's workers are somebody else
        boxes: dict[str, tuple[str, Path]] = {}
        for box, share in (("all ours", 10), ("one in ten", 1)):
            if all(ROWS[row][1] != box for row in rows):
                continue
            server = stack.enter_context(running_dovecot(Path(name) / str(share), USER, PASSWORD))
            size = write_maildir(server.maildir, mails(arguments.mails, ours_in_ten=share))
            boxes[box] = server.url, server.maildir
            bare_imaplib(server.url, server.maildir)  # indexed, and in the page cache
            print(f"{box}: {arguments.mails} mails of {size / arguments.mails / 1000:.1f} kB")
        print(f"{len(os.sched_getaffinity(0))} cores, {_processor()}, Python {sys.version.split()[0]}\n")
        print(f"{'':42}{'mails/s':>9}{'× bare':>8}{'cpu s/1000':>12}{'MB at 25 %':>12}{'MB in all':>11}")
        bare = 0.0
        for row in rows:
            title, box, _ = ROWS[row]
            found = _in_its_own_process(row, *boxes[box])
            if isinstance(found, str):
                print(f"{title:42}{found}")
                continue
            if found["mails"] != arguments.mails:
                print(f"{title:42}only {found['mails']:.0f} mails came")
            rate = found["mails"] / found["seconds"]
            bare = bare or rate
            print(
                f"{title:42}{rate:9.0f}{rate / bare:8.2f}{1000 * found['cpu'] / found['mails']:12.2f}"
                f"{found['early'] / 1e6:12.0f}{found['most'] / 1e6:11.0f}",
                flush=True,
            )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mails", type=int, default=2_000)
    parser.add_argument("--only", help=f"rows, with commas between, of {', '.join(ROWS)}")
    parser.add_argument("--row", choices=ROWS, help=argparse.SUPPRESS)
    parser.add_argument("--url", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


def _in_its_own_process(row: str, url: str, folder: Path) -> dict[str, float] | str:
    """What a row measured, or why it did not."""
    command = [sys.executable, "-m", "bench.reading", "--row", row, "--url", url, "--folder", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        found: dict[str, float] = json.loads(done.stdout)
        return found
    said = done.stderr.strip().splitlines()[-1:] or ["it ended without a word"]
    return "not installed" if "ModuleNotFoundError" in said[0] else said[0]


def _measured(work: Work, url: str, folder: Path) -> dict[str, float]:
    held: list[tuple[float, int]] = []
    over = threading.Event()
    start = time.perf_counter()
    before = _cpu()

    def look() -> None:
        while not over.wait(_LOOK_EVERY):
            held.append((time.perf_counter() - start, _resident()))

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        done = work(url, folder)
        seconds = time.perf_counter() - start
    finally:
        over.set()
        watcher.join()
    held.append((seconds, _resident()))
    early = max((size for at, size in held if at <= seconds / 4), default=held[0][1])
    most = max(size for _, size in held)
    return {"mails": done, "seconds": seconds, "cpu": _cpu() - before, "early": early, "most": most}


def _cpu() -> float:
    """Seconds that this process and its ended children used."""
    used = (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


def _resident() -> int:
    """Bytes of this process and its children."""
    own = os.getpid()
    children = Path(f"/proc/{own}/task/{own}/children").read_text(encoding="ascii").split()
    for thread in Path(f"/proc/{own}/task").iterdir():  # workers are started from threads
        if thread.name != str(own) and (thread / "children").exists():
            children += (thread / "children").read_text(encoding="ascii").split()
    return sum(_pages(pid) for pid in (str(own), *children)) * resource.getpagesize()


def _pages(pid: str) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return 0  # it has just ended


def _bodies(url: str) -> Iterator[bytes]:
    """Every mail as IMAPClient gives it."""
    server = server_address(url, {"imap": 143})
    with IMAPClient(server.host, server.port, ssl=False) as client:
        client.login(USER, PASSWORD)
        client.select_folder("INBOX", readonly=True)
        uids = client.search("ALL")
        for start in range(0, len(uids), _CHUNK):
            for facts in client.fetch(uids[start : start + _CHUNK], ["BODY.PEEK[]"]).values():
                yield facts[b"BODY[]"]


def _on_disk(folder: Path) -> Iterator[bytes]:
    for path in sorted((folder / "cur").iterdir()):
        yield path.read_bytes()


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    return next((line.partition(": ")[2] for line in lines if line.startswith("model name")), "unknown processor")


if __name__ == "__main__":
    main()
