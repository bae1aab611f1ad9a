"""`orderwatch fixture`: the copy on standard output, what was done on standard error."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from mail.reader import read

TESTS = Path(__file__).resolve().parent.parent
MAIL = TESTS / "mails" / "ebay_sale" / "us_paid.en.eml"
PAGE = next(iter(sorted((TESTS / "pages" / "usps").glob("*.html"))))


def run(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-c", "from agent.cli import main; main()", "fixture", *arguments],
        capture_output=True,
        timeout=60,
    )


def test_a_mail_is_scrubbed_to_standard_output(tmp_path: Path) -> None:
    """Nothing of the buyer is in the copy, nothing private in the summary; the copy is read alike."""
    (event,) = read(MAIL.read_bytes()).events
    done = run(str(MAIL), "--hide", "Crystal")

    assert done.returncode == 0
    assert (read(done.stdout).reader, len(read(done.stdout).events)) == ("ebay_sale", 1)
    assert b"private values replaced" in done.stderr
    assert b"Look it through" in done.stderr
    for private in (event.order_id, event.item_id, event.buyer):
        assert private
        assert private.encode() not in done.stdout + done.stderr
    again = run(str(MAIL), "--out", str(tmp_path / "copy.eml"))
    assert again.stdout == b""
    assert (tmp_path / "copy.eml").read_bytes() != done.stdout  # another run, another secret


def test_a_page_is_scrubbed() -> None:
    """A saved tracking page keeps its markup."""
    done = run(str(PAGE))

    assert done.returncode == 0
    assert done.stdout.lstrip().startswith(b"<")


def test_what_cannot_be_opened_or_read_is_told(tmp_path: Path) -> None:
    """A missing file and a broken one are usage errors with a sentence, and nothing is written."""
    broken = tmp_path / "broken.eml"
    broken.write_bytes(b"Subject: x\n" + b"Content-Type: multipart/mixed; boundary=a\n\n" * 2)
    for file in (tmp_path / "none.eml", tmp_path):
        done = run(str(file))
        assert (done.returncode, done.stdout) == (2, b"")
        assert b"cannot be opened" in done.stderr
        assert b"Traceback" not in done.stderr
