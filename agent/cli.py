"""The `orderwatch` command. Answers go to standard output, everything about the work itself to standard error.

Exit codes: 0 the command did its work · 2 bad usage or configuration · 3 something needed could not be reached.
"""

from __future__ import annotations

import logging
import os
import sys
from io import TextIOWrapper

from sqlalchemy.exc import DBAPIError

from agent.commands import claims, known, policies, reading, word, work
from agent.commands.app import UNREACHABLE, USAGE, app, fail
from agent.config import ConfigProblems
from agent.config.passwords import NoPassword
from agent.desk import questions
from agent.lock import Locked
from agent.store import StoreUnreachable
from agent.store.outbox import NotWaiting
from mail.boxes.raw import Refused, Transient
from mail.sending.transport import SendRefused
from mail.worker.isolation import CannotStart
from scrapers.carriers import CannotLoad
from scrapers.visiting.browser import NoBrowser

COMMANDS = (reading, work, known, claims, word, policies)
"""Imported for their commands, which register themselves with `app`."""

_UNREACHABLE = (
    StoreUnreachable,
    NoPassword,
    NoBrowser,
    Locked,
    Refused,
    Transient,
    SendRefused,
    CannotStart,
    CannotLoad,
)


def main() -> None:
    """The entry point: every expected trouble is one clear message and an exit code, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # whatever the locale; a stranger's odd character is no reason to stop
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr)
    for noisy in ("apscheduler", "httpx", "imapclient", "mail.log"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    try:
        app()
    except ConfigProblems as problems:
        fail(str(problems), USAGE)
    except (NotWaiting, questions.Unknown) as error:
        fail(str(error), USAGE)
    except _UNREACHABLE as error:
        fail(str(error), UNREACHABLE)
    except DBAPIError as error:
        fail(
            f"the store cannot be used now: {error.orig}; check its disk, and that no other program holds it",
            UNREACHABLE,
        )
    except BrokenPipeError:
        os._exit(0)  # the reader of our output went away
    except OSError as error:
        if error.filename is None:
            raise
        fail(f"cannot read or write {error.filename}: {error.strerror}", USAGE)
