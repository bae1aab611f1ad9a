"""A small web site on loopback that stands for all carriers of the sample shop, told apart by the Host header."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from agent.demo.carriers_pages import answer
from agent.demo.story import Story


class CarriersSite:
    """The running site. Set `now` to the time of a pass: the pages show what had happened by then."""

    def __init__(self, story: Story, now: datetime) -> None:
        self.now = now
        self.requests: list[tuple[str, str]] = []
        """Host and target of every request so far."""
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                host = self.headers.get("Host", "")
                site.requests.append((host, self.path))
                browser = "Sec-Fetch-Mode" in self.headers
                given = answer(story, site.now, host, self.path, browser=browser)
                self.send_response(given.status)
                self.send_header("Content-Type", given.media_type)
                self.send_header("Content-Length", str(len(given.body)))
                self.end_headers()
                self.wfile.write(given.body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the base class names it so
                """Say nothing: the demo's terminal is for the demo."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True

    @property
    def address(self) -> str:
        """`127.0.0.1:port`, as `looking.connect_to` wants it."""
        return f"127.0.0.1:{self._server.server_port}"

    def serve(self) -> None:
        self._server.serve_forever(poll_interval=0.05)

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def running_site(story: Story, now: datetime) -> Iterator[CarriersSite]:
    """The carriers' site while the block runs, on a free port."""
    site = CarriersSite(story, now)
    thread = threading.Thread(target=site.serve, name="carriers-site", daemon=True)
    thread.start()
    try:
        yield site
    finally:
        site.stop()
        thread.join()
