"""Mails read per second: our whole reading beside the standard library's parsing of the same bytes.

python -m bench.reading
"""

from __future__ import annotations

import email
import email.policy
import time
from collections.abc import Callable

from agent.demo.mails import build
from agent.demo.story import load_story
from mail.isolation import IsolatedReader
from mail.message import parse
from mail.reader import read


def seconds_a_mail(work: Callable[[bytes], object], mails: list[bytes], rounds: int = 5) -> float:
    """The best of several rounds: the others measure the machine's other work."""
    best = float("inf")
    for _ in range(rounds):
        start = time.perf_counter()
        for raw in mails:
            work(raw)
        best = min(best, (time.perf_counter() - start) / len(mails))
    return best


def body_with_the_default_policy(raw: bytes) -> object:
    message = email.message_from_bytes(raw, policy=email.policy.default)  # type: ignore[arg-type]
    body = message.get_body(("html", "plain"))  # type: ignore[attr-defined]
    return body.get_content() if body else None


def main() -> None:
    story = load_story()
    mails = [build(mail, story) for mail in story.mails]
    read(mails[0])
    with IsolatedReader() as worker:
        worker.read(mails[0], None)
        figures = {
            "stdlib, policy.default, body decoded (peer)": seconds_a_mail(body_with_the_default_policy, mails),
            "parse: MIME, text, links": seconds_a_mail(parse, mails),
            "read: parse, authenticity, reader": seconds_a_mail(lambda raw: read(raw, "mx.example.com"), mails),
            "read in the worker process": seconds_a_mail(lambda raw: worker.read(raw, "mx.example.com"), mails),
        }
    peer = next(iter(figures.values()))
    print(f"{len(mails)} mails of the sample shop")
    for name, seconds in figures.items():
        print(f"{name:45} {1 / seconds:8.0f} a second   {seconds / peer:5.1f} × the peer")


if __name__ == "__main__":
    main()
